"""Where the links and forms of a lesson lead: the only thing in which the web app and a package differ."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from course.catalogue.events import Part

Act = Literal["open", "read", "skip", "choose", "go-back", "rate", "reflect", "decline"]
"""What a form does, by the name that player.js and the web app's addresses share."""

Place = (
    Part
    | Literal[
        "self-assessment-practitioner",
        "self-assessment-manager",
        "self-assessment-senior-manager",
        "briefing",
        "team",
        "sources",
        "worried",
    ]
)
"""A page of a lesson that a link can lead to."""


@dataclass(frozen=True)
class Form:
    """Where a form leads: its method, action and hidden fields."""

    method: Literal["get", "post"]
    action: str
    hidden: Mapping[str, str] = field(default_factory=dict)


class Delivery(Protocol):
    """How one module is delivered."""

    keeps_words: bool
    """Whether what a learner writes in the reflection can be kept for them."""

    def address(self, place: Place) -> str:
        """Where a link to `place` leads."""
        ...

    def form(self, act: Act, target: str = "", *, step: str = "") -> Form:
        """Where the form for `act` leads.

        `target` is a part to open, a role to rate, a choice id, or, to go back, the choice id whose decision is
        to be made again; `step` is the key of the step that a choice is made at.
        """
        ...
