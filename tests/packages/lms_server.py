"""The web server of the test LMS: on this machine only, everything that is asked written down."""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from typing import Any, Protocol

HERE = Path(__file__).parent
SCORM_AGAIN = HERE.parents[1] / "node_modules/scorm-again/dist"


@dataclass(frozen=True)
class Request:
    """One HTTP request."""

    method: str
    path: str
    body: str


class Keeper(Protocol):
    """Who answers: see tests.packages.lms.Lms."""

    content: dict[str, dict[str, bytes]]
    headers: dict[str, str]
    requests: list[Request]
    csp_reports: list[str]

    def page(self, number: int) -> str: ...
    def record(self, number: int, call: dict[str, Any], nth: int) -> None: ...
    def commit(self, number: int, body: str) -> dict[str, Any]: ...


def page(inside: str) -> str:
    return f'<!doctype html><html lang="en"><title>LMS</title><link rel="icon" href="data:,">{inside}</html>'


def frame(address: str) -> str:
    return f'<iframe src="{escape(address)}" width="620" height="440"></iframe>'


def serve(keeper: Keeper) -> tuple[Callable[[], None], str]:
    """Serve until the function returned is called; gives the address too."""
    handler = type("Handler", (_Handler,), {"keeper": keeper})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()

    def close() -> None:
        server.shutdown()
        server.server_close()

    return close, f"http://127.0.0.1:{server.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    keeper: Keeper

    def do_GET(self) -> None:
        self.keeper.requests.append(Request("GET", self.path, ""))
        path, _, query = self.path.partition("?")
        kind, _, rest = path.lstrip("/").partition("/")
        match kind:
            case "launch":
                self._answer(self.keeper.page(int(rest)).encode(), "text/html; charset=utf-8")
            case "frame":
                self._answer(page(frame(query)).encode(), "text/html; charset=utf-8")
            case "lms.js":
                self._answer((HERE / "lms.js").read_bytes(), "text/javascript")
            case "scorm12.min.js" | "scorm2004.min.js":
                self._answer((SCORM_AGAIN / kind).read_bytes(), "text/javascript")
            case _:
                self._content(rest)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.keeper.requests.append(Request("POST", self.path, body))
        kind, _, rest = self.path.lstrip("/").partition("/")
        answer = "{}"
        match kind:
            case "commit":
                answer = json.dumps(self.keeper.commit(int(rest), body))
            case "calls":
                nth, call = json.loads(body)
                self.keeper.record(int(rest), call, nth)
            case "csp":
                self.keeper.csp_reports.append(body)
        self._answer(answer.encode(), "application/json")

    def _content(self, rest: str) -> None:
        package, _, name = rest.partition("/")
        file = self.keeper.content.get(package, {}).get(name)
        if file is None:
            self.send_error(404)
            return
        self._answer(file, guess_type(name)[0] or "text/plain", self.keeper.headers)

    def _answer(self, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(200)
        for header, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(header, value)
        with suppress(ConnectionError):  # a window that was closed meanwhile
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing on the test run's screen."""
