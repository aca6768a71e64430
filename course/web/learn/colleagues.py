"""How colleagues chose where I chose, for the debrief: from the whole tens that leads see (decisions/0009)."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from course.catalogue.progress import Progress
from course.learning.desk.figures.parting_figures import Decision, Partings, Split, partings_of_all
from course.learning.scope import Scope
from course.lesson.markdown import line
from course.web.database import database
from course.web.security import me

ALL_AGENCIES = Scope(agency_id=None, team_id=None)
"""What may be seen of the figures, not of records: whole tens of every agency, none of which tells of fewer than ten.

Whoever is in one of the tens can take themselves away from it and has what nine others chose together, as a lead who
learns too has always had. Which nine, no page says; and nobody’s own choice is in a figure before nine others are.
"""
GONE = Markup("A choice that the module no longer has")


@dataclass(frozen=True)
class Share:
    """How many of a group made a choice."""

    group: str
    made: int
    people: int


@dataclass(frozen=True)
class Option:
    """A choice of a decision, and how many made it in each group that is shown."""

    text: Markup
    is_mine: bool
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class Fork:
    """A decision that I made."""

    title: str
    options: tuple[Option, ...]
    withheld: tuple[str, ...]
    """The agencies with no figure here."""


@dataclass(frozen=True)
class Colleagues:
    """The decisions on my way, and from which version and day the figures are."""

    forks: tuple[Fork, ...]
    seen: Partings

    @property
    def has_figures(self) -> bool:
        return any(fork.options for fork in self.forks)


def how_colleagues_chose(progress: Progress) -> Colleagues | None:
    """The figures for the decisions on my way; None before the debrief of it is open. Two queries; nothing is gathered.

    Gathering reads every event and is the work of the night and of the leads’ pages.
    """
    if "debrief-opened" not in progress.marks or not progress.step.is_ending:
        return None
    [seen] = partings_of_all(database(), ALL_AGENCIES, [progress.module])
    mine = me().team.agency_id
    agencies = {id_: f"{name} (yours)" if id_ == mine else name for id_, name in seen.agencies.items()}
    agencies = dict(sorted(agencies.items(), key=lambda agency: agency[0] != mine))
    decisions = {decision.moment: decision for decision in seen.decisions}
    taken = zip(progress.path, progress.choices, strict=False)
    forks = [
        _fork(progress, decisions[step.moment.id], chosen=choice, agencies=agencies)
        for step, choice in taken
        if step.is_decision and step.moment.id in decisions
    ]
    return Colleagues(tuple(forks), seen)


def _fork(progress: Progress, decision: Decision, *, chosen: str, agencies: Mapping[int, str]) -> Fork:
    moment = next(m for m in progress.module.story.scenario.moments if m.id == decision.moment)
    groups = {name: decision.cells[agency] for agency, name in agencies.items() if agency in decision.cells}
    withheld = tuple(name for agency, name in agencies.items() if agency and agency not in decision.cells)
    if decision.together and len(groups) > 1:
        groups = {"All agencies": decision.together, **groups}
    texts = {choice.id: line(choice.text) for choice in moment.choices}
    made = {id_ for group in groups.values() for id_ in group.choices}
    texts |= {id_: GONE for id_ in sorted(made - texts.keys())}
    options = [Option(text, id_ == chosen, _shares(groups, id_)) for id_, text in texts.items()] if groups else []
    return Fork(line(moment.title).striptags(), tuple(options), withheld)


def _shares(groups: Mapping[str, Split], choice: str) -> tuple[Share, ...]:
    return tuple(Share(name, group.choices.get(choice, 0), group.people) for name, group in groups.items())
