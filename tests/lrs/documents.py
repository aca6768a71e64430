"""The document resources: state of an activity, profiles of an agent and of an activity."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha1
from typing import TYPE_CHECKING, Any

from tests.lrs.requests import Refused, Reply, Request, only
from tests.lrs.rules import IRI, UUID, agent

if TYPE_CHECKING:
    from tests.lrs.server import Lrs

Key = tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """What is kept under a key."""

    body: bytes
    content_type: str
    kept_at: datetime

    @property
    def etag(self) -> str:
        return f'"{sha1(self.body, usedforsecurity=False).hexdigest()}"'

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def _needed(request: Request, *names: str) -> list[str]:
    if missing := [name for name in names if not request.query.get(name)]:
        raise Refused(400, f"missing parameters: {', '.join(missing)}")
    return [_checked(name, request.query[name]) for name in names]


def _checked(name: str, value: str) -> str:
    """The value in one form; refuses what cannot be one."""
    if name == "activityId" and not IRI.fullmatch(value):
        raise Refused(400, "activityId is not an IRI")
    if name == "registration" and not UUID.fullmatch(value):
        raise Refused(400, "registration is not a UUID")
    if name != "agent":
        return value
    try:
        who = json.loads(value)
    except ValueError:
        raise Refused(400, "agent is not JSON") from None
    if found := list(agent(who, "agent")):
        raise Refused(400, "; ".join(found))
    return json.dumps({k: v for k, v in who.items() if k not in ("name", "objectType")}, sort_keys=True)


def state(lrs: Lrs, request: Request) -> Reply:
    """An activity's state for somebody; writing asks for no ETag, but one that is sent must fit."""
    only(request, "activityId", "agent", "registration", "stateId", "since")
    around = (*_needed(request, "activityId", "agent"), _checked_registration(request))
    return _document(lrs.states, around, request, id_name="stateId", must_match=lrs.strict_states)


def _checked_registration(request: Request) -> str:
    given = request.query.get("registration")
    return _checked("registration", given) if given is not None else ""


def agent_profile(lrs: Lrs, request: Request) -> Reply:
    """What is kept about somebody; a change must name the version that it replaces."""
    only(request, "agent", "profileId", "since")
    around = tuple(_needed(request, "agent"))
    return _document(lrs.agent_profiles, around, request, id_name="profileId", must_match=True)


def activity_profile(lrs: Lrs, request: Request) -> Reply:
    """What is kept about an activity; a change must name the version that it replaces."""
    only(request, "activityId", "profileId", "since")
    around = tuple(_needed(request, "activityId"))
    return _document(lrs.activity_profiles, around, request, id_name="profileId", must_match=True)


def _document(kept: dict[Key, Document], around: Key, request: Request, *, id_name: str, must_match: bool) -> Reply:
    if id_name not in request.query:
        return _all(kept, around, request)
    key = (*around, *_needed(request, id_name))
    found = kept.get(key)
    _ask_for_match(found, request, must_match=must_match and request.method == "PUT")
    write: dict[str, Callable[[], Reply]] = {
        "GET": lambda: _read(found),
        "PUT": lambda: _write(kept, key, request, request.body),
        "POST": lambda: _write(kept, key, request, _merged(found, request)),
        "DELETE": lambda: _remove(kept, key),
    }
    if request.method not in write:
        raise Refused(405, f"{request.method} is not a method of documents")
    return write[request.method]()


def _ask_for_match(found: Document | None, request: Request, *, must_match: bool) -> None:
    """The rules on writing at the same time: 412 for a version that is not the newest, 409 for none where one is."""
    match, none_match = request.headers.get("if-match"), request.headers.get("if-none-match")
    if request.method == "GET":
        return
    if match is not None and (found is None or match not in ("*", found.etag)):
        raise Refused(412, "another version is here: If-Match does not fit")
    if none_match is not None and found is not None and none_match in ("*", found.etag):
        raise Refused(412, "one is here already: If-None-Match does not fit")
    if must_match and found and match is None and none_match is None:
        raise Refused(409, "one is here already: ask for it, then send its ETag as If-Match")


def _read(found: Document | None) -> Reply:
    if found is None:
        raise Refused(404, "there is no such document")
    kept_at = found.kept_at.strftime("%a, %d %b %Y %H:%M:%S GMT")
    headers = {"Content-Type": found.content_type, "ETag": found.etag, "Last-Modified": kept_at}
    return Reply(200, found.body, headers)


def _write(kept: dict[Key, Document], key: Key, request: Request, body: bytes) -> Reply:
    kept[key] = Document(body, request.headers.get("content-type", "application/octet-stream"), datetime.now(UTC))
    return Reply(204, headers={"ETag": kept[key].etag})


def _remove(kept: dict[Key, Document], key: Key) -> Reply:
    kept.pop(key, None)
    return Reply(204)


def _merged(found: Document | None, request: Request) -> bytes:
    """POST puts the parts of one JSON object into the one that is here."""
    if found is None:
        return request.body
    new = request.json
    if not isinstance(new, dict) or "json" not in found.content_type or not isinstance(found.json, dict):
        raise Refused(400, "only JSON objects can be put together")
    return json.dumps({**found.json, **new}).encode()


def _all(kept: dict[Key, Document], around: Key, request: Request) -> Reply:
    """Without an id: the ids of all (GET), or all are removed (DELETE)."""
    since = datetime.fromisoformat(request.query.get("since", "1970-01-01T00:00:00+00:00"))
    keys = [key for key, one in kept.items() if key[:-1] == around and one.kept_at > since]
    if request.method == "GET":
        return Reply.of([key[-1] for key in keys])
    if request.method != "DELETE":
        raise Refused(400, "the id of the document is missing")
    for key in keys:
        del kept[key]
    return Reply(204)
