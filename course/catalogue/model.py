"""A module as its authors write it, a class for each content file (the format: modules/README.md)."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StrictBool

from course.catalogue.later import LaterFile
from course.story.compile import Story
from course.story.model import Content, Id, Line, Prose

Role = Literal["practitioner", "manager", "senior-manager"]
ROLES: dict[str, str] = {
    "practitioner": "Practitioner",
    "manager": "Manager",
    "senior-manager": "Senior manager",
}

Stage = Literal[
    "universal-services",
    "early-help",
    "referral",
    "strategy",
    "assessment",
    "child-in-need",
    "conference",
    "ongoing-work",
    "every-stage",
]
STAGES: dict[str, str] = {
    "universal-services": "universal services",
    "early-help": "early help assessment",
    "referral": "referral",
    "strategy": "strategy discussion",
    "assessment": "assessment",
    "child-in-need": "child in need meeting, now part of family help",
    "conference": "child protection conference",
    "ongoing-work": "ongoing work with the family",
    "every-stage": "every stage",
}
"""NSPCC and SCIE's eight stages (overview map, 2016) in the words used now, and one for what runs under all."""

Day = Annotated[date, BeforeValidator(lambda v: date.fromisoformat(v) if isinstance(v, str) else v)]


class Hearing(Content):
    """How one profession hears the words that open a module."""

    who: Line
    hears: Line


class TwoReadings(Content):
    """The word or message that a module opens on, which two professionals hear differently."""

    words: Line
    said_by: Line
    heard: tuple[Hearing, ...] = Field(min_length=2)


class Journey(Content):
    """Where on the child's journey the issue sits."""

    stage: Stage
    also: tuple[Stage, ...] = ()


class KnownFact(Content):
    """One thing an agency in the vignette knew, and since when."""

    when: Line
    what: Prose


class Knowledge(Content):
    """What one agency knew: a piece of the jigsaw."""

    agency: Line
    facts: tuple[KnownFact, ...] = Field(min_length=1)


class Sourced(Content):
    """A statement of practice, law or clinical fact, with the references that it rests on."""

    text: Prose
    sources: tuple[Id, ...] = Field(min_length=1)


class Reflection(Content):
    """Open questions and a prompt for one commitment. What a learner writes in answer is theirs alone."""

    questions: tuple[Line, ...] = Field(min_length=2, max_length=3)
    commitment: Line


class Change(Content):
    """A line of the currency ledger. Only `voids` asks people who completed the module to do it again."""

    version: Line
    date: Day
    kind: Literal["first", "wording", "substance", "voids"]
    what: Line


class ModuleFile(Content):
    """module.yaml"""

    id: Id
    number: int = Field(ge=1, le=14)
    title: Line
    two_readings: TwoReadings
    overview: Prose
    outcomes: tuple[Line, ...] = Field(min_length=3, max_length=4)
    journey: Journey
    content_note: Prose
    knew: tuple[Knowledge, ...] = Field(min_length=3, max_length=6)
    missing: Prose = Field(description="What the pieces show together, and what still nobody knew.")
    good: tuple[Sourced, ...] = Field(min_length=5, max_length=8)
    reflection: Reflection
    ledger: tuple[Change, ...] = Field(min_length=1)


class Record(Content):
    """A document in the vignette, in its agency's own voice."""

    kind: Literal["log", "letter", "note", "message", "notification", "form", "minutes", "call"]
    agency: Line
    title: Line
    when: Line
    by: Line
    to: Line | None = None
    body: Prose


class VignetteFile(Content):
    """vignette.yaml"""

    family: Prose = Field(description="One or two sentences: who is who.")
    records: tuple[Record, ...] = Field(min_length=4)


class Statement(Content):
    """A self-assessment statement to rate."""

    id: Id
    text: Line
    evidence: StrictBool = Field(default=False, description='Asks "how would you know?"')


class SelfAssessmentFile(Content):
    """self_assessment.yaml"""

    practitioner: tuple[Statement, ...] = Field(min_length=4)
    manager: tuple[Statement, ...] = Field(min_length=4)
    senior_manager: tuple[Statement, ...] = Field(min_length=4)

    def statements(self, role: str) -> tuple[Statement, ...]:
        """The statements for one role, by its name in ROLES."""
        found: tuple[Statement, ...] = getattr(self, role.replace("-", "_"))
        return found


