"""Handing letters to a mail server over one connection: what it says to each. Nothing is kept here."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from typing import Literal, get_args

Security = Literal["starttls", "tls", "no"]

SECURITIES: tuple[Security, ...] = get_args(Security)
PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "no": 25}
"""Where a mail server listens if nobody says otherwise."""
SECONDS = 20
"""How long a mail server may take to say anything."""
NAME = "Learning into Practice"
_POLICY = re.compile(r"5\.7\.\d")  # RFC 3463: no fault of the address, as where a server relays nothing for us
_CLOSING = 421  # RFC 5321: the server is going away, whatever was asked


@dataclass(frozen=True)
class Mailbox:
    """Where letters are handed in, and whom they are from."""

    host: str
    port: int
    sender: str
    """As in a From line, with or without a name; what cannot be delivered comes back to its address."""
    user: str = ""
    password: str = field(default="", repr=False)
    tls: Security = "starttls"
    reply_to: str = ""

    @property
    def sender_address(self) -> str:
        return parseaddr(self.sender)[1]


@dataclass(frozen=True)
class Said:
    """What came of one letter."""

    state: Literal["sent", "failed", "sending"]
    """`sending`: the connection broke after the letter had left, so that it is not known whether it went."""
    why: str = ""
    """In the server's words, where it did not go."""
    may_again: bool = False
    """It surely did not go, and not for good: a busy server, a broken connection."""
    is_over: bool = False
    """Nothing else can go over this connection."""


class CannotConnect(Exception):
    """No letter can be handed in at all; the message says why, in a sentence or two."""


class Connection:
    """An open connection to the mail server."""

    def __init__(self, smtp: smtplib.SMTP, sender: str) -> None:
        self._smtp = smtp
        self._sender = sender

    def hand_over(self, message: EmailMessage, to: str) -> Said:
        """Hand over one letter. A refusal of one recipient leaves the connection fit for the next."""
        try:
            code, words = self._smtp.mail(self._sender)
            if code != 250:  # which is about us: it would refuse every other letter too
                return replace(self._refused(code, words), may_again=True, is_over=True)
            code, words = self._smtp.rcpt(to)
            if code not in (250, 251):
                return self._refused(code, words)
        except (smtplib.SMTPException, OSError) as error:
            why = f"The connection to the mail server was lost before it went: {error}"
            return Said("failed", why, may_again=True, is_over=True)
        return self._hand_over_text(message.as_bytes(policy=SMTP))

    def _hand_over_text(self, text: bytes) -> Said:
        try:
            code, words = self._smtp.data(text)
        except smtplib.SMTPDataError as error:
            return self._refused(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            return Said("sending", f"The connection was lost while it went: {error}", is_over=True)
        return Said("sent") if code == 250 else self._refused(code, words)

    def _refused(self, code: int, words: bytes | str) -> Said:
        text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
        is_over = code == _CLOSING
        try:
            self._smtp.rset()
        except (smtplib.SMTPException, OSError):
            is_over = True
        is_for_good = 500 <= code < 600 and not _POLICY.match(text)
        return Said("failed", f"{code} {text}", may_again=not is_for_good, is_over=is_over)


@contextmanager
def connect(mailbox: Mailbox) -> Iterator[Connection]:
    """A connection to the mail server, its certificate verified unless `tls` is no. Raises CannotConnect."""
    smtp = _open(mailbox)
    try:
        yield Connection(smtp, mailbox.sender_address)
    finally:
        with suppress(smtplib.SMTPException, OSError):
            smtp.quit()
        smtp.close()


def _open(mailbox: Mailbox) -> smtplib.SMTP:
    smtp: smtplib.SMTP | None = None
    at = f"{mailbox.host}:{mailbox.port}"
    try:
        if mailbox.tls == "tls":
            context = ssl.create_default_context()
            smtp = smtplib.SMTP_SSL(mailbox.host, mailbox.port, timeout=SECONDS, context=context)
        else:
            smtp = smtplib.SMTP(mailbox.host, mailbox.port, timeout=SECONDS)
        if mailbox.tls == "starttls":
            smtp.starttls(context=ssl.create_default_context())
        if mailbox.user:
            smtp.login(mailbox.user, mailbox.password)
        smtp.ehlo_or_helo_if_needed()
    except smtplib.SMTPAuthenticationError as error:
        raise CannotConnect(f"The mail server {at} refuses its MAIL_USER and MAIL_PASSWORD. No letter was sent.") from (
            _closed(smtp, error)
        )
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise CannotConnect(f"Cannot hand letters to the mail server {at}: {why}. No letter was sent.") from _closed(
            smtp, error
        )
    return smtp


def _closed(smtp: smtplib.SMTP | None, error: Exception) -> Exception:
    if smtp is not None:
        smtp.close()
    return error


def write(
    mailbox: Mailbox, *, letter_id: str, name: str, email: str, subject: str, text: str, unsubscribe: str = ""
) -> EmailMessage:
    """A letter as a message: plain text, marked as sent by a machine, with an id that a returned one is known by.

    `unsubscribe` is the address of a page where such letters can be switched off. What a name or subject holds that
    could end a header line is left out. Raises ValueError, with a sentence, for an e-mail address that no mail
    server takes.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = mailbox.sender if parseaddr(mailbox.sender)[0] else Address(NAME, addr_spec=mailbox.sender)
    message["To"] = _address(one_line(name), email)
    message["Subject"] = one_line(subject)
    message["Message-ID"] = f"<{letter_id}@{mailbox.sender_address.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no machine answers it
    message["X-Auto-Response-Suppress"] = "All"  # the same for Exchange, which many councils and trusts run
    if mailbox.reply_to:
        message["Reply-To"] = mailbox.reply_to
    if unsubscribe:
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
    message.set_content(text, cte="quoted-printable")
    return message


def _address(name: str, email: str) -> Address:
    try:
        if not email.isascii() or not email.isprintable() or " " in email:
            raise ValueError(email)
        return Address(name, addr_spec=email)
    except Exception as error:  # the email package raises several kinds for what it cannot parse
        raise ValueError("The e-mail address cannot be used. Correct it on the person’s page.") from error


def one_line(text: str) -> str:
    """A text on one line without anything that does not print."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
