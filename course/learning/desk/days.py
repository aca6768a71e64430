"""Days as the people of a partnership count them: from midnight to midnight in London."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def day_of(at: datetime) -> date:
    """The day in London at this moment."""
    return at.astimezone(LONDON).date()


def start_of(day: date) -> datetime:
    """The moment when a day begins, in UTC."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The moment when the next day begins, in UTC: everything of the day happened before it."""
    return start_of(day + timedelta(days=1))


def day_before(end: datetime) -> date:
    """The last day of what ends at this moment."""
    return day_of(end - timedelta(microseconds=1))


def spoken(day: date) -> str:
    """A day as a sentence says it: 7 March 2027."""
    return f"{day.day} {day:%B %Y}"
