"""What an attempt tells an LRS: the right verbs at the right events, each valid, each with an id for ever."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from course.catalogue.events import Chose, Event, Rated
from course.catalogue.model import Module
from course.catalogue.progress import replay
from course.statements.profile import Profile
from course.statements.sitting import sitting_after
from course.statements.tell import statements_of, tell
from course.statements.xapi import Attempted, Telling
from tests.lrs.rules import faults
from tests.statements.conftest import START, Timed

SOON, LATER = START + timedelta(minutes=20), START + timedelta(days=1)


def test_a_whole_module_in_one_sitting(
    telling: Telling, ada: Attempted, module: Module, whole_way: list[Event], timed: Timed
) -> None:
    told = list(statements_of(telling, ada, module, events=timed(whole_way), now=LATER))
    verbs = [t.verb for t in told]
    decisions = sum(isinstance(e, Chose) for e in whole_way)
    assert verbs == ["initialized", *["answered"] * decisions, "rated", "completed", "terminated"]
    assert [fault for t in told for fault in faults(t.body)] == []
    assert len({t.id for t in told}) == len(told)
    completed = told[-2].body
    minutes = len(whole_way) - 1
    assert completed["result"] == {"completion": True, "duration": f"PT{minutes:02}M00S"}
    assert completed["object"]["id"] == "https://learn.example.org/xapi/modules/module-three"
    assert completed["timestamp"] == (START + timedelta(minutes=minutes)).isoformat()


def test_ids_are_the_same_whenever_and_however_they_are_told(
    telling: Telling, ada: Attempted, module: Module, whole_way: list[Event], timed: Timed
) -> None:
    events = timed(whole_way, {4: 45})
    at_once = list(statements_of(telling, ada, module, events=events, now=LATER))
    in_turn = []
    for happened in events:
        before = replay(module, whole_way[: happened.number])
        sitting = sitting_after(e.at for e in events[: happened.number])
        in_turn += tell(telling, ada, happened, before=before, sitting=sitting)
    assert [t.body for t in in_turn] == [t.body for t in at_once[:-1]]
    second = statements_of(telling, replace(ada, number=1), module, events=events, now=LATER)
    assert not {t.id for t in second} & {t.id for t in at_once}


def test_choices_are_told_only_where_that_is_set(
    telling: Telling, ada: Attempted, module: Module, whole_way: list[Event], timed: Timed
) -> None:
    quiet = replace(telling, choices=False)
    told = list(statements_of(quiet, ada, module, events=timed(whole_way), now=LATER))
    choices = {e.choice for e in whole_way if isinstance(e, Chose)}
    assert choices and "answered" not in {t.verb for t in told}
    assert not any(choice in str(t.body) for t in told for choice in choices)
    loud = list(statements_of(telling, ada, module, events=timed(whole_way), now=LATER))
    assert {t.body["result"]["response"] for t in loud if t.verb == "answered"} == choices


@pytest.mark.parametrize(("pause", "sittings"), [(30, 1), (31, 2)])
def test_a_break_of_more_than_half_an_hour_begins_another_sitting(
    telling: Telling, ada: Attempted, module: Module, whole_way: list[Event], timed: Timed, pause: int, sittings: int
) -> None:
    told = list(statements_of(telling, ada, module, events=timed(whole_way, {3: pause}), now=LATER))
    count = Counter(t.verb for t in told)
    assert count["initialized"] == count["terminated"] == sittings
    if sittings == 2:
        left = next(t for t in told if t.verb == "terminated")
        assert left.body["result"] == {"duration": "PT02M00S"} and left.at == START + timedelta(minutes=2)
        completed = next(t for t in told if t.verb == "completed")
        assert completed.body["result"]["duration"] == f"PT{len(whole_way) - 2:02}M00S"  # without the break


def test_a_sitting_that_may_go_on_has_not_ended(
    telling: Telling, ada: Attempted, module: Module, whole_way: list[Event], timed: Timed
) -> None:
    told = list(statements_of(telling, ada, module, events=timed(whole_way[:2]), now=SOON))
    assert [t.verb for t in told] == ["initialized"]


def test_ratings_are_counted_and_no_statement_is_named(
    telling: Telling, ada: Attempted, module: Module, whole_way: list[Event], timed: Timed
) -> None:
    [rated] = [e for e in whole_way if isinstance(e, Rated)]
    told = statements_of(telling, ada, module, events=timed(whole_way), now=LATER)
    body = next(t for t in told if t.verb == "rated").body
    counts = {"not-in-place": 0, "partly": 4, "fully": 0, "dont-know": 0}
    assert body["result"]["extensions"] == {telling.profile.ratings: {"practitioner": counts}}
    assert not any(id_ in str(body) for id_ in rated.ratings)


def test_people_are_named_by_a_random_id_unless_it_is_set_otherwise(
    telling: Telling, ada: Attempted, module: Module, whole_way: list[Event], timed: Timed
) -> None:
    def actor(telling: Telling) -> object:
        return next(statements_of(telling, ada, module, events=timed(whole_way), now=LATER)).body["actor"]

    account = {"homePage": "https://learn.example.org", "name": ada.person_id}
    assert actor(telling) == {"objectType": "Agent", "account": account}
    named = replace(telling, by_email=True)
    assert actor(named) == {"objectType": "Agent", "mbox": "mailto:ada@example.org"}
    assert not any(
        "ada@" in str(t.body) for t in statements_of(telling, ada, module, events=timed(whole_way), now=LATER)
    )


def test_a_completion_bears_the_version_that_it_was_made_on(
    telling: Telling, ada: Attempted, module: Module, whole_way: list[Event], timed: Timed
) -> None:
    old = replace(ada, version="0.9")
    told = {t.verb: t for t in statements_of(telling, old, module, events=timed(whole_way), now=LATER)}
    version = telling.profile.version
    assert told["initialized"].body["context"]["extensions"] == {version: "0.9"}
    assert told["completed"].body["context"]["extensions"] == {version: "1.0"}
    later = replace(old, completed_on="0.95")  # told again when the content has moved on
    told = {t.verb: t for t in statements_of(telling, later, module, events=timed(whole_way), now=LATER)}
    assert told["completed"].body["context"]["extensions"] == {version: "0.95"}


def test_a_choice_that_a_newer_edition_no_longer_offers_tells_nothing(
    telling: Telling, ada: Attempted, module: Module, timed: Timed
) -> None:
    gone = timed([Chose(choice="long-gone")])
    assert [t.verb for t in statements_of(telling, ada, module, events=gone, now=SOON)] == ["initialized"]


def test_where_no_address_is_set_the_ids_are_still_valid(
    ada: Attempted, module: Module, whole_way: list[Event], timed: Timed
) -> None:
    told = statements_of(Telling(Profile()), ada, module, events=timed(whole_way), now=LATER)
    assert all(not faults(t.body) for t in told)
