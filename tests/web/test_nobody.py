"""A request that was under way while its sender was erased keeps nothing, and is answered as one signed out."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from course.learning.mine import data_requests, erasing
from course.learning.tables import Attempt, Certificate, Completion, Person, Reflection
from course.web.learn import words
from course.web.mine import certificates
from tests.web.test_words import autosave, to_reflection
from tests.web.visitor import Visitor

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
PLACES = {"save": (words, "written"), "certificate": (certificates.certificates, "said_of")}


@pytest.fixture
def ada(app: Flask, session: Session, add_person: Callable[..., Person]) -> Person:
    """Who has completed a module."""
    app.config["CLOCK"] = lambda: NOW
    ada, at = add_person("Ada Bell"), NOW - timedelta(days=1)
    did = {"person_id": ada.id, "module_id": "module-three", "version": "1.0"}
    attempt = Attempt(**did, number=0, started_at=at)
    session.add(attempt)
    session.flush()
    session.add(Completion(**did, attempt_id=attempt.id, completed_at=at))
    session.commit()
    return ada


@pytest.fixture
def erased_at(
    session: Session, ada: Person, add_person: Callable[..., Person], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], None]:
    """Has Ada erased in the middle of her next request, at one of PLACES."""
    lead = add_person("Zoe", access="partnership-lead")

    def erased_at(place: str) -> None:
        request = data_requests.ask(session, ada, "erase", text="", now=NOW)
        where, name = PLACES[place]
        whole = getattr(where, name)

        def erase_and_go_on(*read: object) -> object:
            said = whole(*read)
            erasing.erase(session, lead, request, now=NOW)
            return said

        monkeypatch.setattr(where, name, erase_and_go_on)

    return erased_at


def test_words_are_not_kept(
    session: Session, ada: Person, visit: Callable[..., Visitor], erased_at: Callable[[str], None]
) -> None:
    learner = to_reflection(visit(ada))
    erased_at("save")
    answer = autosave(learner, **{"answer-1": "planted"})
    assert (answer.status_code, "/sign-in" in answer.headers["Location"]) == (302, True)
    session.expire_all()
    assert session.scalars(select(Reflection)).all() == []


def test_no_certificate_is_made_with_the_name_that_was(
    session: Session, ada: Person, visit: Callable[..., Visitor], erased_at: Callable[[str], None]
) -> None:
    learner = visit(ada)
    erased_at("certificate")
    learner.get("/mine/certificates/03-module-three")
    assert learner.path.startswith("/sign-in")
    session.expire_all()
    assert session.scalars(select(Certificate)).all() == []
