"""Figures that a board carries from picture to picture are those of a board that has only just been started."""

from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy.orm import Session

from course.catalogue.library import Library
from course.learning.desk.standing.board import Board
from course.learning.desk.standing.matrix import (
    SORTS,
    Wanted,
    completed_by_month,
    rows_of,
    summed,
    tally,
    tally_groups,
    total_groups,
)
from course.learning.desk.standing.picture import Picture
from course.learning.scope import Scope
from course.learning.tables import Agency, Assignment, Attempt, Completion, FormerPlace, Person, Team

EVERYBODY = Scope(agency_id=None, team_id=None)


def figures(picture: Picture) -> tuple[object, ...]:
    rows = rows_of(picture, EVERYBODY, Wanted())
    teams = int(picture.team.max(initial=0)) + 1
    names = [picture.people[row].name for row in rows.tolist()]
    by_team = tally_groups(picture, rows, picture.team[rows], teams)
    assert [summed(tallies) for tallies in by_team] == total_groups(picture, rows, picture.team[rows], teams)
    one_by_one = [tally(picture, rows[n : n + 1]) for n in range(len(rows))]
    total = tally(picture, rows)
    assert [sum(one[column].asked for one in one_by_one) for column in range(len(total))] == [t.asked for t in total]
    orders = [[picture.people[row].id for row in rows_of(picture, EVERYBODY, Wanted(sort=sort))] for sort in SORTS]
    return names, total, by_team, completed_by_month(picture, rows), orders


def test_after_every_change_they_are_as_if_read_anew(
    session: Session, library: Library, now: datetime, person: Person
) -> None:
    board, module = Board(library.modules), library.modules[0]
    asked = Assignment(module_ids=[module.id], within_days=30, counts_from=now, made_at=now, made_by_id=person.id)
    other = Team(name="School nursing", agency=Agency(name="Education"))

    def join() -> None:
        session.add(Person(**_ada(person, "Ben Cole"), joined_at=now - timedelta(days=90)))

    def complete() -> None:
        of = {"person_id": person.id, "module_id": module.id, "version": module.version}
        attempt = Attempt(**of, number=0, started_at=now - timedelta(days=70))
        session.add(attempt)
        session.flush()
        session.add(Completion(**of, attempt_id=attempt.id, completed_at=now - timedelta(days=65)))

    def move() -> None:
        session.add(FormerPlace(person_id=person.id, team_id=person.team_id, role=person.role, until=now))
        person.team = other

    def leave() -> None:
        person.left_at = now

    def rename() -> None:
        person.name = "Zoë Zahn"

    person.joined_at = now - timedelta(days=100)
    changes: tuple[Callable[[], object], ...] = (lambda: session.add(asked), join, complete, rename, move, leave)
    for day, change in enumerate(changes):
        at = now + timedelta(minutes=day)
        figures(board.picture(session, at))
        change()
        session.commit()
        carried = board.picture(session, at)
        assert figures(carried) == figures(Board(library.modules).picture(session, at)), change
        assert np.array_equal(carried.counted.sum(), len(carried.by_name) * len(library.modules))


def _ada(person: Person, name: str) -> dict[str, object]:
    """What somebody else has as she does."""
    email = f"{name.split()[0].lower()}@example.org"
    return {
        "name": name,
        "email": email,
        "password_hash": "",
        "role": "manager",
        "access": "learner",
        "session_key": "",
        "team_id": person.team_id,
    }