class TeamFile(Content):
    """team.yaml"""

    opener: Prose
    questions: tuple[Line, ...] = Field(min_length=4, max_length=6)


class Box(Content):
    """One of the seven minutes."""

    heading: Line
    text: Prose
    sources: tuple[Id, ...] = ()


class BriefingFile(Content):
    """briefing.yaml"""

    boxes: tuple[Box, ...] = Field(min_length=7, max_length=7)

    @property
    def cited(self) -> tuple[str, ...]:
        """The ids of every reference that a box rests on, once each."""
        return tuple(dict.fromkeys(id_ for box in self.boxes for id_ in box.sources))


class Vague(Content):
    """A vague record line, what its writer could have said if asked, and one better way to write it."""

    written: Line
    asked: Prose = Field(description="What the writer says when somebody rings to ask what they meant.")
    saw: Line
    heard: Line
    source: Line = Field(description="By whom and when.")
    meaning: Line = Field(description="What it is like for the child, what I think it means and how sure I am.")
    action: Line


class RewriteFile(Content):
    """rewrite.yaml: an exercise that some modules have."""

    introduction: Prose
    lines: tuple[Vague, ...] = Field(min_length=3, max_length=6)


@dataclass(frozen=True, eq=False)
class Module:
    """One of the fourteen, whole: every content file and the compiled story.

    A module equals itself alone, so that what is worked out from its many texts can be kept for it.
    """

    about: ModuleFile
    vignette: VignetteFile
    story: Story
    self_assessment: SelfAssessmentFile
    team: TeamFile
    briefing: BriefingFile
    rewrite: RewriteFile | None
    later: LaterFile
    folder: str
    """The name of its folder, as 03-bruising-in-babies; also its address in the web app."""

    @property
    def id(self) -> str:
        return self.about.id

    @property
    def number(self) -> int:
        return self.about.number

    @property
    def title(self) -> str:
        return self.about.title

    @property
    def version(self) -> str:
        """The content version, from the newest line of the currency ledger."""
        return self.about.ledger[-1].version

    @cached_property
    def cited(self) -> tuple[str, ...]:
        """Every reference id that the module cites, in the order of first use by a learner."""
        choices = (c for m in self.story.scenario.moments for c in m.choices)
        lists = [
            *(c.debrief.sources for c in choices if c.debrief),
            *(g.sources for g in self.about.good),
            self.briefing.cited,
            self.later.cited,
        ]
        return tuple(dict.fromkeys(id_ for sources in lists for id_ in sources))


class Reference(Content):
    """A source in modules/references.yaml."""

    id: Id
    title: Line
    publisher: Line
    year: int = Field(ge=1900, le=2100)
    url: Line
    checked: Day = Field(description="When somebody last looked that this is still the current source.")
    replaces: Line | None = None
    confirm: Line | None = Field(default=None, description="What a partnership must confirm before launch.")


class Term(Content):
    """An entry of modules/glossary.yaml."""

    term: Line
    means: Line
    also: tuple[Line, ...] = Field(default=(), description="Other forms that it is met in.")
    ordinary: StrictBool = Field(default=False, description="Also an everyday word: explained in the glossary alone.")


class Replaced(Content):
    """A term or rule of 2016 and what to say and use now."""

    then: Line
    now: Prose
    when: Line
    sources: tuple[Id, ...] = Field(min_length=1)
    unsure: Prose | None = None


class Coming(Content):
    """Something announced or enacted that is not in force, or not known to be."""

    what: Line
    state: Prose
    sources: tuple[Id, ...] = Field(min_length=1)


class ChangesFile(Content):
    """changes.yaml: what changed since 2016, for whoever meets an old term."""

    introduction: Prose
    changes: tuple[Replaced, ...] = ()
    coming: tuple[Coming, ...] = ()

    @property
    def cited(self) -> tuple[str, ...]:
        """The ids of every reference that an entry rests on, once each."""
        lists = (*(c.sources for c in self.changes), *(c.sources for c in self.coming))
        return tuple(dict.fromkeys(id_ for sources in lists for id_ in sources))


class Placeholder(Content):
    """Something a partnership fills in, in modules/placeholders.yaml; `safe` is read where it is empty."""

    id: Id
    label: Line
    safe: Line


class Issue(Content):
    """One of the fourteen issues in modules/map.yaml, by the name that NSPCC and SCIE gave it in 2016."""

    number: int
    title: Line
