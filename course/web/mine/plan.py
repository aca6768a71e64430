"""My action plan: what I said I would do, across modules, with its day, and the check six weeks after a module."""

import hmac
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple
from urllib.parse import urlsplit

from flask import Response as FlaskResponse
from flask import abort, current_app, flash, redirect, request, url_for
from icalendar import Calendar, Event
from werkzeug.wrappers import Response

from course.learning.desk.days import day_of, spoken
from course.learning.mine import reflections
from course.learning.mine.follows import Newest, follows
from course.learning.mine.reflections import Reflection
from course.web.addresses import module_called
from course.web.chrome import library
from course.web.clock import now
from course.web.database import database
from course.web.learn.entries import Entry, entry_of
from course.web.mine.blueprint import blueprint, my_page
from course.web.mine.waiting import check_words
from course.web.security import me

DONE = "Ticked off. Well done."
OPEN = "It is open again."


class Day(NamedTuple):
    """A day for a calendar: its words, which say nothing of mine, and what it is about, for its id."""

    summary: str
    on: date
    about: str


class Commitment(NamedTuple):
    """Something that I said I would do."""

    entry: Entry
    today: date
    check: Newest | None

    @property
    def kept(self) -> Reflection:
        """The entry that it is part of."""
        return self.entry.kept

    @property
    def state(self) -> str:
        """How it stands, in a sentence that blames nobody."""
        if self.kept.done_at:
            return f"Done on {spoken(day_of(self.kept.done_at))}."
        if self.kept.due_on is None:
            return "No day is set."
        if self.kept.due_on < self.today:
            return (
                f"The day that you set has passed: {spoken(self.kept.due_on)}. You can still do it, or set a new day."
            )
        if self.kept.due_on == self.today:
            return "Today is the day that you set."
        return f"By {spoken(self.kept.due_on)}."

    @property
    def check_words(self) -> str:
        """How the check six weeks after the module stands; empty where there is none."""
        return check_words(self.check, self.today)


@blueprint.get("/plan")
def plan() -> str:
    """What is open by its day, what has no day after it, and then what is done."""
    newest = _newest()
    found = commitments(newest)
    still, done = [c for c in found if not c.kept.done_at], [c for c in found if c.kept.done_at]
    days = _days(found, newest)
    return my_page("My action plan", "plan.html", still=still, done=done, has_days=bool(days))


@blueprint.post("/plan/<name>/done")
def tick(name: str) -> Response:
    """Tick a commitment off, or open it again; twice is once."""
    is_done = request.form.get("done", "yes") == "yes"
    if not reflections.tick(database(), me().id, module_called(name).id, done_at=now() if is_done else None):
        abort(404)
    flash(DONE if is_done else OPEN)
    return redirect(url_for("mine.plan"))


@blueprint.get("/plan.ics")
def plan_calendar() -> Response:
    """The days of what is open and of the checks to come, as a calendar file.

    Calendars at work are shared: it names the number of a module and no more, and holds no word of mine.
    """
    calendar, address = Calendar(), _address()
    calendar.add("prodid", "-//Learning into Practice//Action plan//EN")
    calendar.add("version", "2.0")
    newest = _newest()
    for day in _days(commitments(newest), newest):
        calendar.add_component(_event(day, address))
    response = FlaskResponse(calendar.to_ical(), mimetype="text/calendar")
    response.headers.set("Content-Disposition", "attachment", filename="my-plan.ics")
    return response


def commitments(newest: Mapping[str, Newest]) -> list[Commitment]:
    """What I said I would do: by day, what has none last; `newest` is my completion of each module. One query."""
    today = day_of(now())
    kept = [one for one in reflections.kept_reflections(database(), me().id) if one.commitment]
    kept.sort(key=lambda one: (one.due_on or date.max, one.module_id))
    return [Commitment(entry_of(one, library()), today, newest.get(one.module_id)) for one in kept]


def _days(found: Sequence[Commitment], newest: Mapping[str, Newest]) -> list[Day]:
    """The days of what is open, and of the checks to come whether or not their modules have a commitment."""
    mine = [(one.entry.module, one.kept.due_on) for one in found if not one.kept.done_at]
    days = [Day(f"My commitment, module {module.number}", due, module.id) for module, due in mine if module and due]
    checks = [one for one in newest.values() if one.check is None and one.check_on >= day_of(now())]
    return days + [
        Day(f"My six-week check, module {one.module.number}", one.check_on, f"check {one.module.id}") for one in checks
    ]


def _newest() -> dict[str, Newest]:
    return follows(database(), me().id, library().modules).newest


def _event(day: Day, address: str) -> Event:
    """A whole day without an alarm. Its id tells nothing, and stays the same, so that a calendar moves it."""
    key = current_app.config["SECRET_KEY"].encode()
    event = Event()
    event.add(
        "uid",
        f"{hmac.digest(key, f'day {me().id} {day.about}'.encode(), 'sha256').hex()[:32]}@{urlsplit(address).hostname}",
    )
    event.add("dtstamp", now())
    event.add("dtstart", day.on)  # a day without an end is that one day
    event.add("summary", day.summary)
    event.add("description", f"Your own words are in your action plan: {address}")
    event.add("url", address)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event


def _address() -> str:
    public = current_app.config["COURSE_URL"]
    return f"{public}{url_for('mine.plan')}" if public else url_for("mine.plan", _external=True)
