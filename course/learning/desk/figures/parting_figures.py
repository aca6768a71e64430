"""Where people part, as somebody may see it: from whole tens of people, by agency, as in local_figures.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from course.catalogue.model import Module
from course.learning.desk.figures.gathering import Gathered, gathered
from course.learning.desk.figures.local_figures import agencies_shown
from course.learning.desk.figures.tens import Group
from course.learning.scope import Scope


@dataclass(frozen=True)
class Split:
    """What at least ten people chose at a decision."""

    people: int
    choices: Mapping[str, int]


@dataclass(frozen=True)
class Decision:
    """How people parted at a moment. Where a group is missing it is withheld."""

    moment: str
    cells: Mapping[int, Split]
    together: Split | None


@dataclass(frozen=True)
class Partings:
    """The decisions of one version of a module’s story, in the story’s order; those that are gone come last."""

    version: str
    versions: tuple[str, ...]
    """Today’s and those with figures, the newest first."""
    day: date | None
    agencies: Mapping[int, str]
    decisions: tuple[Decision, ...]


def partings_of_all(
    session: Session, scope: Scope, modules: Sequence[Module], *, version: str | None = None
) -> list[Partings]:
    """The decisions of the newest version with figures, or of `version`, for each module. Two queries."""
    found, agencies = gathered(session, "choices", modules), agencies_shown(session, scope)
    return [_partings(module, found.get(module.id), agencies, version=version) for module in modules]


def _partings(module: Module, one: Gathered | None, agencies: Mapping[int, str], *, version: str | None) -> Partings:
    groups = one.groups if one else {}
    ledger = [change.version for change in module.about.ledger]
    with_figures = {place[0] for place, _ in groups}
    known = [v for v in reversed(ledger) if v in with_figures or v == module.version]
    versions = (*known, *sorted(with_figures.difference(known), reverse=True))
    newest = next((v for v in versions if v in with_figures), module.version)
    chosen = version if version in versions else newest
    of_version: dict[str, dict[int, Group]] = {}
    for ((_, moment), agency), group in ((k, g) for k, g in groups.items() if k[0][0] == chosen):
        of_version.setdefault(moment, {})[agency] = group
    moments = [m.id for m in module.story.scenario.moments if len(m.choices) > 1]
    gone = sorted(of_version.keys() - set(moments))
    decisions = [_decision(moment, of_version.get(moment, {}), agencies) for moment in (*moments, *gone)]
    return Partings(chosen, versions, one.day if one else None, agencies, tuple(decisions))


def _decision(moment: str, groups: Mapping[int, Group], agencies: Mapping[int, str]) -> Decision:
    together = Group()
    for group in groups.values():
        together.add(group)
    cells = {agency: Split(group.people, group.marks) for agency, group in groups.items() if agency in agencies}
    return Decision(moment, cells, Split(together.people, together.marks) if together.people else None)
