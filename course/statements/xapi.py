"""One XapiStatement: who, did what, to which activity, and in which attempt."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from tincan import (
    Activity,
    ActivityDefinition,
    Agent,
    AgentAccount,
    Context,
    ContextActivities,
    Result,
    Statement,
)
from tincan import Verb as TincanVerb

from course.statements.profile import COURSE, LANGUAGE, VERBS, Profile

XAPI_VERSION = "1.0.3"

_OURS = UUID("6f1f3f64-3f53-4c0a-9d57-0a4c3f1d7a14")
"""Any UUID that is ours: ids made with it collide with nobody's. Never change it, or records are sent twice."""


@dataclass(frozen=True)
class Telling:
    """How much is told, as a partnership has set it."""

    profile: Profile
    choices: bool = False
    """Whether each decision is told too, and not only that a module was begun, rated, completed and left."""
    by_email: bool = False
    """Whether people are named by their e-mail address. By default an id says no more than that it is one person."""


@dataclass(frozen=True)
class Attempted:
    """Whose attempt it is, and on which content."""

    person_id: str
    """Random, so it names nobody to an LRS."""
    email: str
    number: int
    """0 for the first attempt at the module."""
    version: str
    """The content version that the attempt started on."""
    completed_on: str | None = None
    """The content version of its completion, where there is one."""


@dataclass(frozen=True)
class XapiStatement:
    """A statement as xAPI has it, and the event that it was made from."""

    verb: str
    """Its name in profile.VERBS."""
    number: int
    """The event's number in its attempt."""
    at: datetime
    statement: Statement

    @property
    def id(self) -> str:
        return str(self.statement.id)

    @property
    def body(self) -> dict[str, Any]:
        """As JSON can hold it."""
        body: dict[str, Any] = self.statement.as_version(XAPI_VERSION)
        return body


@dataclass(frozen=True)
class Told:
    """What every XapiStatement of one attempt shares."""

    telling: Telling
    who: Attempted
    module_id: str

    def statement(
        self, verb: str, activity: Activity, *, number: int, at: datetime, within: Activity, result: Result | None
    ) -> XapiStatement:
        """The one that event `number` makes with this verb; `within` is the activity that `activity` is part of."""
        profile, display = self.telling.profile, VERBS[verb].display
        statement = Statement(
            id=self._id(str(number), verb),
            actor=self._actor(),
            verb=TincanVerb(id=VERBS[verb].id, display={LANGUAGE: display}),
            object=activity,
            timestamp=at.astimezone(UTC),
            version=XAPI_VERSION,
            result=result,
            context=Context(
                registration=self._id(),
                platform="Learning into Practice",
                language=LANGUAGE,
                context_activities=ContextActivities(parent=[within], grouping=[course(profile)]),
                extensions={profile.version: self.who.version},
            ),
        )
        return XapiStatement(verb, number, at, statement)

    def _id(self, *parts: str) -> UUID:
        return uuid5(_OURS, "/".join((self.who.person_id, self.module_id, str(self.who.number), *parts)))

    def _actor(self) -> Agent:
        if self.telling.by_email:
            return Agent(mbox=f"mailto:{self.who.email}")
        return Agent(account=AgentAccount(home_page=self.telling.profile.base, name=self.who.person_id))


def activity(id_: str, kind: str, name: str, **definition: Any) -> Activity:
    """An activity with its name on screen."""
    return Activity(id=id_, definition=ActivityDefinition(type=kind, name={LANGUAGE: name}, **definition))


def course(profile: Profile) -> Activity:
    """All modules together, which every other activity is part of."""
    return activity(profile.course, COURSE, "Learning into Practice")
