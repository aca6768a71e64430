"""What is said of words when they are kept: never to stop whoever wrote them, since they decide."""

from typing import TYPE_CHECKING

from flask import flash

from course.learning.desk.days import day_of
from course.learning.mine.identifying import SIGNS, signs_in
from course.learning.mine.reflections import Reflection
from course.web.clock import now

if TYPE_CHECKING:
    from course.web.learn.words import Kept, Words

WARNED = "What you kept may say who a child is. It is kept. You can change it in your journal."
PASSED = "The day that you set under “By when” has passed. It is kept, and you can set another."
STOPPED = "You changed the entry, so {links} to it shows nothing any more."


def warnings_about(words: "Words | Reflection") -> dict[str, str]:
    """By field, what in it may say who a child is."""
    texts = {f"answer-{n}": answer for n, answer in enumerate(words.answers, start=1)}
    texts |= {"commitment": words.commitment, "who-notices": words.who_notices}
    found: dict[str, list[str]] = {}
    for sign in signs_in(texts, today=day_of(now())):
        found.setdefault(sign.where, []).append(SIGNS[sign.kind])
    return {
        where: f"This may hold {_listed(signs)}. Leave out what could tell who a child is."
        for where, signs in found.items()
    }


def remarks_on(words: "Words | Reflection") -> dict[str, str]:
    """By field, what may say who a child is, and a day that has passed while what it is for is open."""
    return warnings_about(words) | ({"by-when": "This day has passed. You can set another."} if _passed(words) else {})


def said_of(kept: "Kept | None") -> list[str]:
    """What to say of one saving beside that it is done, apart from WARNED, which its page says while it holds."""
    if kept is None:
        return []
    links = "the link" if kept.stopped == 1 else f"each of the {kept.stopped} links"
    said = [(PASSED, _passed(kept.entry)), (STOPPED.format(links=links), kept.stopped)]
    return [words for words, holds in said if holds]


def tell_of(kept: "Kept | None") -> None:
    """Say all of it on the next page, which has no form of it."""
    for words in ([WARNED] if kept and warnings_about(kept.entry) else []) + said_of(kept):
        flash(words)


def _passed(words: "Words | Reflection") -> bool:
    is_done = getattr(words, "done_at", None) is not None  # words on their way from a form know nothing of it
    return words.due_on is not None and words.due_on < day_of(now()) and not is_done


def _listed(things: list[str]) -> str:
    return " and ".join([", ".join(things[:-1]), things[-1]] if len(things) > 1 else things)
