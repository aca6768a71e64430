"""A small cmi5 LMS on the strict LRS: launches, tokens that are given once, and the specification's rules of a session.

What breaks a rule is refused with the rule's id (the ids are those of the npm package @cmi5/requirements) and written
down in `refusals`. It is as strict as the specification allows: terminated ends the token at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from json import dumps
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from course.statements.profile import CMI5_CATEGORY, CMI5_MOVE_ON, CMI5_SESSION, VERBS
from tests.lrs import Lrs, Reply, Request
from tests.lrs.documents import Document, agent_profile, state
from tests.lrs.requests import Refused
from tests.lrs.statements import statements

DATA = "LMS.LaunchData"
PREFERENCES = "cmi5LearnerPreferences"
NAMES = {verb.id: name for name, verb in VERBS.items()}
DEFINED = {"initialized", "completed", "terminated"}
"""The verbs of this course that cmi5 defines."""


def categories(statement: dict[str, Any]) -> list[str]:
    activities = statement.get("context", {}).get("contextActivities", {})
    return [one["id"] for one in activities.get("category", [])]


@dataclass
class Session:
    """One launch by the LMS."""

    address: str
    """What the learner's window opens."""
    activity: str
    registration: str
    actor: dict[str, Any]
    template: dict[str, Any]
    mode: str
    token: str
    fetched: int = 0
    preferences: bool = False
    """Whether they were asked for."""
    ended: bool = False
    statements: list[dict[str, Any]] = field(default_factory=list)

    @property
    def verbs(self) -> list[str]:
        """What was told, in order."""
        return [NAMES[s["verb"]["id"]] for s in self.statements]

    def told(self, verb: str) -> dict[str, Any]:
        [found] = [s for s in self.statements if NAMES[s["verb"]["id"]] == verb]
        return found


