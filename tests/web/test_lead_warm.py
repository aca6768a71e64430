"""After a start nobody waits for the board: it is read before anybody looks."""

from collections.abc import Callable

import pytest
from flask import Flask

from course.learning.database import new_sessions, open_engine
from course.learning.tables import Person
from course.web.app import warm
from tests.web.visitor import Visitor


def test_the_first_lead_to_look_finds_everybody_read_already(
    app: Flask,
    visit: Callable[..., Visitor],
    add_person: Callable[..., Person],
    count_queries: Callable[[], list[str]],
) -> None:
    lead = visit(add_person("Lea Lead", access="partnership-lead"))
    warm(app).join()
    sent = count_queries()
    assert "Lea Lead" in lead.get("/lead/people").words
    assert not [sql for sql in sent if "completions" in sql or "former_places" in sql]


def test_a_database_that_cannot_be_read_stops_no_start(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(app.extensions, "sessions", new_sessions(open_engine("sqlite:////nowhere/at/all.sqlite")))
    warm(app).join()
    assert "Cannot read where everybody is yet" in caplog.text
