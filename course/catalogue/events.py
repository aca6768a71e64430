"""What a learner did, one event at a time. Events are append-only; everything else is a fold over them.

No event has a field that could hold what a learner wrote: free text never leaves the learner.
"""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from course.catalogue.model import Role
from course.story.model import Content, Id

Part = Literal[
    "overview",
    "vignette",
    "scenario",
    "debrief",
    "practice",
    "rewrite",
    "self-assessment",
    "reflection",
    "done",
]

Rating = Literal["not-in-place", "partly", "fully", "dont-know"]
RATINGS: dict[str, str] = {
    "not-in-place": "Not in place",
    "partly": "Partly",
    "fully": "Fully",
    "dont-know": "Don’t know",
}


class Opened(Content):
    """The learner turned the page to a part."""

    kind: Literal["opened"] = "opened"
    part: Part


class VignetteRead(Content):
    """They say that they have read the records."""

    kind: Literal["vignette-read"] = "vignette-read"


class VignetteSkipped(Content):
    """They chose, for care, not to read them. Never reported apart from having read them."""

    kind: Literal["vignette-skipped"] = "vignette-skipped"


class Chose(Content):
    """They made a choice where the recorded path had led them."""

    kind: Literal["chose"] = "chose"
    choice: Id


class WentBack(Content):
    """They went back for a second look, keeping the first `kept` choices of their path."""

    kind: Literal["went-back"] = "went-back"
    kept: int = Field(ge=0)


class Rated(Content):
    """They rated the self-assessment statements of one role."""

    kind: Literal["rated"] = "rated"
    role: Role
    ratings: dict[Id, Rating]


class Reflected(Content):
    """They finished the reflection; what they wrote is not here."""

    kind: Literal["reflected"] = "reflected"


class ReflectionDeclined(Content):
    """They knowingly left the reflection out."""

    kind: Literal["reflection-declined"] = "reflection-declined"


Event = Annotated[
    Opened | VignetteRead | VignetteSkipped | Chose | WentBack | Rated | Reflected | ReflectionDeclined,
    Field(discriminator="kind"),
]

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
"""Reads an event from stored data: EVENT.validate_python({"kind": "chose", "choice": "ring-back"})."""
