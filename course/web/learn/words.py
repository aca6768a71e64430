"""What a learner writes in a reflection, from the form to where only they can read it."""

from datetime import datetime

from flask import request

from course.catalogue.model import Module
from course.learning import reflections
from course.web.database import database
from course.web.security import me


def keep_words(module: Module, at: datetime) -> None:
    """Keep what the learner wrote where only they can read it; the event says no more than that they did."""

    def written(name: str) -> str:
        return request.form.get(name, "").replace("\0", "").strip()  # no database keeps a NUL in its text

    commitment, due_on = reflections.dated(written("commitment"), written("by-when"))
    reflections.keep_reflection(
        database(),
        me().id,
        module.id,
        answers=[written(f"answer-{n}") for n, _ in enumerate(module.about.reflection.questions, start=1)],
        commitment=commitment,
        due_on=due_on,
        who_notices=written("who-notices"),
        now=at,
    )
