"""The days on which my cards come, as a calendar file: it names no module, since calendars at work are shared."""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Response as FlaskResponse
from flask import current_app, redirect, url_for
from icalendar import Calendar, Event
from werkzeug.wrappers import Response

from course.learning.desk.days import day_of
from course.learning.mine.cards import Coming, answers_of, coming_cards, days_of
from course.learning.mine.follows import follows
from course.web.chrome import library
from course.web.clock import now
from course.web.database import database
from course.web.mine.blueprint import blueprint
from course.web.security import me

WEEKS = timedelta(weeks=26)
SUMMARY = "Two-minute decision"


@blueprint.get("/cards.ics")
def cards_calendar() -> Response:
    """The coming half year; whoever wants no cards goes to where they can."""
    if me().cards == "no":
        return redirect(url_for("mine.cards"))
    today, newest = day_of(now()), follows(database(), me().id, library().modules).newest
    answered = days_of(answers_of(database(), me().id))
    calendar = Calendar()
    calendar.add("prodid", "-//Learning into Practice//Decision cards//EN")
    calendar.add("version", "2.0")
    for coming in coming_cards(list(newest.values()), answered, today, until=today + WEEKS):
        calendar.add_component(_event(coming))
    response = FlaskResponse(calendar.to_ical(), mimetype="text/calendar")
    response.headers.set("Content-Disposition", "attachment", filename="two-minute-decisions.ics")
    return response


def _event(coming: Coming) -> Event:
    """A whole day. Its id stays the same where the file is made again, so that a calendar moves it."""
    address = _address()
    event = Event()
    event.add("uid", f"card-{coming.newest.completion_id}-{coming.number}@{urlsplit(address).hostname}")
    event.add("dtstamp", now())
    event.add("dtstart", coming.on)
    event.add("dtend", coming.on + timedelta(days=1))
    event.add("summary", SUMMARY)
    event.add("url", address)
    event.add("description", address)
    event.add("transp", "TRANSPARENT")
    return event


def _address() -> str:
    public = current_app.config["COURSE_URL"]
    return f"{public}{url_for('mine.cards')}" if public else url_for("mine.cards", _external=True)
