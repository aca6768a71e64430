"""A small real LMS: scorm-again as its run-time for both SCORM editions, and a web server that keeps records.

It writes everything down, serves the files of a package exactly as they stand in the zip, gives each learner back
what was committed, and can misbehave: see Trouble. Nothing in it knows what the course's packages should do.
"""

import json
import time
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import Any, Literal

from tests.packages.lms_server import Request, frame, page, serve

Where = Literal["frame", "grandparent", "opener", "opener-frame", "none"]
"""How the content's window stands to the window that has the API."""


@dataclass(frozen=True)
class Edition:
    """How one edition of SCORM names what the tests look at."""

    name: str
    status: str
    exit: str
    time: str
    asked: frozenset[str]
    """Every element that a package may get or set without options."""


SCORM12 = Edition(
    "scorm12",
    status="cmi.core.lesson_status",
    exit="cmi.core.exit",
    time="cmi.core.session_time",
    asked=frozenset({"cmi.core.lesson_mode", "cmi.core.student_id", "cmi.suspend_data"}),
)
SCORM2004 = Edition(
    "scorm2004",
    status="cmi.completion_status",
    exit="cmi.exit",
    time="cmi.session_time",
    asked=frozenset({"cmi.mode", "cmi.learner_id", "cmi.suspend_data"}),
)
EDITIONS = {edition.name: edition for edition in (SCORM12, SCORM2004)}


@dataclass
class Trouble:
    """What goes wrong at this LMS's API."""

    initialize: bool = False
    """Initialising returns false."""
    set: bool = False
    """Setting a value throws."""
    interactions: bool = False
    """Every element of an interaction is refused."""


@dataclass(frozen=True)
class Call:
    """One call of the API."""

    name: str
    """initialize, get, set, commit, terminate or error, whatever the edition calls it."""
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
    edition: Edition
    trouble: Trouble
    ended: bool = False
    """Whether scorm-again has sent what it sends at the end."""
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

    def record_of(self, learner: str, content: str) -> dict[str, Any]:
        """What this LMS has recorded: the cmi of scorm-again, without the `core` that SCORM 1.2 has around some."""
        kept = self.records.get(f"{learner} {content}", {})
        core = kept.get("core", {})
        assert isinstance(core, dict)
        return {**kept, **core}

    def status(self, learner: str, content: str) -> str:
        """The status that this LMS has recorded, by either edition's name."""
        record = self.record_of(learner, content)
        return str(record["lesson_status"] if "lesson_status" in record else record["completion_status"])

    def suspend_data(self, learner: str, content: str) -> str:
        return str(self.record_of(learner, content).get("suspend_data", ""))

    def set_record(self, learner: str, content: str, *, status: str, suspend_data: str = "") -> None:
        """A record as some other sitting left it."""
        statuses = {"core": {"lesson_status": status}, "completion_status": status}
        self.records[f"{learner} {content}"] = {**statuses, "suspend_data": suspend_data}

    def launch(
        self,
        learner: str,
        content: str,
        *,
        where: Where = "frame",
        mode: str = "normal",
        edition: Edition = SCORM12,
        trouble: Trouble | None = None,
    ) -> Launch:
        launch = Launch(next(self._numbers), learner, content, where, mode, edition, trouble or Trouble())
        self.launches[launch.id] = launch
        return launch

    def page(self, number: int) -> str:
        """The page that holds the API."""
        launch = self.launches[number]
        asked = {"id": launch.id, "edition": launch.edition.name, "record": {"cmi": self._cmi(launch)}}
        asked["trouble"] = asdict(launch.trouble)
        asked["api"] = launch.where != "none"
        start = f"/content/{launch.content}/index.html"
        inside = {
            "grandparent": f'<iframe src="/frame?{start}" width="620" height="440"></iframe>',
            "opener": f'<a href="{start}" target="_blank" rel="opener">Open</a>',
            "opener-frame": f'<a href="/frame?{start}" target="_blank" rel="opener">Open</a>',
        }.get(launch.where, frame(start))
        data = json.dumps(asked).replace("<", "\\u003c")
        scripts = f'<script src="/{launch.edition.name}.min.js"></script><script src="/lms.js"></script>'
        return page(f'<script type="application/json" id="launch">{data}</script>{scripts}{inside}')

    def _cmi(self, launch: Launch) -> dict[str, Any]:
        """What scorm-again is handed at a launch."""
        kept = self.record_of(launch.learner, launch.content)
        common = {"credit": "credit", "entry": "resume" if kept else "ab-initio"}
        place = {"suspend_data": kept.get("suspend_data", ""), "interactions": kept.get("interactions", {})}
        if launch.edition == SCORM2004:
            status = {"completion_status": kept.get("completion_status", "unknown")}
            who = {"learner_id": launch.learner, "learner_name": "Bell, Ada", "mode": launch.mode}
            return {**common, **status, **who, **place}
        who = {"student_id": launch.learner, "student_name": "Bell, Ada", "lesson_mode": launch.mode}
        return {"core": {**common, **who, "lesson_status": kept.get("lesson_status", "not attempted")}, **place}

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
        cmi = json.loads(body)["cmi"]
        launch.ended = "total_time" in cmi.get("core", cmi)
        if self.session_gone:
            return {"result": "false", "errorCode": 101}
        self.records[f"{launch.learner} {launch.content}"] = cmi
        return {"result": "true", "errorCode": 0}
