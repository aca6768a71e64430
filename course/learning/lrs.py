"""The LRS that XapiStatements are sent to: tincan's client behind one typed answer.

tincan 1.0.0 knows no time limit, raises the network's own errors and checks nothing. Here a request has a limit
for the whole of it, every failure is an Answer, and what is no statement is not sent.
"""

import json
import socket
from base64 import b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from tincan import RemoteLRS, Statement
from tincan.http_request import HTTPRequest
from tincan.lrs_response import LRSResponse

from course.statements.xapi import XAPI_VERSION

VERSION_HEADER = "X-Experience-API-Version"

SECONDS = 30.0
"""The most that one request may take, once there is a connection, to the last byte of its answer."""


@dataclass(frozen=True)
class LrsAddress:
    """Where an LRS is, and what opens it."""

    endpoint: str
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Answer:
    """What came of sending. `status` is None where no whole answer came at all."""

    status: int | None
    why: str = ""
    """The LRS's reason, or the network's."""
    retry_after: str | None = None
    """The header of that name, as it came."""


class Lrs(RemoteLRS):  # type: ignore[misc] # tincan has no types
    """A client for one LRS."""

    _seconds: float

    def __init__(self, address: LrsAddress, *, seconds: float = SECONDS) -> None:
        # As UTF-8 (RFC 7617), where tincan would only take ASCII.
        key = b64encode(f"{address.user}:{address.password}".encode()).decode()
        super().__init__(endpoint=address.endpoint, version=XAPI_VERSION, auth=f"Basic {key}")
        object.__setattr__(self, "_seconds", seconds)  # tincan lets a class set no names but its own

    def send(self, bodies: Sequence[dict[str, Any]]) -> Answer:
        """Send statements in one batch; all of them are kept there, or none."""
        content, headers = json.dumps(bodies), {"Content-Type": "application/json"}
        request = HTTPRequest(method="POST", resource="statements", headers=headers, content=content)
        try:
            response = self._send_request(request)
        except (OSError, HTTPException) as error:
            return Answer(None, f"{type(error).__name__}: {error}".strip(": "))
        status, text, found = response.response.status, response.data, response.response.headers
        if 200 <= status < 300:
            # 204 is how Ralph says that it has all of them already.
            if VERSION_HEADER in found if status == 204 else _names(text, bodies):
                return Answer(200)
            return Answer(None, f"The answer was {status} but did not name what was sent, so it is not an LRS’s.")
        return Answer(status, text or response.response.reason, found.get("Retry-After"))

    def _send_request(self, request: HTTPRequest) -> LRSResponse:
        """One request on a connection of its own, as tincan does it, but with an end. Raises OSError, HTTPException."""
        url = urlsplit(f"{self.endpoint}{request.resource}")
        connect = HTTPSConnection if url.scheme == "https" else HTTPConnection
        connection = connect(url.hostname or "", url.port, timeout=self._seconds)
        headers = {VERSION_HEADER: self.version, "Authorization": self.auth, **request.headers}
        query = f"?{urlencode(request.query_params)}" if request.query_params else ""
        connection.connect()
        # A socket's own limit is for each byte: an LRS that drips would hold us for ever.
        end = Timer(self._seconds, _cut, [connection.sock])
        end.daemon = True
        end.start()
        try:
            connection.request(request.method, url.path + query, request.content, headers)
            response = connection.getresponse()
            return LRSResponse(
                success=response.status < 300,
                request=request,
                response=response,
                data=response.read().decode(errors="replace"),
            )
        finally:
            end.cancel()
            connection.close()


def fault_in(body: dict[str, Any]) -> str | None:
    """Why a statement must not be sent, or None. Guards against what tincan would let through."""
    try:
        statement = Statement(json.loads(json.dumps(body)))
        UUID(body["id"])
        if statement.timestamp is None or statement.timestamp.utcoffset() is None:
            return "its time has no zone"
        if len({"mbox", "mbox_sha1sum", "openid", "account"} & set(body["actor"])) != 1:
            return "its actor has not exactly one identifier"
        ids = (body["verb"]["id"], body["object"]["id"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return f"it is not a statement: {error!r}"
    return next((f"{id_!r} is not an IRI" for id_ in ids if not urlsplit(id_).scheme), None)


def _cut(line: socket.socket) -> None:
    with suppress(OSError):  # it is closed already
        line.shutdown(socket.SHUT_RDWR)


def _names(text: str, bodies: Sequence[dict[str, Any]]) -> bool:
    """Whether the answer holds ids of these and no others; Ralph leaves out those that it had before."""
    try:
        ids = {str(UUID(id_)) for id_ in json.loads(text)}
    except (ValueError, TypeError, AttributeError):
        return False
    return bool(ids) and ids <= {body["id"] for body in bodies}
