"""What an LRS's answer means for the batch that it was sent."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum, auto

from course.learning.lrs import Answer

SINGLY_AFTER = 3
"""Tries after which a batch that makes an LRS fail is taken apart: one bad statement must not hold back the rest."""

LONGEST_PAUSE, LONGEST_ASKED = timedelta(hours=6), timedelta(days=1)

_BUSY = {408, 425, 429}
_NOT_OURS_TO_SEND = {401, 403, 404, 405, 407}
"""The key or the address is wrong, so every other batch would hear the same."""


class Verdict(Enum):
    """What to do with a batch now."""

    DELIVERED = auto()
    HALVES = auto()
    """Send it as two."""
    REFUSED = auto()
    """Park it: this LRS will never take it."""
    LATER = auto()
    """Put it off, and send nothing more now."""
    ONE_LATER = auto()
    """Put it off, and go on with the rest."""
    STOP = auto()
    """Keep it as it was, and send nothing more until somebody has mended the settings."""


def verdict(answer: Answer, size: int, *, tries: int) -> Verdict:
    """What an answer to a batch of `size` means, whose newest row has been tried so often."""
    status = answer.status
    if status == 200 or (status == 409 and size == 1):  # 409: it is there already, from a push that was cut off
        return Verdict.DELIVERED
    if status is None or status in _BUSY or status == 503:
        return Verdict.LATER
    if status >= 500:
        if tries < SINGLY_AFTER:
            return Verdict.LATER
        return Verdict.HALVES if size > 1 else Verdict.ONE_LATER
    if status in _NOT_OURS_TO_SEND or status < 400:
        return Verdict.STOP
    return Verdict.HALVES if size > 1 else Verdict.REFUSED


def pause(answer: Answer, tries: int, now: datetime) -> timedelta:
    """How long to leave it: 1, 2, 4 … minutes up to six hours, and at least what the LRS asks, up to a day."""
    own = min(timedelta(minutes=2 ** min(tries - 1, 10)), LONGEST_PAUSE)
    return max(own, min(_asked(answer.retry_after, now), LONGEST_ASKED))


def reason(answer: Answer) -> str:
    """Why no more is sent, in a sentence for an administrator."""
    said = " ".join(answer.why.split())[:200]
    match answer.status:
        case None:
            return f"The LRS could not be reached: {said}"
        case 401 | 403 | 407:
            return f"The LRS does not let us in ({answer.status}): check XAPI_USER and XAPI_PASSWORD. {said}"
        case status if status in _NOT_OURS_TO_SEND or status < 400:
            return f"That is not an LRS, or not its address ({status}): check XAPI_ENDPOINT. {said}"
        case status:
            return f"The LRS is busy or broken ({status}). {said}"


def _asked(retry_after: str | None, now: datetime) -> timedelta:
    """The header Retry-After: seconds or a date; what is neither asks for nothing."""
    try:
        return timedelta(seconds=max(0, int(retry_after or "0")))
    except (ValueError, OverflowError):
        pass
    try:
        at = parsedate_to_datetime(retry_after or "")
    except ValueError:
        return timedelta()
    return max(timedelta(), (at if at.tzinfo else at.replace(tzinfo=UTC)) - now)
