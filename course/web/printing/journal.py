"""A journal to take away: as plain text, and as a tagged PDF. Only for whoever wrote it."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from course.learning.desk.days import day_of, spoken
from course.web.printing import document

TEMPLATE = Path(__file__).with_name("journal.typ")
NOTE = "Only you can open this in the course. It is not a case record, and it is not legally privileged."


class Paper(NamedTuple):
    """An entry: its title, the day on which it was saved, and headings with the text under each."""

    title: str
    saved_on: str
    parts: Sequence[tuple[str, str]]


def text(papers: Sequence[Paper], *, made_at: datetime) -> str:
    """Everything as plain text, with lines as they were written."""
    head = f"My journal\nTaken away on {spoken(day_of(made_at))}.\n{NOTE}\n"
    return "\n\n".join([head, *(_entry(paper) for paper in papers)]).rstrip() + "\n"


def _entry(paper: Paper) -> str:
    parts = "\n\n".join(f"{heading}\n{words}" for heading, words in paper.parts)
    return f"{paper.title}\nSaved on {paper.saved_on}\n\n{parts}\n"


def pdf(papers: Sequence[Paper], *, made_at: datetime) -> bytes:
    """The same as a PDF: see document.pdf."""
    entries = [
        {
            "title": paper.title,
            "saved_on": paper.saved_on,
            "parts": [
                {"heading": heading, "lines": [line for line in words.splitlines() if line.strip()]}
                for heading, words in paper.parts
            ],
        }
        for paper in papers
    ]
    values = {"made_on": spoken(day_of(made_at)), "note": NOTE, "entries": entries}
    return document.pdf(TEMPLATE, values, made_at=made_at)
