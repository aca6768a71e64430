"""The server: takes requests, looks up their resource, and answers as any origin in a browser may read."""

from __future__ import annotations

import socket
import sys
from base64 import b64encode
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import RLock, Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.lrs.documents import Document, Key, activity_profile, agent_profile, state
from tests.lrs.requests import Refused, Reply, Request
from tests.lrs.statements import statements
from tests.lrs.trouble import Mishap, Trouble

ROOT, VERSION = "/xapi/", "1.0.3"
METHODS = ("GET", "POST", "PUT", "DELETE")
READABLE = "ETag, Last-Modified, X-Experience-API-Version, X-Experience-API-Consistent-Through"
SENDABLE = "Authorization, Content-Type, If-Match, If-None-Match, X-Experience-API-Version"

Route = Callable[["Lrs", Request], Reply]


class Lrs:
    """A running LRS. Everything that arrived stays in it to be looked at."""

    def __init__(self) -> None:
        self.user, self.password = "course", "a key of the tests"
        basic = b64encode(f"{self.user}:{self.password}".encode()).decode()
        self.keys = {f"Basic {basic}"}
        """The values of Authorization that open it."""
        self.open_to_all = {"about"}
        """Resources that ask for neither a key nor a version."""
        self.routes: dict[str, Route] = {
            "statements": statements,
            "activities/state": state,
            "activities/profile": activity_profile,
            "agents/profile": agent_profile,
            "about": lambda lrs, request: Reply.of({"version": [VERSION]}),
        }
        self.statements: dict[str, dict[str, Any]] = {}
        """By id, in the order in which they arrived."""
        self.states: dict[Key, Document] = {}
        """By activity, agent (its identifier as JSON), registration or "", and state id."""
        self.agent_profiles: dict[Key, Document] = {}
        self.activity_profiles: dict[Key, Document] = {}
        self.requests: list[Request] = []
        self.trouble = Trouble()
        self.strict_states = False
        """Whether a state that is here is only replaced by a request with If-Match, as some LRSs have it."""
        self.lock = RLock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.lrs = self
        self.address = f"http://127.0.0.1:{self._server.server_port}{ROOT}"

    def __enter__(self) -> Lrs:
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.trouble.end()
        self._server.shutdown()
        self._server.server_close()

    def traffic(self) -> bytes:
        """Everything that was ever sent here, addresses and headers included, to search in."""
        return "\n".join(map(repr, self.requests)).encode() + b"".join(r.body for r in self.requests)

    def carry_out(self, request: Request) -> Reply:
        """The answer to a request by the rules, without mishaps."""
        try:
            route = self.routes.get(request.path)
            if route is None:
                raise Refused(404, f"there is no resource {request.path!r}")
            if request.path not in self.open_to_all:
                self._let_in(request)
            with self.lock:
                return route(self, request)
        except Refused as refused:
            return Reply(refused.status, refused.why.encode(), {"Content-Type": "text/plain; charset=utf-8"})

    def _let_in(self, request: Request) -> None:
        if request.headers.get("authorization") not in self.keys:
            raise Refused(401, "no key, or one that does not fit")
        version = request.headers.get("x-experience-api-version", "")
        if version != "1.0" and not version.startswith("1.0."):
            raise Refused(400, f"X-Experience-API-Version is {version!r}")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    lrs: Lrs

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed is what some tests are about; anything else is a fault of this server."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def _take(self) -> None:
        parts = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=parts.path.removeprefix(ROOT),
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(self.headers.get("Content-Length", 0))),
        )
        lrs = self.server.lrs
        with lrs.lock:
            lrs.requests.append(request)
            mishap = lrs.trouble.next_for(request)
        if mishap and not mishap.after and self._goes_wrong(mishap):
            return
        reply = lrs.carry_out(request)
        if mishap and mishap.after and self._goes_wrong(mishap):
            return
        self._answer(reply)

    do_GET = do_POST = do_PUT = do_DELETE = _take

    def do_OPTIONS(self) -> None:
        """The question that a browser asks before it sends to another origin."""
        methods = {"Access-Control-Allow-Methods": ", ".join(METHODS), "Access-Control-Allow-Headers": SENDABLE}
        self._answer(Reply(204, headers=methods))

    def _goes_wrong(self, mishap: Mishap) -> bool:
        """Whether that is all that the client will hear."""
        if mishap.hang:
            mishap.hang.wait()
        if mishap.drop:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        if mishap.reply:
            self._answer(mishap.reply)
        return mishap.drop or mishap.reply is not None

    def _answer(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in {"X-Experience-API-Version": VERSION, **reply.headers}.items():
            self.send_header(name, value)
        if origin := self.headers.get("Origin"):
            self.send_header("Access-Control-Allow-Origin", origin)  # "null" too: a package that was opened as a file
            self.send_header("Access-Control-Expose-Headers", READABLE)
            self.send_header("Vary", "Origin")
        if reply.status != 204:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if reply.status != 204:
            self.wfile.write(reply.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: a test looks at lrs.requests."""
