"""What the columns of my data are called on screen, and what fixed values say."""

from collections.abc import Mapping

from course.catalogue.model import ROLES
from course.learning.desk.audit import ACTS
from course.learning.mine.checks import QUESTIONS
from course.learning.tables import ACCESS, CARDS, LETTERS, REQUESTS, STATES

HEADINGS: dict[str, str] = {
    "at": "When",
    "module_id": "Module",
    "module_ids": "Modules",
    "email": "E-mail address",
    "joined_at": "Here since",
    "cards": "Decision cards",
    "state": "What came of it",
    "modules": "Modules",
    "attempt_number": "Which time",
    "body": "What",
    "act": "What",
    "what": "In detail",
    "by": "Who",
    "text": "In words",
    "why": "Why",
    "asks": "Whom it asks",
    "due_on": "By",
    "within_days": "Within days of joining",
    "refresh_months": "Again after months",
    "to_say": "Still to say at the next sign-in",
    "wants_reminders": "Wants reminders",
    "entry_saved_at": "Entry saved",
    "opened": "Times opened",
    "opened_at": "Last opened",
    "ends_at": "Works until",
    "card_id": "Card",
    "choice": "What you chose",
    "discussed_at": "You said that you talked it over",
    "not_yet_at": "Your manager said: not yet",
    "confirmed_at": "Talk confirmed",
    "confirmed_by": "Talk confirmed by",
} | {name: question for name, (question, _) in QUESTIONS.items()}
"""Column to its heading, where its own name does not do."""

WORDS: dict[str, Mapping[str, str]] = {"role": ROLES, "access": ACCESS, "cards": CARDS, "state": STATES, "act": ACTS}
WORDS |= {name: answers for name, (_, answers) in QUESTIONS.items()}
KINDS_OF: dict[str, Mapping[str, str]] = {"letters": LETTERS, "requests": REQUESTS, "requests_answered": REQUESTS}
KINDS_OF["events"] = {
    "opened": "Opened a page",
    "vignette-read": "Read the records",
    "vignette-skipped": "Left the records out",
    "chose": "Chose",
    "went-back": "Went back for a second look",
    "rated": "Rated",
    "reflected": "Finished the reflection",
    "reflection-declined": "Left the reflection out",
}
"""Column to its values in words."""
