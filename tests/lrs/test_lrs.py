"""The stub itself: a rule that it does not hold would let every other test pass."""

import json
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pytest

from tests.lrs import Lrs, Reply
from tests.lrs.rules import faults

Ask = Callable[..., tuple[int, Any, dict[str, str]]]
AGENT = {"account": {"homePage": "https://a.example", "name": "1"}}
STATE = {"activityId": "https://a.example/m", "agent": json.dumps(AGENT), "stateId": "place"}


def statement(**other: Any) -> dict[str, Any]:
    good = {
        "id": str(uuid4()),
        "actor": AGENT,
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"en-GB": "completed"}},
        "object": {"id": "https://a.example/m", "definition": {"name": {"en-GB": "A module"}}},
        "timestamp": "2026-11-23T09:30:00+00:00",
    }
    return {**good, **other}


@pytest.fixture
def lrs() -> Iterator[Lrs]:
    with Lrs() as lrs:
        yield lrs


@pytest.fixture
def ask(lrs: Lrs) -> Ask:
    def ask(method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any, dict[str, str]]:
        parts = urlsplit(lrs.address)
        own = {"Authorization": min(lrs.keys), "X-Experience-API-Version": "1.0.3", "Content-Type": "application/json"}
        headers = {k: v for k, v in {**own, **more.get("headers", {})}.items() if v is not None}
        connection = HTTPConnection(parts.hostname or "", parts.port or 0, timeout=10)
        query = f"?{urlencode(more['query'])}" if "query" in more else ""
        connection.request(method, parts.path + path + query, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        is_json = answer.headers.get("Content-Type", "").startswith("application/json")
        return answer.status, json.loads(text) if is_json else text, dict(answer.headers.items())

    return ask


def test_a_statement_is_kept_once_and_read_back(lrs: Lrs, ask: Ask) -> None:
    sent = statement()
    assert ask("POST", "statements", [sent])[:2] == (200, [sent["id"]])
    assert ask("POST", "statements", [sent])[0] == 409
    found = ask("GET", "statements", query={"statementId": sent["id"]})[1]
    assert found["verb"] == sent["verb"] and found["stored"]
    assert ask("GET", "statements", query={"agent": json.dumps(AGENT)})[1]["statements"] == [found]
    assert lrs.requests[0].json == [sent]


def test_a_batch_with_one_fault_is_not_kept_at_all(lrs: Lrs, ask: Ask) -> None:
    status, why, _ = ask("POST", "statements", [statement(), statement(timestamp="2026-11-23T09:30:00")])
    assert status == 400 and "timestamp" in why
    assert ask("POST", "statements", [one := statement(), one])[0] == 400
    assert not lrs.statements


def test_put_keeps_a_statement_under_the_id_in_the_address(lrs: Lrs, ask: Ask) -> None:
    sent = statement()
    assert ask("PUT", "statements", sent, query={"statementId": str(uuid4())})[0] == 400
    assert ask("PUT", "statements", sent, query={"statementId": sent["id"]})[0] == 204
    assert list(lrs.statements) == [sent["id"]]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"id": "1"}, "UUID"),
        ({"timestamp": "2026-02-30T09:30:00Z"}, "no time that there is"),
        ({"timestamp": "2026-11-23T09:30:00-00:00"}, "zone"),
        ({"actor": {**AGENT, "mbox": "mailto:a@a.example"}}, "2 identifiers"),
        ({"actor": {"name": "Ada"}}, "0 identifiers"),
        ({"actor": {"mbox": "a@a.example"}}, "mailto"),
        ({"verb": {"id": "completed"}}, "IRI"),
        ({"verb": {"id": "https://a.example/v", "display": {"English language": "did"}}}, "language"),
        ({"verb": {"id": "https://a.example/v", "display": "did"}}, "language map"),
        ({"object": {"id": "https://a.example/a b"}}, "IRI"),
        ({"object": {"id": "https://a.example", "definition": {"choices": []}}}, "interactionType"),
        ({"result": {"duration": "5 minutes"}}, "duration"),
        ({"result": {"duration": "PT"}}, "duration"),
        ({"result": {"completion": "true"}}, "wrong kind"),
        ({"result": {"score": {"scaled": 2}}}, "between"),
        ({"result": {"response": None}}, "null"),
        ({"context": {"registration": "1"}}, "UUID"),
        ({"context": {"extensions": {"version": 1}}}, "IRI"),
        ({"context": {"contextActivities": {"category": [{"id": "cmi5"}]}}}, "IRI"),
        ({"note": "mine"}, "not known"),
        ({"version": "2.0.0"}, "version"),
    ],
)
def test_what_is_no_statement_is_told(wrong: dict[str, Any], said: str) -> None:
    assert not faults(statement())
    assert any(said in fault for fault in faults(statement(**wrong))), faults(statement(**wrong))


