"""Letters that came back: what a mail server says (RFC 3464) of one that it took and could not deliver."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default

from sqlalchemy.orm import Session

from course.learning.columns import REASON
from course.learning.database import all_or_nothing
from course.learning.desk.mail.mailbox import one_line
from course.learning.tables import Letter

_OURS = re.compile(r"<([0-9a-f]{32})@[^<>\s]+>")


@dataclass(frozen=True)
class Returned:
    """What a returned letter says."""

    letter_ids: tuple[str, ...]
    """What may be the id of the letter, since it has the form of one."""
    why: str


def read_returned(raw: bytes) -> Returned | None:
    """What this message says of a letter that failed for good; None where it says no such thing.

    That a letter is late, was delivered, or that somebody is away is no failure.
    """
    message = message_from_bytes(raw, policy=default)
    failed = [block for block in _reports(message) if _field(block, "Action").lower() == "failed"]
    if not failed:
        return None
    why = _field(failed[0], "Diagnostic-Code") or _field(failed[0], "Status") or "The mail server gave no reason."
    kind, _, words = why.partition(";")
    return Returned(tuple(_ids(message)), one_line(words if kind.strip().lower() == "smtp" else why)[:REASON])


def keep_returned(session: Session, returned: Returned) -> Letter | None:
    """Mark the letter as come back, with why, and give it; None where it is none of ours. Commits.

    A report that arrives again changes nothing.
    """
    for letter_id in returned.letter_ids:
        if letter := session.get(Letter, letter_id):
            if letter.state != "bounced":
                with all_or_nothing(session):
                    letter.state, letter.why = "bounced", returned.why
            return letter
    return None


def _reports(message: Message) -> Iterator[Message]:
    """The blocks of the delivery reports, one a recipient, and one about the letter as a whole."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status" and part.is_multipart():
            yield from (block for block in part.get_payload() if isinstance(block, Message))


def _ids(message: Message) -> Iterator[str]:
    """The ids in the returned letter, or in as much of it as came back."""
    for part in message.walk():
        found = ""
        if part.get_content_type() == "text/rfc822-headers" and isinstance(part, EmailMessage):
            found = str(part.get_content())
        elif part is not message:  # the report’s own id is the other server’s
            found = f"Message-ID: {_field(part, 'Message-ID')}"
        for line in re.findall(r"(?im)^message-id:.*(?:\n[ \t].*)*", found):
            yield from _OURS.findall(line)


def _field(message: Message, name: str) -> str:
    try:
        return str(message.get(name) or "").strip()
    except Exception:  # the email package fails in several ways at fields that are no fields
        return ""
