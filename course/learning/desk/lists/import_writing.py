"""What the plan of a list of people writes: by statements for many rows, each row after those that it refers to."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from course.learning.columns import TEXT
from course.learning.desk.days import start_of
from course.learning.desk.lists.import_lines import Line, Plan
from course.learning.desk.lists.import_people import Known, known_by_email, without_password
from course.learning.desk.lists.import_places import Place
from course.learning.desk.people.not_said import Righted, Spot, is_told_now, put_right, spot_before, untrue
from course.learning.people import new_session_key
from course.learning.tables import ACCESS, Agency, Audit, FormerPlace, Person, Team


class Writing:
    """What a plan does, step after step, for whoever commits it."""

    def __init__(self, session: Session, by: Person, made: Plan, now: datetime) -> None:
        self._session, self._by, self._plan, self._now = session, by, made, now
        self._team_ids: dict[Place, int] = {}
        self._ids: dict[str, str] = {}

    def all(self, close: Collection[str]) -> dict[str, int]:
        """Everything, in an order in which every row finds those that it refers to."""
        self._make_places()
        added, changed = self._plan.group("added"), [*self._plan.group("back"), *self._plan.group("changed")]
        self._ids = self._manager_ids([*added, *changed]) | {line.email: uuid4().hex for line in added}
        newcomers, managers = _managers_first([self._newcomer(line) for line in added])
        self._write(insert(Person), newcomers)
        self._write(update(Person), managers)
        put_right(self._session, [self._righted(line, line.known) for line in changed if line.known])
        former = [row for line in changed if line.known for row in self._former(line, line.known)]
        self._write(insert(FormerPlace), former)
        self._write(update(Person), [self._changed(line, line.known) for line in changed if line.known])
        self._write(update(Person), self._told_now(changed))
        self._write(update(Person), self._end_invitations(changed))
        self._close(close)
        self._write(insert(Audit), [*self._told_of_newcomers(newcomers), *self._told(changed)])
        moved = sum(1 for line in changed if line.known and self._has_moved(line, line.known))
        named = [new for new in self._plan.new_places if new.is_named]
        agencies = sum(1 for new in named if new.is_agency)
        teams = len(named) - agencies
        return {
            **{str(outcome): n for outcome, n in self._plan.counts.items()},
            "moved": moved,
            "closed": len(close),
            "agencies": agencies,
            "teams": teams,
        }

    def _write(self, statement: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._session.execute(statement, rows)

    def _make_places(self) -> None:
        new = self._plan.new_places
        agencies = {n.place.agency: Agency(name=n.place.agency) for n in new if n.is_agency}
        self._session.add_all(agencies.values())
        self._session.flush()
        teams = {}
        for place in (n.place for n in new if not n.is_agency):
            agency_id = place.agency_id or agencies[place.agency].id
            teams[place] = Team(agency_id=agency_id, name=place.team)
        self._session.add_all(teams.values())
        self._session.flush()
        self._team_ids = {place: team.id for place, team in teams.items()}

    def _team_id(self, line: Line) -> int:
        assert line.place  # noqa: S101 - for the types: only a line that is refused has none
        return line.place.team_id or self._team_ids[line.place]

    def _newcomer(self, line: Line) -> dict[str, Any]:
        assert line.wanted  # noqa: S101 - as above
        return {
            "id": self._ids[line.email],
            "name": line.wanted.name,
            "email": line.email,
            "password_hash": "",
            "role": line.role,
            "to_say": line.to_say,
            "access": line.wanted.access or "learner",
            "team_id": self._team_id(line),
            "session_key": new_session_key(),
            "manager_id": self._ids[line.manager] if line.manager else None,
            "joined_at": start_of(line.wanted.joined) if line.wanted.joined else self._now,
        }

    def _has_moved(self, line: Line, known: Known) -> bool:
        return (known.team_id, known.role) != (self._team_id(line), line.role)

    def _righted(self, line: Line, known: Known) -> Righted:
        """Somebody where they stood and stand, with what of it was only left open."""
        before, after = Spot(known.team_id, known.role), Spot(self._team_id(line), line.role)
        there, place = (found.agency if found else "" for found in (line.there, line.place))
        never_true = untrue(known.to_say, agency=there, new_agency=place)
        return Righted(known.id, never_true, before, after)

    def _former(self, line: Line, known: Known) -> Iterator[dict[str, Any]]:
        _, never_true, before, after = self._righted(line, known)
        spot = spot_before(never_true, before, after)
        place = {"person_id": known.id, **(spot or after)._asdict()}
        if known.left_at:  # where they were until they left, and nowhere until now
            yield place | {"until": known.left_at}
            yield place | {"team_id": None, "until": self._now}
        elif spot:
            yield place | {"until": self._now}

    def _changed(self, line: Line, known: Known) -> dict[str, Any]:
        """All that a list may change, changed or not: rows of the same columns are one statement."""
        assert line.wanted  # noqa: S101 - as above
        joined = any(change.field == "Joined" for change in line.changes) and line.wanted.joined
        return {
            "id": known.id,
            "name": line.wanted.name,
            "role": line.role,
            "to_say": line.to_say,
            "access": line.wanted.access or known.access,
            "team_id": self._team_id(line),
            "left_at": None,
            "manager_id": self._ids[line.manager] if line.manager else known.manager_id,
            "joined_at": start_of(joined) if joined else known.joined_at,
        }

    def _told_now(self, lines: list[Line]) -> list[dict[str, Any]]:
        """Since when the agency is known of those who had none until now."""
        there = [(line.known, line.there, line.place) for line in lines]
        told = [known.id for known, old, new in there if known and old and new and is_told_now(old.agency, new.agency)]
        return [{"id": id_, "agency_since": self._now} for id_ in told]

    def _end_invitations(self, lines: list[Line]) -> list[dict[str, Any]]:
        """New session keys for those without a password who are elsewhere now or have another access: as in joining."""
        there = [(line, line.known, line.wanted) for line in lines if line.known]
        ids = [
            known.id
            for line, known, wanted in there
            if self._has_moved(line, known) or (wanted and wanted.access not in (None, known.access))
        ]
        return [{"id": id_, "session_key": new_session_key()} for id_ in without_password(self._session, ids)]

    def _manager_ids(self, lines: list[Line]) -> dict[str, str]:
        """Address to id of the managers who are there already."""
        managers = {line.manager for line in lines if line.manager}
        return {email: known.id for email, known in known_by_email(self._session, managers).items()}

    def _close(self, ids: Collection[str]) -> None:
        rows = [{"id": id_, "left_at": self._now, "session_key": new_session_key()} for id_ in ids]
        self._write(update(Person), rows)
        what = "The account was closed: not in the list of people that was brought in"
        self._write(insert(Audit), [self._line("left", id_, what) for id_ in ids])

    def _told_of_newcomers(self, newcomers: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """A line for each who may see more than their own learning; for all others the list's own line is enough."""
        for row in newcomers:
            if row["access"] != "learner":
                yield self._line("gave-access", row["id"], f"Added with access as {ACCESS[row['access']].lower()}")

    def _told(self, changed: list[Line]) -> Iterator[dict[str, Any]]:
        for line in changed:
            if line.known and line.known.left_at:
                yield self._line("returned", line.known.id, "The account was opened again by a list of people")
            for act, fields in (("moved", ("Team", "Role")), ("changed", ("Name", "Manager", "Joined"))):
                said = "; ".join(str(change) for change in line.changes if change.field in fields)
                if line.known and said:
                    yield self._line(act, line.known.id, f"By a list of people: {said}"[:TEXT])
            if line.known and line.wanted and line.wanted.access not in (None, line.known.access):
                what = f"{ACCESS[line.known.access]} → {ACCESS[str(line.wanted.access)]}"
                yield self._line("gave-access", line.known.id, what)

    def _line(self, act: str, about_id: str, what: str) -> dict[str, Any]:
        return {"at": self._now, "by_id": self._by.id, "act": act, "about_id": about_id, "what": what}


def _managers_first(newcomers: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The same rows in an order in which each finds its manager, and the managers that have to be put in afterwards.

    Only those of people who manage each other in a ring do, and of whoever is below them.
    """
    new = {row["id"] for row in newcomers}
    below: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in newcomers:
        below[row["manager_id"] if row["manager_id"] in new else ""].append(row)
    ordered = below.pop("", [])
    for row in ordered:  # grows while it is read
        ordered.extend(below.pop(row["id"], []))
    rest = [row for rows in below.values() for row in rows]
    ordered += [row | {"manager_id": None} for row in rest]
    return ordered, [{"id": row["id"], "manager_id": row["manager_id"]} for row in rest]
