"""What a list of people would do, line by line, before any of it is done. Reads, and changes nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from course.catalogue.model import ROLES
from course.learning.desk.days import day_of, spoken
from course.learning.desk.lists.import_lines import Change, Line, Outcome, Plan
from course.learning.desk.lists.import_people import Extent, Known, Missing, Named, known_by_email, known_by_id, missing
from course.learning.desk.lists.import_places import Place, Places
from course.learning.desk.lists.import_rows import Read, Reading, Wanted, columns_of
from course.learning.desk.lists.import_spots import Spots, Unplaced
from course.learning.desk.people.joining_rules import OUTSIDE, TAKEN_ELSEWHERE, OutOfScope, covers
from course.learning.desk.people.not_said import LACKS_PLACE, NOT_SAID, lacks_place
from course.learning.desk.uploads.sheets import Sheet
from course.learning.scope import Scope, may_give, scope_of
from course.learning.tables import ACCESS, Agency, Person, Team


def plan(session: Session, by: Person, sheet: Sheet, *, now: datetime, of: Extent = "some") -> Plan:
    """What this list does if `by` brings it in. A bounded number of queries for each few thousand lines.

    Nobody is missing from a list of only some people.

    Raises Unreadable where columns are missing, and OutOfScope for somebody who looks after nobody.
    """
    scope = scope_of(by)
    if scope is None:
        raise OutOfScope("Only training leads bring in lists of people.")
    columns = columns_of(sheet.headings)
    reading = Reading(columns, day_of(now))
    reads = [reading.read(row) for row in sheet.rows]
    reads += [Read(fault.line, "", "", None, (fault.reason,)) for fault in sheet.faulty]
    reads.sort(key=lambda read: read.line)
    planner = _Planner(session, by, scope, reads, today=day_of(now))
    lines = list(planner.lines())
    emails = frozenset(read.email for read in reads)
    left_out: list[Missing] = []
    if of != "some":
        places = planner.places
        where = Named(Team.id, places.team_ids()) if of == "teams" else Named(Agency.id, places.agency_ids())
        left_out = missing(session, by, scope, where=where, emails=emails)
    return Plan(columns, lines, planner.places.new(), left_out)


class _Planner:
    """Judges line after line, with everything at hand that has to be looked up."""

    def __init__(self, session: Session, by: Person, scope: Scope, reads: Sequence[Read], *, today: date) -> None:
        self._by, self._scope, self._reads, self._today = by, scope, reads, today
        self.places = Places(session)
        self._spots = Spots(self.places, scope, self.places.by_team[by.team_id])
        managers = {read.wanted.manager for read in reads if read.wanted and read.wanted.manager}
        self._known = known_by_email(session, {*(read.email for read in reads), *managers})
        there = [self._known[read.email] for read in reads if managers and read.email in self._known]
        self._managers = known_by_id(session, {known.manager_id for known in there if known.manager_id})
        self._twins: dict[str, list[int]] = defaultdict(list)
        for read in reads:
            self._twins[read.email].append(read.line)
        self._accepted: set[str] = set()
        self._days: dict[datetime, date] = {}

    def lines(self) -> Iterator[Line]:
        """What comes of each line; first all refusals, since a manager may stand on any line that is not refused."""
        first = [self._judge(read) for read in self._reads]
        self._accepted = {line.email for line in first if line.outcome != "refused"}
        for line in first:
            done = self._compare(line) if line.wanted and line.place and line.outcome != "refused" else line
            if done.place and done.outcome != "refused":
                self.places.use(done.place)
            yield done

    def _judge(self, read: Read) -> Line:
        """A line with why it is refused, if it is."""
        reasons = list(read.reasons)
        twins = self._twins[read.email]
        if len(twins) > 1 and read.email:
            reasons.append(f"{read.email} is on lines {_listed(twins)}. Keep one of them.")
        place = known = there = None
        if read.wanted:
            known = self._known.get(read.email)
            there = self._there(known)
            try:
                place = self._spots.of(read.wanted, there)
            except Unplaced as unplaced:
                reasons.append(str(unplaced))
            reasons += self._out_of_scope(place, known)
            reasons += self._wrong_access(read.wanted, place, known)
            reasons += self._wrong_day(read.wanted, known)
        outcome: Outcome = "refused" if reasons else "alone" if known else "added"
        return Line(read.line, outcome, read.name, read.email, read.wanted, place, known, there, notes=tuple(reasons))

    def _there(self, known: Known | None) -> Place | None:
        """Where somebody is who is looked after; of anybody else nothing is told, nor what follows from it."""
        return self.places.by_team[known.team_id] if known and self._sees(known) else None

    def _out_of_scope(self, place: Place | None, known: Known | None) -> Iterator[str]:
        if place and not covers(self._scope, place.agency_id, place.team_id):
            like = self.places.in_scope_like(place, self._scope)
            hint = f"Did you mean “{like}”?" if like else "Leave the line out, or ask who looks after them."
            yield f"“{place}” is not among the teams that you look after. {hint}"
        if known and not self._sees(known):
            yield TAKEN_ELSEWHERE

    def _wrong_access(self, wanted: Wanted, place: Place | None, known: Known | None) -> Iterator[str]:
        before = known.access if known else "learner"
        if place and lacks_place(wanted.access or before, agency=place.agency, team=place.team):
            yield f"{LACKS_PLACE} Write their agency and team."
        if wanted.access is None or wanted.access == before:
            return
        if known and known.id == self._by.id:
            yield "You cannot change your own access. Leave the cell empty."
        elif not may_give(self._by, wanted.access):
            name = ACCESS[wanted.access]
            yield f"“{name}” is a wider access than your own. Leave the cell empty, or ask somebody who has it."

    def _wrong_day(self, wanted: Wanted, known: Known | None) -> Iterator[str]:
        """Whoever is here would be in no figure until that day."""
        if known and wanted.joined and self._day(known.joined_at) <= self._today < wanted.joined:
            yield f"They are here already, so they cannot join on {spoken(wanted.joined)}. Correct the day or empty it."

    def _sees(self, known: Known) -> bool:
        place = self.places.by_team[known.team_id]
        return covers(self._scope, place.agency_id, place.team_id)

    def _compare(self, line: Line) -> Line:
        """A line that is not refused with what it changes, unless that is for others to do."""
        assert line.wanted and line.place  # noqa: S101 - for the types: lines() asks nothing else
        manager, notes = self._manager(line)
        if line.known is None:
            return line._replace(manager=manager, notes=notes) if manager or notes else line
        changes = tuple(self._changes(line.wanted, line.place, line.known, manager))
        if not changes:
            return line._replace(notes=notes) if notes else line
        if not may_give(self._by, line.known.access):
            why = f"They have a wider access than you: {ACCESS[line.known.access].lower()}. Ask one of them to do it."
            return line._replace(outcome="refused", notes=(why,))
        if line.known.team_id != line.place.team_id and line.known.access in ("team-lead", "agency-lead"):
            notes += (f"As {ACCESS[line.known.access].lower()}, they then look after the new place.",)
        outcome: Outcome = "back" if line.known.left_at else "changed"
        return line._replace(outcome=outcome, manager=manager, changes=changes, notes=notes)

    def _changes(self, wanted: Wanted, place: Place, known: Known, manager: str | None) -> Iterator[Change]:
        """Each field that differs. Most lines of most lists differ in none, so words are made only where they do."""
        if known.left_at:
            yield Change("Account", f"closed since {day_of(known.left_at)}", "open")
        if wanted.name != known.name:
            yield Change("Name", known.name, wanted.name)
        if place.team_id != known.team_id:
            yield Change("Team", str(self.places.by_team[known.team_id]), str(place))
        is_open = "role" in known.to_say
        if wanted.role and (is_open or wanted.role != known.role):
            yield Change("Role", NOT_SAID if is_open else ROLES[known.role], ROLES[wanted.role])
        if wanted.access and wanted.access != known.access:
            yield Change("Access", ACCESS[known.access], ACCESS[wanted.access])
        if manager:
            yield Change("Manager", self._named(known.manager_id), manager)
        if wanted.joined and wanted.joined != (joined := self._day(known.joined_at)):
            yield Change("Joined", spoken(joined), spoken(wanted.joined))

    def _named(self, manager_id: str | None) -> str:
        manager = self._managers.get(manager_id or "")
        return "none" if manager is None else manager.email if self._sees(manager) else OUTSIDE

    def _day(self, at: datetime) -> date:
        """The day in London, which many people share."""
        if at not in self._days:
            self._days[at] = day_of(at)
        return self._days[at]

    def _manager(self, line: Line) -> tuple[str | None, tuple[str, ...]]:
        """Whom the line names as manager, if that is somebody, and what is to be said otherwise."""
        email = line.wanted.manager if line.wanted else None
        now = self._managers.get(line.known.manager_id or "") if line.known else None
        if not email or (now and now.email == email):
            return None, ()
        known = self._known.get(email)
        is_here = email in self._accepted or (known is not None and not known.left_at and self._sees(known))
        if email == line.email:
            return None, ("Nobody is their own manager: that is left out.",)
        if not is_here:
            return None, (f"The manager “{email[:100]}” is neither in this file nor known: that is left out.",)
        return email, ()


def _listed(numbers: Iterable[int]) -> str:
    """3, 7 and 9; of many, the first ten."""
    first = [str(number) for number in numbers]
    if len(first) > 10:
        return f"{', '.join(first[:10])} and {len(first) - 10} more"
    return f"{', '.join(first[:-1])} and {first[-1]}"
