"""A sentence planted in all that a learner writes and answers: nobody else finds it, whatever they open, and in no log.

The routes are read from the app, so that one which is added later is searched without being named here.
"""

import logging
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import AnyConverter, Rule

from course.learning.columns import Base
from course.learning.mine.checks import QUESTIONS
from course.learning.tables import Attempt, CardAnswer, CheckBegun, Completion, Person, SixWeekCheck
from tests.web.test_lead_scope import ask, text_of
from tests.web.test_words import ENTRY, WORDS, autosave, to_reflection
from tests.web.visitor import Visitor, text

Visit = Callable[..., Visitor]
AddPerson = Callable[..., Person]

PLANTED = "the heron stood by the weir"
WRITTEN = {name: f"{PLANTED} {name}" for name in WORDS if name != "by-when"} | {"who-notices": PLANTED}


@pytest.fixture
def ada(add_person: AddPerson) -> Person:
    return add_person("Ada Bell")


@pytest.fixture
def token(visit: Visit, ada: Person, session: Session) -> str:
    """Of a link to the entry, made and taken back after the module was completed with the planted words in it.

    A check after six weeks and a card were answered with them too.
    """
    learner = to_reflection(visit(ada))
    assert autosave(learner, **WRITTEN).status_code == 200
    learner.get(f"{ENTRY.replace('/mine/journal', '/modules')}/reflection").send("Keep this and finish", **WRITTEN)
    assert learner.heading == "You have finished this module"
    learner.get(ENTRY).send("Make a link", days="7")
    token = text(learner.page.xpath("//*[@id='link']")[0]).rpartition("/")[2]
    assert PLANTED in visit().get(f"/shared/{token}").send("Read it").words
    learner.get(ENTRY).send("Take back")
    done = session.scalars(select(Completion)).one()
    answered = {"completion_id": done.id, "person_id": ada.id, "choice": PLANTED, "at": done.completed_at}
    session.add(SixWeekCheck(**answered, **dict.fromkeys(QUESTIONS, PLANTED), discussed_at=done.completed_at))
    session.add(CheckBegun(**answered))
    session.add(CardAnswer(**answered, card_id="module-three-card-1"))
    session.commit()
    return token


def addresses(rule: Rule, values: dict[str, Any]) -> Iterator[str]:
    """Every address of a route: with what is known of Ada, each word that it may have, or else a 1."""
    names = sorted(rule.arguments)
    converters = [rule._converters[name] for name in names]
    known = [
        sorted(converter.items) if isinstance(converter, AnyConverter) else [values.get(name, 1)]
        for name, converter in zip(names, converters, strict=True)
    ]
    for chosen in product(*known):
        built = rule.build(dict(zip(names, chosen, strict=True)))
        assert built is not None, rule
        yield built[1]


@pytest.mark.parametrize("access", ["administrator", "learner", ""])
def test_nobody_else_finds_it(
    app: Flask,
    visit: Visit,
    add_person: AddPerson,
    session: Session,
    ada: Person,
    token: str,
    access: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    visitor = visit(add_person("Zoe Other", access=access) if access else None)
    app.config["WTF_CSRF_ENABLED"] = False  # what keeps it back here must not be the form's token
    attempt = session.scalars(select(Attempt.id)).first()
    values = {"name": "03-module-three", "person_id": ada.id, "token": token, "attempt_id": attempt, "version": "1.0"}
    values |= {"place": "reflection", "code": "x", "group": "added", "card_id": "x"}
    opened = 0
    for method in ("GET", "POST"):
        for rule in sorted(app.url_map.iter_rules(), key=str):
            if method not in (rule.methods or ()) or rule.endpoint in ("static", "lesson.static", "account.sign_out"):
                continue
            for path in addresses(rule, values):
                response = ask(visitor, method, path)
                opened += response.status_code == 200
                assert response.status_code < 500, (method, path)
                shown = text_of(response) + str(response.headers)
                assert PLANTED not in shown, (method, path)
                assert token not in shown.replace(path, ""), (method, path)
    assert opened > {"administrator": 60, "learner": 25, "": 8}[access]
    assert PLANTED not in caplog.text
    assert token not in caplog.text


def test_it_is_in_no_other_table_and_the_token_in_none(session: Session, token: str) -> None:
    found = {name: str(session.execute(select(table)).all()) for name, table in Base.metadata.tables.items()}
    assert {name for name, rows in found.items() if PLANTED in rows} == {
        "reflections",
        "six_week_checks",
        "checks_begun",
        "card_answers",
    }
    assert [name for name, rows in found.items() if token in rows] == []
    assert len(found["shares"]) > 2
    assert len(found["events"]) > 2


@pytest.mark.parametrize("path", ["/shared/", "/password/"])
def test_an_error_on_the_way_logs_no_link(
    app: Flask, visit: Visit, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    visitor, app.extensions["sessions"], sessions = visit(), None, app.extensions["sessions"]
    app.config["SECRET_KEY"] = None
    assert visitor.client.get(f"{path}a-token", base_url="https://localhost").status_code == 500
    app.extensions["sessions"] = sessions
    assert f"Exception on {path}… [GET]" in caplog.text
    assert "a-token" not in caplog.text
