"""Text messages of a vignette, one bubble for each turn of who writes. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from course.catalogue.model import Record

_PARAGRAPHS = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Bubble:
    """What one person wrote before the other did."""

    who: str
    is_reply: bool
    text: str


def bubbles(record: Record) -> list[Bubble]:
    """The turns of a thread. An author begins a reply with emphasis: its time, or the whole of it."""
    return list(_turns(record))


def an_email(record: Record) -> bool:
    """Whether a message reads as an e-mail: its author called it one."""
    return record.kind == "message" and "email" in record.title.lower().replace("-", "")


def _turns(record: Record) -> Iterator[Bubble]:
    paragraphs = _PARAGRAPHS.split(record.body)
    for is_reply, turn in groupby(paragraphs, key=lambda paragraph: paragraph.startswith("*")):
        yield Bubble((record.to or "Reply") if is_reply else record.by, is_reply, "\n\n".join(turn))
