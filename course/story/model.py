"""A scenario as its author writes it: moments, choices, consequences, endings and facts."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
"""A permanent name: lower case words joined by hyphens. Learners' records hang on it: never reuse one."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Plain text on one line."""

Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Text in the course's small Markdown: paragraphs, lists, emphasis, quotations."""


class Content(BaseModel):
    """Anything an author writes. Unknown keys are errors, so that a misspelt one is found."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Fact(Content):
    """Something the learner's character can come to know, or somebody they have told."""

    id: Id
    knows: Line = Field(description='As a note to oneself: "There is a third mark, behind her left ear."')
    source: Line = Field(description='Where it comes from: "your examination".')


class Conditional(Content):
    """Shown when every fact in `if` is known and none in `unless` is."""

    needs: tuple[Id, ...] = Field(default=(), alias="if")
    lacks: tuple[Id, ...] = Field(default=(), alias="unless")

    def holds(self, facts: frozenset[str]) -> bool:
        """Whether this is shown to somebody who knows `facts`."""
        return facts.issuperset(self.needs) and facts.isdisjoint(self.lacks)


class Passage(Conditional):
    """A paragraph or more of a moment."""

    text: Prose


class Debrief(Content):
    """What the learner reads about a choice after the ending; together 40 to 90 words."""

    tempting: Prose = Field(description="Why a competent professional would make this choice.")
    child: Prose = Field(description="What it did to the child, or for them.")
    stronger: Prose = Field(description="What stronger practice does; for a strong choice, what made it so.")
    sources: tuple[Id, ...] = Field(default=(), description="Ids in modules/references.yaml.")


class Choice(Conditional):
    """One thing the learner's character can do, and what follows."""

    id: Id
    text: Line
    consequence: Prose
    leads: Id
    gain: tuple[Id, ...] = ()
    strong: StrictBool = False
    debrief: Debrief | None = Field(default=None, description="Needed wherever there is more than one choice.")


class Held(Content):
    """What one agency held by a moment, whether or not it had told anybody."""

    agency: Line
    what: Line


class Turn(Content):
    """Marks the moment where the story turns: the decision that most of what follows hangs on."""

    why: Prose = Field(description="Why it turned here, read in the debrief; hindsight is called hindsight.")
    knew: tuple[Held, ...] = Field(min_length=2, max_length=5, description="True on every path that comes here.")


class Ending(Content):
    """Where a path stops: what happened to the child, and what nobody knows yet."""

    child: Prose
    uncertain: Prose


def _as_passages(value: Any) -> Any:
    """Let an author write one text, or a list in which only conditional passages need `text:`."""
    if isinstance(value, str):
        return ({"text": value},)
    if isinstance(value, list):
        return tuple({"text": part} if isinstance(part, str) else part for part in value)
    return value


class Moment(Content):
    """A place in the story: what is happening, and either choices or an ending."""

    id: Id
    title: Line
    text: Annotated[tuple[Passage, ...], BeforeValidator(_as_passages)]
    choices: tuple[Choice, ...] = ()
    turn: Turn | None = None
    ending: Ending | None = None


class Character(Content):
    """Whom the learner plays."""

    name: Line
    profession: Line
    situation: Prose = Field(description="Second person: who you are, where, and what day it is.")


class Scenario(Content):
    """A story: the first moment is where it starts."""

    you: Character
    child: Line | None = Field(default=None, description='What the story calls the child: "Esme", "Asa and Dot".')
    facts: tuple[Fact, ...] = ()
    moments: tuple[Moment, ...] = Field(min_length=1)
