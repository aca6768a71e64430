"""A partnership's year on the desk: what its reports say of any day agrees with the events, to the row.

A lead brings in people, asks them to learn, reminds them, moves them and closes accounts, all on the pages; the people
learn by the course's own rules. At the end of many days the report of that day is put by. When the year is over, the
report as at each of those days must be the one that was put by, and must be what an account kept by this test alone,
from plain events and plain days, says of everybody.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from course.catalogue.events import EVENT, Event, VignetteRead
from course.catalogue.library import Library
from course.catalogue.model import Module
from course.catalogue.progress import (
    Progress,
    after,
    choose,
    finish_reflection,
    open_part,
    part_after,
    rate,
    replay,
)
from course.learning import attempts
from course.learning.desk.mail.links import set_first_or_new_password
from course.learning.desk.standing.status import STATUSES
from course.learning.people import add_person
from course.learning.tables import Attempt, Person, StoredEvent, Team
from tests.mail import Post, mail
from tests.web.conftest import PASSWORD
from tests.web.visitor import Visitor

__all__ = ["mail"]

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
Place = tuple[str, str, str] | None
"""Agency, team and role; None for nowhere."""


@dataclass
class Account:
    """What this test knows of somebody: their places, each from a moment on."""

    name: str
    email: str
    places: list[tuple[datetime, Place]] = field(default_factory=list)

    def at(self, moment: datetime) -> Place:
        return [place for since, place in self.places if since < moment][-1:][0] if self.is_known(moment) else None

    def is_known(self, moment: datetime) -> bool:
        return self.places[0][0] < moment

    def since(self, moment: datetime, fits: Callable[[Place], bool]) -> datetime:
        """From when on, without a break, they have been where it fits."""
        begun = None
        for since, place in self.places:
            if since < moment:
                begun = (begun or since) if place and fits(place) else None
        assert begun
        return begun


@dataclass(frozen=True)
class Ask:
    """An assignment as this test remembers it."""

    module_id: str
    fits: Callable[[Place], bool]
    made: datetime
    due_on: date | None = None
    within: int | None = None
    months: int = 0
    ended: datetime | None = None

    def due(self, since: datetime) -> date | None:
        if self.within is not None:
            return max(since, self.made).date() + timedelta(days=self.within)
        if self.due_on and since > self.made:
            return max(self.due_on, since.date() + timedelta(days=30))
        return self.due_on


class Year:
    """The partnership, its clock, and what this test remembers of it."""

    def __init__(self, app: Flask, session: Session, lead: Visitor) -> None:
        self.app, self.session, self.lead = app, session, lead
        self.library: Library = app.extensions["library"]
        self.now = START
        self.accounts: dict[str, Account] = {}
        self.asks: list[Ask] = []
        self.put_by: dict[date, list[list[str]]] = {}
        app.config["CLOCK"] = lambda: self.now

    def on(self, day: str) -> None:
        """It is nine in the morning of a day."""
        self.now = datetime.fromisoformat(f"{day}T09:00:00+00:00")

    def bring_in(self, listed: dict[str, tuple[str, str, str]], *, close: str = "none") -> str:
        """Upload a list of names and places and bring it in; those not in it have left where `close` is all."""
        lines = ["Name;E-mail;Agency;Team;Role"]
        lines += [f"{name};{email(name)};{';'.join(place)}" for name, place in listed.items()]
        upload = (BytesIO("\n".join(lines).encode("cp1252")), "people.csv")
        self.lead.get("/lead/imports").send("Upload", file=upload, of="agencies")
        shown = self.lead.words
        if self.lead.page.xpath("//main//form[contains(@action, 'imports')]//button"):
            self._press(close)
        for name, place in listed.items():
            self._place(name, place)
        if close == "all":
            for account in self.accounts.values():
                if account.name not in listed and account.name != "Zoe Lead":
                    self._place(account.name, None)
        return shown

    def _press(self, close: str) -> None:
        [form] = self.lead.page.xpath("//form[.//input[@name='seen']]")
        self.lead.post(form, close=close)
        if close == "all":
            [sure] = self.lead.page.xpath("//form[.//input[@name='sure']]")
            self.lead.post(sure)

    def _place(self, name: str, place: Place) -> None:
        account = self.accounts.setdefault(email(name), Account(name, email(name)))
        if not account.places or account.places[-1][1] != place:
            account.places.append((self.now, place))

    def ask(self, module: Module, fits: Callable[[Place], bool], *, form: dict[str, object], **terms: object) -> None:
        """Ask on the pages, and remember it."""
        self.lead.get("/lead/assignments/new")
        self.lead.send("Go on", which="some", module=[module.id], whom="group", **({"due": "none"} | form))
        self.lead.send("Confirm")
        self.asks.append(Ask(module.id, fits, self.now, **terms))  # type: ignore[arg-type]

    def learn(self, name: str, module: Module, *, share: float = 1) -> None:
        """Somebody goes through a module from now on, or as far as this share of its events."""
        self.session.expire_all()
        person = self.person(name)
        progress = attempts.progress_in(self.session, person.id, module)
        if progress.complete:
            attempts.start_again(self.session, person.id, module, self.now)
            progress = attempts.progress_in(self.session, person.id, module)
        if not progress.events:
            for at, event in part_of_way(module, person.role, start=self.now, share=share):
                progress = attempts.record(self.session, person.id, progress, event, at)

    def person(self, name: str) -> Person:
        return self.session.scalars(select(Person).where(Person.email == email(name))).one()

    def report(self, as_at: date | None = None) -> list[list[str]]:
        """The CSV of everything, as at a day or of now."""
        query = f"?as_at={as_at}" if as_at else ""
        response = self.lead.client.get(f"/lead/everything.csv{query}", base_url="https://localhost")
        lines = list(csv.reader(StringIO(response.get_data().decode("utf-8-sig"))))
        return lines[1 : lines.index([])]

    def put_reports_by(self, *days: str) -> None:
        """What the report says late in the evening of each of these days."""
        for day in days:
            self.on(day)
            self.put_report_by()

    def put_report_by(self) -> None:
        """What the report says late this evening."""
        self.now = self.now.replace(hour=22, minute=59)
        self.put_by[self.now.date()] = self.report()

    def expected(self, day: date) -> list[list[str]]:
        """Everybody's rows as at the end of a day, from this test's own account and the events alone."""
        end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1) - summer_time(day)
        rows = []
        for account in sorted(self.accounts.values(), key=lambda a: a.name.casefold()):
            place = account.at(end)
            if place is None:
                continue
            for module in self.library.modules:
                title = f"{module.number}. {module.title}"
                cells = self._cells(account, place, module, day=day, end=end)
                rows.append([account.name, account.email, *place, title, *cells])
        return rows

    def _cells(self, account: Account, place: Place, module: Module, *, day: date, end: datetime) -> list[str]:
        asks = [
            ask
            for ask in self.asks
            if ask.module_id == module.id and ask.fits(place) and ask.made < end and not (ask.ended and ask.ended < end)
        ]
        begun, done = self._did(account, module, end)
        if done:
            months = min((ask.months for ask in asks if ask.months), default=0)
            by = months_later(done, months) if months else None
        else:
            dues = [due for ask in asks if (due := ask.due(account.since(end, ask.fits)))]
            by = min(dues, default=None)
        status = "Complete" if done else "In progress" if begun else "Not started" if asks else "Not assigned"
        if by and by < day:
            status = "Expired" if done else "Overdue"
        elif by and by <= day + timedelta(days=30):
            status = "Due soon"
        return [status, *(str(value or "") for value in (by, begun, done))]

    def _did(self, account: Account, module: Module, end: datetime) -> tuple[date | None, date | None]:
        """When the attempt that is open began, and when they last completed the module, by replaying events."""
        begun = done = None
        person_id = self.person(account.name).id
        query = select(Attempt).where(Attempt.person_id == person_id, Attempt.module_id == module.id)
        for attempt in self.session.scalars(query.order_by(Attempt.number)):
            if attempt.started_at >= end:
                continue
            begun = attempt.started_at
            events = select(StoredEvent).where(StoredEvent.attempt_id == attempt.id, StoredEvent.at < end)
            before: list[StoredEvent] = []
            for event in self.session.scalars(events.order_by(StoredEvent.number)):
                before.append(event)
                read = [EVENT.validate_python({"kind": e.kind, **e.body}) for e in before]
                if replay(module, read).complete:
                    begun, done = None, event.at.date()
                    break
        return begun.date() if begun else None, done


def part_of_way(module: Module, role: str, *, start: datetime, share: float) -> list[tuple[datetime, Event]]:
    """A way through a module, an event a minute, or as far as this share of it."""
    progress, way = Progress(module), list[tuple[datetime, Event]]()
    while not progress.complete:
        event = next_event(progress, role)
        way.append((start + timedelta(minutes=len(way)), event))
        progress = after(progress, event)
    return way[: round(len(way) * share)]


def next_event(progress: Progress, role: str) -> Event:
    match progress.place:
        case "vignette":
            return VignetteRead()
        case "scenario" if not progress.step.is_ending:
            return choose(progress, progress.step.key, next(iter(progress.step.leads)))
        case "self-assessment":
            statements = progress.module.self_assessment.statements(role)
            return rate(progress, role, {statement.id: "partly" for statement in statements})
        case "reflection":
            return finish_reflection(progress, declined=True)
        case part:
            return open_part(progress, part_after(progress.module, part))


def email(name: str) -> str:
    return f"{name.lower().replace(' ', '.').replace('é', 'e')}@example.org"


def summer_time(day: date) -> timedelta:
    """How far London's midnight is before that of UTC: an hour from 29 March to 24 October 2026."""
    return timedelta(hours=1 if date(2026, 3, 29) <= day < date(2026, 10, 25) else 0)


