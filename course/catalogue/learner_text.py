"""What learners read in a module, part by part in the order that they meet it, and where each text stands."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from course.catalogue.files import Document, Problem
from course.story.checks import Place


class Part(NamedTuple):
    """A part of a module as its learners know it: the file and the keys that it stands in."""

    name: str
    file: str
    keys: tuple[str, ...]
    narrated: bool = True
    handout: bool = False
    """Read on its own, so that it spells its acronyms out again."""


_CHOICES = ("moments.choices.text", "moments.choices.consequence")
PARTS = (
    Part("overview", "about", ("overview", "outcomes", "content_note")),
    Part("opening words", "about", ("two_readings",), narrated=False),
    Part("family", "vignette", ("family",)),
    Part("records", "vignette", ("records",), narrated=False),
    Part(
        "scenario",
        "scenario",
        ("you", "facts", "moments.title", "moments.text", *_CHOICES, "moments.ending"),
    ),
    Part("debriefs", "scenario", ("moments.turn", "moments.choices.debrief")),
    Part("jigsaw", "about", ("knew", "missing")),
    Part("good practice", "about", ("good",)),
    Part("introduction to the rewriting", "rewrite", ("introduction",)),
    Part("rewriting", "rewrite", ("lines",), narrated=False),
    Part("self-assessment", "self_assessment", ("practitioner", "manager", "senior_manager")),
    Part("reflection", "about", ("reflection",)),
    Part("team discussion", "team", ("opener", "questions"), handout=True),
    Part("briefing", "briefing", ("boxes",), handout=True),
    Part("cards", "later", ("cards", "six_weeks"), handout=True),
)
_NOT_READ = {"id", "sources", "leads", "gain", "if", "unless", "kind"}
"""Keys whose text is for the course, not for learners."""


class Text(NamedTuple):
    """A text that learners read, and where it stands."""

    part: Part
    document: Document
    place: Place
    text: str

    def problem(self, what: str, do: str) -> Problem:
        return self.document.problem(self.place, what, do)


def texts_of(documents: Mapping[str, Document]) -> list[Text]:
    """Every text of a module. `documents` go by the names of `Part.file`."""
    return [text for part in PARTS for text in _texts(part, documents[part.file])]


def _texts(part: Part, document: Document) -> Iterator[Text]:
    for place, text in strings(document.value):
        path = ".".join(key for key in place if isinstance(key, str))
        if _NOT_READ.isdisjoint(place) and any(path == key or path.startswith(f"{key}.") for key in part.keys):
            yield Text(part, document, place, text)


def strings(value: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every text in a document's value, with its place."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from strings(item, (*place, key))
