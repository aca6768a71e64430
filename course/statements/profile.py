"""The course's xAPI profile: verbs, activity types, extensions and the ids of its activities.

The one place that holds an IRI. The web app uses it as it is, packages get it as JSON from `for_package`, so that
no launch script has an IRI of its own. The ids of activities lie under the partnership's own address and stay for
ever: records in an LRS hang on them.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from course.catalogue.local import NOBODYS_ADDRESS

DEFAULT_BASE = NOBODYS_ADDRESS

LANGUAGE = "en-GB"

_ADL = "http://adlnet.gov/expapi"
_CMI5 = "https://w3id.org/xapi/cmi5/context"


STATE_ID = "learning-into-practice"
"""The State document in which a package keeps a learner's place (scorm_export/launch/place.js)."""


class Verb(NamedTuple):
    """What somebody did, and how it is said on a screen."""

    id: str
    display: str


INITIALIZED = Verb(f"{_ADL}/verbs/initialized", "began")
ANSWERED = Verb(f"{_ADL}/verbs/answered", "chose")
RATED = Verb("http://id.tincanapi.com/verb/rated", "rated their practice in")
COMPLETED = Verb(f"{_ADL}/verbs/completed", "completed")
TERMINATED = Verb(f"{_ADL}/verbs/terminated", "left")
VERBS: dict[str, Verb] = {
    "initialized": INITIALIZED,
    "answered": ANSWERED,
    "rated": RATED,
    "completed": COMPLETED,
    "terminated": TERMINATED,
}
"""ADL's verbs, which cmi5 asks for, and `rated` from the Tin Can registry."""

COURSE, MODULE = f"{_ADL}/activities/course", f"{_ADL}/activities/module"
DECISION, SELF_ASSESSMENT = f"{_ADL}/activities/cmi.interaction", f"{_ADL}/activities/assessment"

CMI5_CATEGORY = f"{_CMI5}/categories/cmi5"
CMI5_MOVE_ON = f"{_CMI5}/categories/moveon"
CMI5_SESSION = f"{_CMI5}/extensions/sessionid"


@dataclass(frozen=True)
class Profile:
    """Ids under the partnership's own address: `base`, without a slash at its end."""

    base: str = DEFAULT_BASE

    @property
    def course(self) -> str:
        """All modules together."""
        return f"{self.base}/xapi/course"

    def module(self, module_id: str) -> str:
        return f"{self._modules}{module_id}"

    def decision(self, module_id: str, moment_id: str) -> str:
        """The question that a moment of a module's story asks."""
        return f"{self.module(module_id)}/decisions/{moment_id}"

    def self_assessment(self, module_id: str) -> str:
        return f"{self.module(module_id)}/self-assessment"

    @property
    def version(self) -> str:
        """Context extension: the content version of the module."""
        return f"{self.base}/xapi/extensions/content-version"

    @property
    def ratings(self) -> str:
        """Result extension: for each role, how many statements got each rating. Never which, and never a text."""
        return f"{self.base}/xapi/extensions/rating-counts"

    def for_package(self) -> dict[str, Any]:
        """Every IRI and display name that a launch script needs, as JSON can hold it.

        An activity's id is put together: activities.modules + module id, then + activities.decisions + moment id,
        or + activities.selfAssessment.
        """
        return {
            "language": LANGUAGE,
            "verbs": {name: {"id": verb.id, "display": {LANGUAGE: verb.display}} for name, verb in VERBS.items()},
            "types": {
                "course": COURSE,
                "module": MODULE,
                "decision": DECISION,
                "selfAssessment": SELF_ASSESSMENT,
            },
            "activities": {
                "course": self.course,
                "modules": self._modules,
                "decisions": "/decisions/",
                "selfAssessment": "/self-assessment",
            },
            "extensions": {"version": self.version, "ratings": self.ratings},
            "stateId": STATE_ID,
            "cmi5": {"category": CMI5_CATEGORY, "moveOn": CMI5_MOVE_ON, "session": CMI5_SESSION},
        }

    @property
    def _modules(self) -> str:
        return f"{self.base}/xapi/modules/"
