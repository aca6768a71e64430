"""The record of packages made: kept as asked for, what came of it added, listed newest first."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, inspect
from sqlalchemy.orm import Session

from course.learning import exports, people
from course.learning.database import new_sessions
from course.learning.tables import Agency, Export, Person, Team

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
MADE: dict[str, exports.Made] = {"03-x-scorm12.zip": {"size": 7, "sha256": "0" * 64, "modules": ["x"]}}


@pytest.fixture
def person(engine: Engine) -> Person:
    with new_sessions(engine)() as session:
        team = Team(name="Team", agency=Agency(name="Agency"))
        words = {"name": "Zoe Lead", "email": "zoe@example.org", "password": "a long enough password"}
        return people.add_person(session, **words, role="manager", access="team-lead", team=team)


def record(session: Session, person: Person, at: datetime = NOW) -> Export:
    return exports.record(
        session,
        person,
        now=at,
        standard="scorm12",
        preset="moodle",
        options=["score"],
        modules={"z": "1.0", "a": "2.1"},
        partnership="Wexbridge",
        overlay="partnership: Wexbridge\r\n# Größe “”\n",
    )


def test_what_was_asked_for_is_found_as_it_was(engine: Engine, person: Person) -> None:
    sessions = new_sessions(engine)
    with sessions() as session:
        id_ = record(session, person).id
    with sessions() as session:
        exports.record_files(session, id_, MADE)
    with sessions() as session:
        found = exports.find(session, id_)
        assert found
        assert (found.person.name, found.at) == ("Zoe Lead", NOW)
        assert (found.options, found.modules, found.files) == (["score"], {"z": "1.0", "a": "2.1"}, MADE)
        assert found.overlay == "partnership: Wexbridge\r\n# Größe “”\n"
        assert exports.find(session, "nobody") is None


def test_the_list_is_newest_first_and_leaves_the_overlays_where_they_are(engine: Engine, person: Person) -> None:
    sessions = new_sessions(engine)
    with sessions() as session:
        times = [NOW + timedelta(minutes=n) for n in (2, 0, 1, 1)]
        made = [record(session, person, at) for at in times]
        ordered = sorted((e for e in made), key=lambda e: (-e.at.timestamp(), e.id))
    with sessions() as session:
        found = exports.newest(session, limit=3)
        assert [e.id for e in found] == [e.id for e in ordered[:3]]
        assert [e.id for e in exports.newest(session, limit=3, offset=3)] == [ordered[3].id]
        assert "overlay" in inspect(found[0]).unloaded
