"""What a learner writes in a reflection, from the form to where only they can read it, and back into the form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from flask import abort, request, url_for

from course.catalogue.model import Module
from course.learning.mine import reflections, sharing
from course.learning.mine.reflections import Reflection, Since
from course.lesson.render import Written
from course.web.database import database
from course.web.learn.remarks import remarks_on, warnings_about
from course.web.security import me

LONGEST = 10_000
"""Characters of one field. A browser stops at fewer; a day that is none is added to the commitment."""


class Words(NamedTuple):
    """What a form holds, as it is kept."""

    answers: list[str]
    commitment: str
    due_on: date | None
    who_notices: str

    @property
    def are_none(self) -> bool:
        """Whether nothing is written."""
        return not any((*self.answers, self.commitment, self.due_on, self.who_notices))


class Kept(NamedTuple):
    """What one saving kept, and how many links to it stopped because it says something else than it did."""

    entry: Reflection
    stopped: int


@dataclass(frozen=True)
class KeptWords(Written):
    """What is in a form, with what it takes to save it while it is being written."""

    save_to: str = ""
    key: str = ""
    """Under which a browser holds words that are not saved yet: another one for each person and module."""
    began_from: str = ""
    """When the words were saved that the form was opened on; empty where none were."""
    warnings: Mapping[str, str] = field(default_factory=dict)
    """By field: what is to be said of what stands there."""
    is_warned: bool = False
    """Whether anything in it may say who a child is."""


def keep_words(module: Module, at: datetime) -> Kept | None:
    """Keep what the form holds where only its learner can read it; None where nothing is written or was kept.

    Raises ChangedMeanwhile, with nothing kept, where the form began from other words than are kept now; answers 413
    for a text that is too long.
    """
    words, before = written(module), reflections.kept_reflection(database(), me().id, module.id)
    if words.are_none and not before:
        return None
    if before:  # answers to questions that the module no longer asks stay
        words = words._replace(answers=words.answers + before.answers[len(words.answers) :])
    before_at = before.saved_at if before else None
    entry = reflections.keep_reflection(database(), me().id, module.id, **words._asdict(), now=at, since=_since())
    return Kept(entry, sharing.stopped(database(), entry, since=before_at, now=at) if before_at else 0)


def written(module: Module) -> Words:
    """What the form holds, with text as a database can keep it. Answers 413 for a text that is too long."""
    commitment, due_on = reflections.dated(_text("commitment"), _text("by-when"))
    answers = [_text(f"answer-{n}") for n, _ in enumerate(module.about.reflection.questions, start=1)]
    return Words(answers, commitment, due_on, _text("who-notices"))


def in_form(module: Module, words: Words | Reflection | None, *, saved_at: datetime | None) -> KeptWords:
    """Words for a form that began from what was saved then."""
    words = words or Words([], "", None, "")
    by_when = words.due_on.isoformat() if words.due_on else ""
    return KeptWords(
        words.answers,
        words.commitment,
        by_when,
        words.who_notices,
        save_to=url_for("mine.keep", name=module.folder),
        key=f"{me().id}:{module.id}",
        began_from=saved_at.isoformat() if saved_at else "",
        warnings=remarks_on(words),
        is_warned=bool(warnings_about(words)),
    )


def kept_words(module: Module) -> KeptWords:
    """What I kept for a module, for its form. One query."""
    kept = reflections.kept_reflection(database(), me().id, module.id)
    return in_form(module, kept, saved_at=kept.saved_at if kept else None)


def _text(name: str) -> str:
    text = request.form.get(name, "").replace("\0", "").replace("\r\n", "\n").strip()  # no database keeps a NUL
    return text if len(text) <= LONGEST else abort(413)


def _since() -> Since | None:
    """Which words the form began from; None for a form that does not say so."""
    began = request.form.get("began-from")
    if began is None:
        return None
    try:
        return Since(datetime.fromisoformat(began) if began else None)
    except ValueError:
        abort(400)