def months_later(day: date, months: int) -> date:
    month = day.month - 1 + months
    first = date(day.year + month // 12, month % 12 + 1, 1)
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return min(first + timedelta(days=day.day - 1), last)


@pytest.fixture
def year(app: Flask, session: Session, teams: dict[str, Team], mail: Post) -> Iterator[Year]:
    zoe = {"name": "Zoe Lead", "email": email("Zoe Lead"), "password": PASSWORD, "role": "senior-manager"}
    lead = add_person(session, **zoe, access="administrator", team=teams["Neighbourhood"])
    lead.joined_at = START - timedelta(days=1)
    session.commit()
    app.config.update(MAILBOX=mail.mailbox, COURSE_URL="https://course.example.org")
    year = Year(app, session, Visitor(app).sign_in(lead.email, PASSWORD))
    year.accounts[lead.email] = Account("Zoe Lead", lead.email)
    year.accounts[lead.email].places.append((lead.joined_at, ("Police", "Neighbourhood", "Senior manager")))
    yield year


def everybody() -> dict[str, tuple[str, str, str]]:
    """The first list: sixteen people in four places."""
    places = {
        "Adé": ("Health", "Health visiting", "Practitioner"),
        "Bell": ("Health", "Health visiting", "Manager"),
        "Cole": ("Health", "School nursing", "Practitioner"),
        "Diaz": ("Police", "Neighbourhood", "Practitioner"),
    }
    return {f"{first} {family}": place for family, place in places.items() for first in ("Ada", "Ben", "Cem", "Dee")}


def test_a_partnerships_year(year: Year, mail: Post) -> None:
    listed = everybody()
    winter(year, listed)
    spring(year, listed, mail)
    summer(year, listed)
    autumn(year, listed)

    year.on("2027-01-04")
    assert len(year.put_by) > 20
    for day, kept in year.put_by.items():
        expected = year.expected(day)
        assert kept == expected, first_difference(kept, expected)
        assert year.report(day) == expected, first_difference(year.report(day), expected)
    statuses = {row[6] for kept in year.put_by.values() for row in kept}
    assert statuses == set(STATUSES.values()) - {"Voided by a new version"}


def winter(year: Year, listed: dict[str, tuple[str, str, str]]) -> None:
    """Everybody is brought in, and asked."""
    bruises, words = year.library.modules
    assert "Nothing is done yet" in year.bring_in(listed)
    assert "There is nothing to bring in" in year.bring_in(listed)
    year.put_report_by()
    year.on("2026-01-12")
    year.ask(bruises, lambda p: True, form={"due": "within", "within": "60", "refresh": "6"}, within=60, months=6)
    by_march = {"due": "on", "day": "31", "month": "3", "year": "2026", "role": "manager"}
    year.ask(
        words,
        lambda p: p[0] == "Health" and p[2] == "Manager",
        form={**by_march, "agency": year.person("Ada Cole").team.agency_id},
        due_on=date(2026, 3, 31),
    )
    of_health = {"due": "within", "within": "170", "agency": year.person("Ada Cole").team.agency_id}
    year.ask(words, lambda p: p[0] == "Health", form=of_health, within=170)
    year.put_report_by()


def spring(year: Year, listed: dict[str, tuple[str, str, str]], mail: Post) -> None:
    """Most learn, some only begin. Whoever has something due is reminded, and not again at once."""
    bruises, words = year.library.modules
    for n, name in enumerate(listed):
        year.on(f"2026-02-{2 + n:02}")
        set_first_or_new_password(year.session, year.person(name), PASSWORD)  # as each would by an invitation
        if n % 4 != 3:
            year.learn(name, bruises, share=0.4 if n % 5 == 4 else 1)
        if n % 5 == 0:
            year.put_report_by()
    year.on("2026-03-02")
    to_remind = {row[1] for row in year.report() if row[6] in ("Due soon", "Overdue")} - {email("Zoe Lead")}
    year.lead.get("/lead/reminders").send("Send these")
    assert to_remind <= set(mail.recipients)
    assert not year.lead.get("/lead/reminders").page.xpath("//button[starts-with(., 'Send ')]")
    sent = len(mail.letters)
    year.put_reports_by("2026-03-02", "2026-03-13", "2026-03-14", "2026-03-31")
    year.on("2026-04-01")
    year.learn("Ada Bell", words)
    year.put_report_by()
    year.lead.get("/lead/reminders").send("Send these")
    assert len(mail.letters) > sent


def summer(year: Year, listed: dict[str, tuple[str, str, str]]) -> None:
    """Two move, four have left, one comes; refreshers fall due, and some are done."""
    year.put_reports_by("2026-06-01", "2026-06-02", "2026-06-14")
    year.on("2026-06-15")
    listed["Ada Cole"] = ("Health", "Health visiting", "Manager")
    listed["Ben Diaz"] = ("Health", "School nursing", "Practitioner")
    listed["Eve Adé"] = ("Health", "School nursing", "Practitioner")
    for name in ("Dee Adé", "Dee Bell", "Dee Cole", "Dee Diaz"):
        del listed[name]
    assert "Not in this file" in year.bring_in(listed, close="all")
    year.put_reports_by("2026-06-15", "2026-07-01", "2026-07-02", "2026-07-03", "2026-07-04")
    for n, name in enumerate(listed):
        year.on(f"2026-07-{6 + n:02}")
        if n % 3 == 0:
            year.learn(name, year.library.modules[0])
        if n % 4 == 0:
            year.put_report_by()
    year.put_reports_by("2026-08-02", "2026-08-03", "2026-08-20", "2026-08-21")


def autumn(year: Year, listed: dict[str, tuple[str, str, str]]) -> None:
    """One who had left is back; an assignment ends, and what was done stays."""
    year.on("2026-10-26")
    listed["Dee Cole"] = ("Police", "Neighbourhood", "Manager")
    year.bring_in(listed)
    year.put_report_by()
    year.on("2026-11-02")
    year.lead.get("/lead/assignments/2/end").send("End this assignment")
    year.asks[1] = replace(year.asks[1], ended=year.now)
    year.put_report_by()


def first_difference(found: list[list[str]], expected: list[list[str]]) -> str:
    pairs = [(one, two) for one, two in zip(found, expected, strict=False) if one != two]
    return f"{pairs[:2]} ({len(found)} rows, {len(expected)} expected)"
