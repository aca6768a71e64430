"""A small real LMS: scorm-again as its run-time, a web server that keeps records and writes everything down.

It serves the files of a package exactly as they stand in the zip, gives each learner back what was committed,
and can misbehave: see Trouble. Nothing in it knows what the course's packages should do.
"""

import json
import threading
import time
from dataclasses import asdict, dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from mimetypes import guess_type
from pathlib import Path
from typing import Any, Literal

HERE = Path(__file__).parent
SCORM_AGAIN = HERE.parents[1] / "node_modules/scorm-again/dist/scorm12.min.js"

Where = Literal["frame", "grandparent", "opener", "opener-frame", "none"]
"""How the content's window stands to the window that has the API."""


@dataclass
class Trouble:
    """What goes wrong at this LMS's API."""

    initialize: bool = False
    """LMSInitialize returns false."""
    set: bool = False
    """LMSSetValue throws."""


@dataclass(frozen=True)
class Call:
    """One call of the API."""

    name: str
    values: tuple[str, ...]
    result: str


@dataclass(frozen=True)
class Request:
    """One HTTP request."""

    method: str
    path: str
    body: str


@dataclass
class Launch:
    """One opening of a package by a learner."""

    id: int
    learner: str
    content: str
    where: Where
    mode: str
    trouble: Trouble
    sent: dict[int, Call] = field(default_factory=dict)

    @property
    def calls(self) -> list[Call]:
        """Every call, in order, those made while the window closed too."""
        return [self.sent[n] for n in sorted(self.sent)]


class Lms:
    """Packages, learners' records, and everything that was asked."""

    def __init__(self) -> None:
        self.content: dict[str, dict[str, bytes]] = {}
        self.records: dict[str, dict[str, Any]] = {}
        self.launches: dict[int, Launch] = {}
        self.requests: list[Request] = []
        self.commits = 0
        self.session_gone = False
        self.commit_takes = 0.0
        self.headers: dict[str, str] = {}
        """Sent with the package's files."""
        self.csp_reports: list[str] = []
        self._numbers = count(1)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def behave(self) -> None:
        """Forget every request and every trouble, but no package and no record."""
        self.requests.clear()
        self.csp_reports.clear()
        self.headers, self.session_gone, self.commit_takes, self.commits = {}, False, 0.0, 0

    def upload(self, name: str, files: dict[str, bytes]) -> None:
        self.content[name] = files

    def core(self, learner: str, content: str) -> dict[str, Any]:
        """What this LMS has recorded of cmi.core."""
        core = self.records[f"{learner} {content}"]["core"]
        assert isinstance(core, dict)
        return core

    def suspend_data(self, learner: str, content: str) -> str:
        return str(self.records[f"{learner} {content}"].get("suspend_data", ""))

    def set_record(self, learner: str, content: str, *, status: str, suspend_data: str = "") -> None:
        self.records[f"{learner} {content}"] = {"core": {"lesson_status": status}, "suspend_data": suspend_data}

    def launch(
        self,
        learner: str,
        content: str,
        *,
        where: Where = "frame",
        mode: str = "normal",
        trouble: Trouble | None = None,
    ) -> Launch:
        launch = Launch(next(self._numbers), learner, content, where, mode, trouble or Trouble())
        self.launches[launch.id] = launch
        return launch

    def page(self, launch: Launch) -> str:
        """The page that holds the API."""
        kept = self.records.get(f"{launch.learner} {launch.content}", {})
        status = kept.get("core", {}).get("lesson_status", "not attempted")
        core = {"student_id": launch.learner, "student_name": "Bell, Ada", "lesson_mode": launch.mode}
        core |= {"lesson_status": status, "credit": "credit", "entry": "resume" if kept else "ab-initio"}
        cmi = {"core": core, "suspend_data": kept.get("suspend_data", "")}
        asked = {"id": launch.id, "record": {"cmi": cmi}, "trouble": asdict(launch.trouble)}
        asked["api"] = launch.where != "none"
        start = f"/content/{launch.content}/index.html"
        inside = {
            "grandparent": f'<iframe src="/frame?{start}" width="620" height="440"></iframe>',
            "opener": f'<a href="{start}" target="_blank" rel="opener">Open</a>',
            "opener-frame": f'<a href="/frame?{start}" target="_blank" rel="opener">Open</a>',
        }.get(launch.where, _frame(start))
        data = json.dumps(asked).replace("<", "\\u003c")
        scripts = '<script src="/scorm-again.js"></script><script src="/lms.js"></script>'
        return _page(f'<script type="application/json" id="launch">{data}</script>{scripts}{inside}')

    def commit(self, launch: Launch, body: str) -> dict[str, Any]:
        """Record what scorm-again sends, unless the learner's session at this LMS is gone."""
        time.sleep(self.commit_takes)
        self.commits += 1
        if self.session_gone:
            return {"result": "false", "errorCode": 101}
        self.records[f"{launch.learner} {launch.content}"] = json.loads(body)["cmi"]
        return {"result": "true", "errorCode": 0}


def _page(inside: str) -> str:
    return f'<!doctype html><html lang="en"><title>LMS</title><link rel="icon" href="data:,">{inside}</html>'


def _frame(address: str) -> str:
    return f'<iframe src="{escape(address)}" width="620" height="440"></iframe>'


def _handler(lms: Lms) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            lms.requests.append(Request("GET", self.path, ""))
            path, _, query = self.path.partition("?")
            kind, _, rest = path.lstrip("/").partition("/")
            match kind:
                case "launch":
                    self._answer(lms.page(lms.launches[int(rest)]).encode(), "text/html; charset=utf-8")
                case "frame":
                    self._answer(_page(_frame(query)).encode(), "text/html; charset=utf-8")
                case "lms.js":
                    self._answer((HERE / "lms.js").read_bytes(), "text/javascript")
                case "scorm-again.js":
                    self._answer(SCORM_AGAIN.read_bytes(), "text/javascript")
                case "content":
                    self._content(rest)
                case _:
                    self.send_error(404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            lms.requests.append(Request("POST", self.path, body))
            kind, _, rest = self.path.lstrip("/").partition("/")
            if kind == "commit":
                self._answer(json.dumps(lms.commit(lms.launches[int(rest)], body)).encode(), "application/json")
            elif kind == "csp":
                lms.csp_reports.append(body)
                self._answer(b"", "text/plain")
            else:
                number, call = json.loads(body)
                lms.launches[int(rest)].sent[number] = Call(call["name"], tuple(call["values"]), call["result"])
                self._answer(b"", "text/plain")

        def _content(self, rest: str) -> None:
            package, _, name = rest.partition("/")
            file = lms.content.get(package, {}).get(name)
            if file is None:
                self.send_error(404)
                return
            self._answer(file, guess_type(name)[0] or "text/plain", lms.headers)

        def _answer(self, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
            self.send_response(200)
            for header, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(header, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing on the test run's screen."""

    return Handler
