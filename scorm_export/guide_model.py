"""An import guide as its author writes it: every part of it names the sources that it rests on."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import ClassVar, Literal, Self, get_args

from pydantic import Field, StrictBool, field_validator, model_validator

from course.catalogue.files import Document, Problem
from course.story.model import Content, Id, Line
from scorm_export.options import Options

StandardName = Literal["scorm12", "scorm2004", "cmi5", "xapi"]
OptionName = Literal["one_package", "interactions", "passed", "score", "third_edition"]


class Source(Content):
    """Where something is known from."""

    id: Id
    title: Line
    address: Line | None = Field(default=None, description="None for what was measured while the course was made.")
    checked: date


class Narrow(Content):
    """Shown for the standards named (all, if none is), with the option `only`, and not with the option `unless`."""

    standards: tuple[StandardName, ...] = ()
    only: OptionName | None = None
    unless: OptionName | None = None

    def holds(self, standard: str, options: Options) -> bool:
        """Whether this is shown for that standard and those options."""
        named = not self.standards or standard in self.standards
        wanted = not self.only or getattr(options, self.only)
        return named and wanted and not (self.unless and getattr(options, self.unless))


class Sourced(Narrow):
    """Something that is known, and from where."""

    sources: tuple[Id, ...] = Field(min_length=1)


class Point(Sourced):
    """A step, a fact or a trap, in a sentence or a few."""

    text: Line


class Setting(Sourced):
    """One setting, named as the LMS's own screen names it."""

    section: Line | None = Field(default=None, description="Where on the screen it stands.")
    name: Line
    needed: StrictBool = Field(default=False, description="Whether completions or places are lost without it.")
    value: Line
    why: Line


class Seen(Sourced):
    """What two people see at one time."""

    when: Line
    learner: Line
    administrator: Line


class Verdict(Sourced):
    """Whether the LMS takes packages of one standard."""

    standard: StandardName
    taken: Literal["yes", "no", "unsure"]
    text: Line
    instead: StandardName | None = Field(default=None, description="The standard to use where this one is not taken.")

    @model_validator(mode="after")
    def _says_what_to_use(self) -> Self:
        if self.taken == "no" and not self.instead:
            raise ValueError("a standard that is not taken needs `instead`, the one to use")
        return self


class Gap(Narrow):
    """What is not known, so that nobody looks for it here."""

    text: Line


class Parts(Content):
    """The parts of a guide, each shown only where it has something to say."""

    LISTS: ClassVar = ("steps", "settings", "check", "reports", "seen", "newer", "traps")
    """In the order in which a page has them."""

    sources: tuple[Source, ...]
    steps: tuple[Point, ...] = Field(default=(), description="How a package is imported.")
    settings: tuple[Setting, ...] = ()
    check: tuple[Point, ...] = Field(default=(), description="What to try before learners do.")
    reports: tuple[Point, ...] = Field(default=(), description="What a package tells an LMS.")
    seen: tuple[Seen, ...] = ()
    newer: tuple[Point, ...] = Field(default=(), description="How a package is replaced so that records are kept.")
    traps: tuple[Point, ...] = ()


class GuideFile(Parts):
    """guides/NAME.yaml: one LMS."""

    name: Line = Field(description="The LMS, as people know it.")
    takes: tuple[Verdict, ...]
    unknown: tuple[Gap, ...] = ()

    @field_validator("takes")
    @classmethod
    def _judges_each_standard(cls, takes: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
        if sorted(verdict.standard for verdict in takes) != sorted(get_args(StandardName)):
            raise ValueError("it needs each of the four standards once")
        return takes


def wrong_sources(parts: Parts, document: Document, shared: Sequence[Source]) -> Iterator[Problem]:
    """Sources that are named and do not exist, or exist and are never named; `shared` ones may stay unnamed."""
    own = {source.id for source in parts.sources}
    known = own | {source.id for source in shared}
    named = set[str]()
    for list_ in ("takes", *Parts.LISTS):
        for i, item in enumerate(getattr(parts, list_, ())):
            named.update(item.sources)
            for id_ in sorted(set(item.sources) - known):
                yield document.problem((list_, i, "sources"), f"there is no source {id_!r}", "name one of this file's")
    if shared:  # the file that all others share is named by them too
        for i, source in enumerate(parts.sources):
            if source.id not in named:
                yield document.problem(("sources", i), f"nothing rests on the source {source.id!r}", "remove it")
