"""The newest completion of each module by somebody, from which the check at six weeks and the cards follow."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session, aliased

from course.catalogue.model import Module
from course.learning.desk.days import day_of
from course.learning.mine.checks import CHECK_AFTER, is_to_talk_over, talks_with
from course.learning.tables import Completion, Person, SixWeekCheck

ASKED_FOR = timedelta(weeks=12)
"""From the day a check can be answered, how long it is put before somebody. It stays open; it does not nag."""

TALK_ASKED_FOR = timedelta(weeks=8)
"""From the day a check is answered, or a manager says “not yet”, how long a talk about it is put before somebody."""


class Newest(NamedTuple):
    """The newest completion of a module by somebody; a refresher takes the place of the one before it."""

    completion_id: int
    module: Module
    on: date
    check: SixWeekCheck | None
    """Their check, once they have answered it."""

    @property
    def check_on(self) -> date:
        """The day from which the check can be answered."""
        return self.on + CHECK_AFTER

    @property
    def talk_since(self) -> date | None:
        """Since when there is a check to talk over with a manager; None where there is none, or they have said so."""
        if self.check is None or not is_to_talk_over(self.check):
            return None
        return day_of(self.check.not_yet_at or self.check.at)


class Follows(NamedTuple):
    """What follows for somebody from what they and their people did."""

    newest: dict[str, Newest]
    """By module id."""
    talks: int
    """How many talks wait for them, as somebody’s manager, to confirm."""

    def check_due(self, today: date) -> Newest | None:
        """The completion whose check came due last, among those that were not answered and came due lately."""
        asked = (found for found in self.newest.values() if found.check is None)
        due = [found for found in asked if today - ASKED_FOR < found.check_on <= today]
        return max(due, key=lambda found: (found.on, found.completion_id), default=None)

    def talk_due(self, today: date) -> Newest | None:
        """The completion whose check there is to talk over since last, if that is not long ago."""
        since = {found.completion_id: found.talk_since for found in self.newest.values()}
        due = [(day, id_) for id_, day in since.items() if day and today < day + TALK_ASKED_FOR]
        wanted = max(due, default=None)
        return next((found for found in self.newest.values() if wanted and found.completion_id == wanted[1]), None)


def follows(session: Session, person_id: str, modules: Iterable[Module]) -> Follows:
    """What follows for this person. One query; all empty for somebody unknown."""
    by_id = {module.id: module for module in modules}
    talks = select(func.count()).select_from(SixWeekCheck).where(talks_with(person_id)).scalar_subquery()
    query: Select[Any] = (
        select(talks, Completion, SixWeekCheck)
        .select_from(Person)
        .join(Completion, Completion.person_id == Person.id, isouter=True)
        .join(SixWeekCheck, SixWeekCheck.completion_id == Completion.id, isouter=True)
        .where(Person.id == person_id)
        .order_by(Completion.completed_at, Completion.id)
    )
    newest, waiting = dict[str, Newest](), 0
    for waiting, done, check in session.execute(query):  # noqa: B007 (the same number in each row)
        if done and (module := by_id.get(done.module_id)):
            newest[module.id] = Newest(done.id, module, day_of(done.completed_at), check)
    return Follows(newest, waiting)


def is_newest() -> ColumnElement[bool]:
    """The SQL condition that the same person made no newer completion of the same module."""
    other = aliased(Completion)
    newer = (other.completed_at > Completion.completed_at) | (
        (other.completed_at == Completion.completed_at) & (other.id > Completion.id)
    )
    same = (other.person_id == Completion.person_id) & (other.module_id == Completion.module_id)
    return ~exists().where(same, newer)