def test_without_a_key_or_a_version_nothing_opens(ask: Ask) -> None:
    assert ask("GET", "statements", headers={"Authorization": None})[0] == 401
    assert ask("GET", "statements", headers={"Authorization": "Basic eDp5"})[0] == 401
    assert ask("GET", "statements", headers={"X-Experience-API-Version": None})[0] == 400
    about = {"Authorization": None, "X-Experience-API-Version": None}
    assert ask("GET", "about", headers=about)[1]["version"] == ["1.0.3"]
    assert ask("GET", "elsewhere")[0] == 404
    assert ask("GET", "statements", query={"colour": "red"})[0] == 400


def test_a_state_is_kept_for_one_person_and_registration(lrs: Lrs, ask: Ask) -> None:
    assert ask("GET", "activities/state", query=STATE)[0] == 404
    assert ask("PUT", "activities/state", {"at": 1}, query=STATE)[0] == 204
    assert ask("POST", "activities/state", {"of": 2}, query=STATE)[0] == 204
    assert ask("GET", "activities/state", query=STATE)[1] == {"at": 1, "of": 2}
    assert ask("GET", "activities/state", query={**STATE, "registration": str(uuid4())})[0] == 404
    assert ask("GET", "activities/state", query={k: v for k, v in STATE.items() if k != "stateId"})[1] == ["place"]
    assert ask("DELETE", "activities/state", query=STATE)[0] == 204 and not lrs.states
    assert ask("GET", "activities/state", query={**STATE, "agent": "{}"})[0] == 400


def test_a_state_is_not_written_over_by_who_has_not_seen_it(lrs: Lrs, ask: Ask) -> None:
    def put(**headers: str) -> int:
        return ask("PUT", "activities/state", {"at": 1}, query=STATE, headers=headers)[0]

    assert put(**{"If-None-Match": "*"}) == 204
    assert put(**{"If-None-Match": "*"}) == 412
    assert put(**{"If-Match": '"other"'}) == 412
    etag = ask("GET", "activities/state", query=STATE)[2]["ETag"]
    assert put(**{"If-Match": etag}) == 204
    assert put() == 204
    lrs.strict_states = True
    assert put() == 409


def test_a_profile_is_only_changed_by_its_etag(ask: Ask) -> None:
    query = {"agent": json.dumps(AGENT), "profileId": "cmi5LearnerPreferences"}
    assert ask("PUT", "agents/profile", {"a": 1}, query=query)[0] == 204
    assert ask("PUT", "agents/profile", {"a": 2}, query=query)[0] == 409
    etag = ask("GET", "agents/profile", query=query)[2]["ETag"]
    assert ask("PUT", "agents/profile", {"a": 2}, query=query, headers={"If-Match": etag})[0] == 204


@pytest.mark.parametrize("origin", ["null", "https://a.example"])
def test_a_page_of_any_origin_may_ask_and_read(ask: Ask, origin: str) -> None:
    asking = {"Authorization": None, "X-Experience-API-Version": None, "Origin": origin}
    status, _, headers = ask("OPTIONS", "statements", headers=asking)
    assert status == 204 and headers["Access-Control-Allow-Origin"] == origin
    assert "X-Experience-API-Version" in headers["Access-Control-Allow-Headers"]
    answer = ask("GET", "activities/state", query=STATE, headers={"Origin": origin})[2]
    assert answer["Access-Control-Allow-Origin"] == origin and "ETag" in answer["Access-Control-Expose-Headers"]


def test_it_misbehaves_as_told_and_then_no_more(lrs: Lrs, ask: Ask) -> None:
    lrs.trouble.answer(503, times=2, retry_after="120")
    assert [ask("POST", "statements", [statement()])[0] for _ in range(3)] == [503, 503, 200]
    lrs.trouble.drop()
    with pytest.raises((HTTPException, OSError)):
        ask("POST", "statements", [statement()])
    assert len(lrs.statements) == 1
    lrs.trouble.drop(after=True)
    with pytest.raises((HTTPException, OSError)):
        ask("POST", "statements", [statement()])
    assert len(lrs.statements) == 2
    lrs.trouble.refuse = lambda s: "no homework" if s["object"]["id"].endswith("homework") else None
    assert ask("POST", "statements", [statement(object={"id": "https://a.example/homework"})])[:2] == (
        400,
        "no homework",
    )
    assert ask("POST", "statements", [statement()])[0] == 200


def test_a_resource_of_a_tests_own_is_added(lrs: Lrs, ask: Ask) -> None:
    lrs.routes["fetch"] = lambda lrs, request: Reply.of({"auth-token": request.method})
    lrs.open_to_all.add("fetch")
    assert ask("POST", "fetch", headers={"Authorization": None})[1] == {"auth-token": "POST"}
