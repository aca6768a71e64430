"""A small real LMS: scorm-again as its run-time, a web server that keeps records and writes everything down.

It serves the files of a package exactly as they stand in the zip, gives each learner back what was committed,
and can misbehave: see Trouble. Nothing in it knows what the course's packages should do.
"""

import json
import time
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import Any, Literal

from tests.packages.lms_server import Request, frame, page, serve

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


@dataclass
class Launch:
    """One opening of a package by a learner."""

    id: int
    learner: str
    content: str
    where: Where
    mode: str
    trouble: Trouble
    ended: bool = False
    """Whether scorm-again has sent what it sends at LMSFinish."""
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
        self.close, self.address = serve(self)

    def begin_again(self) -> None:
        """Forget everything but the packages."""
        self.launches.clear()
        self.records.clear()
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

    def page(self, number: int) -> str:
        """The page that holds the API."""
        launch = self.launches[number]
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
        }.get(launch.where, frame(start))
        data = json.dumps(asked).replace("<", "\\u003c")
        scripts = '<script src="/scorm-again.js"></script><script src="/lms.js"></script>'
        return page(f'<script type="application/json" id="launch">{data}</script>{scripts}{inside}')

    def record(self, number: int, call: dict[str, Any], nth: int) -> None:
        """Write down a call of the API, unless its launch is forgotten: an earlier test's window, closing late."""
        if number in self.launches:
            self.launches[number].sent[nth] = Call(call["name"], tuple(call["values"]), call["result"])

    def commit(self, number: int, body: str) -> dict[str, Any]:
        """Record what scorm-again sends, unless the learner's session at this LMS is gone."""
        launch = self.launches.get(number)
        if not launch:
            return {"result": "false", "errorCode": 101}
        time.sleep(self.commit_takes)
        self.commits += 1
        launch.ended = "total_time" in json.loads(body)["cmi"]["core"]
        if self.session_gone:
            return {"result": "false", "errorCode": 101}
        self.records[f"{launch.learner} {launch.content}"] = json.loads(body)["cmi"]
        return {"result": "true", "errorCode": 0}
