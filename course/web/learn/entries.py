"""One entry of a journal as it is read: headings and what stands under them, for a page, a text file and a PDF."""

from itertools import zip_longest
from typing import NamedTuple

from course.catalogue.library import Library
from course.catalogue.model import Module
from course.learning.desk.days import day_of, spoken
from course.learning.mine.reflections import Reflection
from course.lesson.markdown import line

OLD_QUESTION = "A question that the module no longer asks"
NO_MODULE = "A module that is no longer in this course"


class Part(NamedTuple):
    """A heading and the text under it. Texts are as written: paragraphs are lines of their own."""

    heading: str
    text: str


class Entry(NamedTuple):
    """What somebody wrote for a module; `module` is None where the course no longer has it."""

    kept: Reflection
    module: Module | None

    @property
    def title(self) -> str:
        """Which module it was written for."""
        return f"Module {self.module.number}: {self.module.title}" if self.module else NO_MODULE

    @property
    def saved_on(self) -> str:
        """The day on which it was saved last."""
        return spoken(day_of(self.kept.saved_at))

    @property
    def parts(self) -> list[Part]:
        """The questions that have an answer, and the commitment; empty where nothing is written."""
        asked = [str(line(q).striptags()) for q in self.module.about.reflection.questions] if self.module else []
        answered = zip_longest(asked, self.kept.answers)
        parts = [Part(question or OLD_QUESTION, answer) for question, answer in answered if answer]
        due_on = spoken(self.kept.due_on) if self.kept.due_on else ""
        mine = {"What I will do": self.kept.commitment, "By when": due_on, "Who will notice": self.kept.who_notices}
        return parts + [Part(heading, text) for heading, text in mine.items() if text]


def entry_of(kept: Reflection, library: Library) -> Entry:
    """The entry with its module."""
    return Entry(kept, next((module for module in library.modules if module.id == kept.module_id), None))
