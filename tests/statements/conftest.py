"""A small module, and somebody's events in it at times that a test sets."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from course.catalogue.events import Event
from course.catalogue.library import load
from course.catalogue.model import Module
from course.statements.profile import Profile
from course.statements.tell import Happened
from course.statements.xapi import Attempted, Telling
from tests.course.conftest import way_through, whole_way
from tests.factories import write_content

__all__ = ["way_through", "whole_way"]

START = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
Timed = Callable[..., list[Happened]]


@pytest.fixture(scope="session")
def module(tmp_path_factory: pytest.TempPathFactory) -> Module:
    return load(write_content(tmp_path_factory.mktemp("content"))).modules[0]


@pytest.fixture
def telling() -> Telling:
    return Telling(Profile("https://learn.example.org"), choices=True)


@pytest.fixture
def ada() -> Attempted:
    return Attempted(person_id="5e" * 16, email="ada@example.org", number=0, version="1.0")


@pytest.fixture
def timed() -> Timed:
    """The events a minute apart, with a break of so many minutes before some of them."""

    def timed(events: list[Event], breaks: dict[int, int] | None = None) -> list[Happened]:
        at, found = START, []
        for number, event in enumerate(events):
            at += timedelta(minutes=(breaks or {}).get(number, 1) if number else 0)
            found.append(Happened(number, event, at))
        return found

    return timed