class Cmi5Lms:
    """Launches packages from `content`, an address, and holds what they tell to the rules."""

    def __init__(self, lrs: Lrs, content: str) -> None:
        self.lrs, self.content = lrs, content
        self.sessions: list[Session] = []
        self.refusals: list[str] = []
        self._numbers = count(1)
        lrs.keys.clear()
        lrs.routes |= {"fetch": self._fetch, "statements": self._statements, "agents/profile": self._profile}
        lrs.routes |= {"activities/state": self._state, "back": lambda *_: Reply(200, b"<title>Back</title>")}
        lrs.open_to_all |= {"fetch", "back"}

    def launch(
        self, name: str, *, learner: str = "ada-7", mode: str = "Normal", returns: bool = True, **more: Any
    ) -> Session:
        """Open a session; one registration and one activity id for a learner and a package."""
        number = next(self._numbers)
        account = {"homePage": "https://lms.example.org", "name": learner}
        actor = {"objectType": "Agent", "name": "Bell, Ada", "account": account}
        registration = next((s.registration for s in self.of(learner, name)), str(uuid4()))
        activity = f"https://lms.example.org/aus/{name}"
        grouping = [{"id": f"https://learning-into-practice.invalid/xapi/{name}"}]
        template = {
            "contextActivities": {"grouping": grouping, "category": [{"id": "https://lms.example.org/a-category"}]},
            "extensions": {CMI5_SESSION: f"session-{number}"},
        }
        data = {"contextTemplate": template, "launchMode": mode, "moveOn": "Completed", **more}
        if returns:
            data["returnURL"] = f"{self.lrs.address}back"
        key = (activity, dumps({"account": account}, sort_keys=True), registration, DATA)
        self.lrs.states[key] = Document(dumps(data).encode(), "application/json", datetime.now(UTC))
        query = urlencode(
            {
                "registration": registration,
                "fetch": f"{self.lrs.address}fetch?session={number}",
                "activityId": activity,
                "actor": dumps(actor),
                "endpoint": self.lrs.address.rstrip("/"),
            }
        )
        address = f"{self.content}/{name}/index.html?{query}"
        session = Session(address, activity, registration, actor, template, mode, token=f"token-{number}")
        self.sessions.append(session)
        return session

    def of(self, learner: str, name: str) -> list[Session]:
        return [s for s in self.sessions if s.actor["account"]["name"] == learner and s.activity.endswith(f"/{name}")]

    def place_of(self, session: Session) -> dict[str, Any]:
        """The package's own State document; empty where there is none."""
        for (activity, _, registration, id_), document in self.lrs.states.items():
            if (activity, registration) == (session.activity, session.registration) and id_ != DATA:
                found: dict[str, Any] = document.json
                return found
        return {}

    def _fetch(self, lrs: Lrs, request: Request) -> Reply:
        session = self.sessions[int(request.query["session"]) - 1]
        session.fetched += 1
        if request.method != "POST" or session.fetched > 1:
            self.refusals.append("8.2.3.0-1")
            return Reply.of({"error-code": "1", "error-text": "Already in use"})
        lrs.keys.add(f"Basic {session.token}")
        return Reply.of({"auth-token": session.token})

    def _session(self, request: Request) -> Session:
        token = request.headers["authorization"].removeprefix("Basic ")
        return next(s for s in self.sessions if s.token == token)

    def _profile(self, lrs: Lrs, request: Request) -> Reply:
        if request.query.get("profileId") == PREFERENCES:
            self._session(request).preferences = True
        return agent_profile(lrs, request)

    def _state(self, lrs: Lrs, request: Request) -> Reply:
        if request.query.get("stateId") == DATA and request.method != "GET":
            raise self._refused("10.2.1.0-5")
        return state(lrs, request)

    def _statements(self, lrs: Lrs, request: Request) -> Reply:
        session = self._session(request)
        if request.method == "GET":
            return statements(lrs, request)
        sent = request.json if isinstance(request.json, list) else [request.json]
        known = [s for s in sent if s.get("id") in lrs.statements]
        for before, statement in enumerate(sent):
            if not known and (broken := list(self._broken(session, statement, sent[:before]))):
                raise self._refused(*broken)
        reply = statements(lrs, request)
        session.statements += sent
        if "terminated" in session.verbs:
            session.ended = True
            lrs.keys.discard(f"Basic {session.token}")
        return reply

    def _refused(self, *rules: str) -> Refused:
        self.refusals += rules
        return Refused(403, "; ".join(rules))

    def _broken(self, session: Session, statement: dict[str, Any], with_it: list[dict[str, Any]]) -> Iterator[str]:
        """The ids of the requirements that a statement of an AU breaks."""
        earlier = session.statements + with_it
        verbs = [NAMES[s["verb"]["id"]] for s in earlier]
        verb, context = NAMES[statement["verb"]["id"]], statement.get("context", {})
        rules = {
            "9.1.0.0-1": "id" in statement,
            "9.7.0.0-2": statement.get("timestamp", "").endswith("Z"),
            "8.1.3.0-3": statement["actor"] == session.actor,
            "8.1.4.0-3": context.get("registration") == session.registration,
            "9.6.3.1-4": context.get("extensions", {}).get(CMI5_SESSION)
            == session.template["extensions"][CMI5_SESSION],
            "10.2.1.0-6": _holds(context, session.template),
            "9.3.0.0-4": bool(verbs) == (verb != "initialized"),
            "11.0.0.0-3": session.preferences,
            "9.3.0.0-5": "terminated" not in verbs,
            "9.6.2.1-1": (CMI5_CATEGORY in categories(statement)) == (verb in DEFINED),
            "9.6.2.2-1": (CMI5_MOVE_ON in categories(statement)) == (verb == "completed"),
        }
        if verb in DEFINED:
            rules |= self._of_defined(session, statement, verb, verbs)
        yield from (rule for rule, holds in rules.items() if not holds)

    def _of_defined(self, session: Session, statement: dict[str, Any], verb: str, verbs: list[str]) -> dict[str, bool]:
        result = statement.get("result", {})
        same = [s for s in self.sessions if (s.registration, s.activity) == (session.registration, session.activity)]
        return {
            "8.1.5.0-6": statement["object"]["id"] == session.activity,
            "9.3.0.0-2": verb not in verbs,
            "9.3.0.0-6": verb != "completed" or not any("completed" in s.verbs for s in same),
            "9.5.1.0-2": "score" not in result,
            "9.5.2.0-3": "success" not in result,
            "9.5.3.0-1": result.get("completion") is (True if verb == "completed" else None),
            "9.5.4.1-1": ("duration" in result) == (verb != "initialized"),
            "10.2.2.0-9": session.mode == "Normal" or verb != "completed",
        }


def _holds(context: Any, template: Any) -> bool:
    """Whether all of the template is in the context, unchanged."""
    if isinstance(template, dict):
        return isinstance(context, dict) and all(_holds(context.get(key), value) for key, value in template.items())
    if isinstance(template, list):
        return isinstance(context, list) and all(item in context for item in template)
    return bool(context == template)
