"""The statements resource: kept whole or not at all, never changed, each id once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.lrs.requests import Refused, Reply, Request, only
from tests.lrs.rules import faults

if TYPE_CHECKING:
    from tests.lrs.server import Lrs

FILTERS = ("agent", "verb", "activity", "registration", "since", "until", "limit", "ascending", "format")


def statements(lrs: Lrs, request: Request) -> Reply:
    """POST one or many, PUT one under its id, GET one or those that fit."""
    if request.method == "GET":
        return _get(lrs, request)
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise Refused(400, "statements come as application/json")
    if request.method == "POST":
        only(request)
        sent = request.json
        return Reply.of(_keep(lrs, sent if isinstance(sent, list) else [sent]))
    if request.method == "PUT":
        only(request, "statementId")
        id_ = request.query.get("statementId", "")
        sent = request.json
        if not isinstance(sent, dict) or sent.get("id", id_).lower() != id_.lower():
            raise Refused(400, "the statement's id is not the one in the address")
        _keep(lrs, [{**sent, "id": id_}])
        return Reply(204)
    raise Refused(405, f"{request.method} is not a method of statements")


def _keep(lrs: Lrs, sent: list[Any]) -> list[str]:
    """All of `sent` or none; gives their ids."""
    if found := [fault for statement in sent for fault in faults(statement)]:
        raise Refused(400, "; ".join(found))
    ids = [str(statement.get("id", uuid4())).lower() for statement in sent]
    if len(set(ids)) < len(ids):
        raise Refused(400, "one id stands twice in the batch")
    with lrs.lock:
        for statement in sent:
            if lrs.trouble.refuse and (why := lrs.trouble.refuse(statement)):
                raise Refused(400, why)
        if again := [id_ for id_ in ids if id_ in lrs.statements]:
            raise Refused(409, f"already here: {', '.join(again)}")
        now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        authority = {"objectType": "Agent", "account": {"homePage": lrs.address, "name": lrs.user}}
        for id_, statement in zip(ids, sent, strict=True):
            added = {"timestamp": now, "version": "1.0.3", **statement, "stored": now, "authority": authority}
            lrs.statements[id_] = {**added, "id": id_}
    return ids


def _get(lrs: Lrs, request: Request) -> Reply:
    through = {"X-Experience-API-Consistent-Through": datetime.now(UTC).isoformat().replace("+00:00", "Z")}
    if id_ := request.query.get("statementId"):
        only(request, "statementId", "format")
        if id_.lower() not in lrs.statements:
            raise Refused(404, "there is no such statement")
        return Reply.of(lrs.statements[id_.lower()], **through)
    only(request, *FILTERS)
    found = [s for s in lrs.statements.values() if _fits(s, request.query)]
    if request.query.get("ascending") != "true":
        found.reverse()
    limit = int(request.query.get("limit", 0)) or len(found)
    return Reply.of({"statements": found[:limit], "more": ""}, **through)


def _fits(statement: dict[str, Any], query: dict[str, str]) -> bool:
    tests = {
        "verb": lambda value: statement["verb"]["id"] == value,
        "activity": lambda value: statement["object"].get("id") == value,
        "registration": lambda value: statement.get("context", {}).get("registration") == value,
        "agent": lambda value: _identifier(statement["actor"]) == _identifier(json.loads(value)),
        "since": lambda value: statement["stored"] > value,
        "until": lambda value: statement["stored"] <= value,
    }
    return all(test(query[name]) for name, test in tests.items() if name in query)


def _identifier(agent: dict[str, Any]) -> dict[str, Any]:
    return {key: agent[key] for key in ("mbox", "mbox_sha1sum", "openid", "account") if key in agent}
