"""The local overlay: what a partnership sets, put in place of {{ placeholders }} in the text.

A value is plain text: whatever Markdown or HTML it holds is shown, never obeyed. An empty value gives the
placeholder's safe wording, so that no learner ever reads a gap.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple
from unicodedata import category
from urllib.parse import urlsplit

from pydantic import Field

from course.catalogue.files import Document, Problem, as_model, read
from course.catalogue.model import Day, Placeholder
from course.story.checks import Place
from course.story.model import Content

_PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~&!(){}]|^[-+])")


NOBODYS_ADDRESS = "https://learning-into-practice.invalid"
"""Where no address is set: a name that RFC 2606 gives to nobody, the same in every edition of the course."""


class LocalFile(Content):
    """local.yaml"""

    partnership: str = ""
    address: str | None = None
    """The partnership's own, as https://learn.example.org: the ids in its xAPI records begin with it."""
    review: Day | None = None
    values: dict[str, str | None] = Field(default_factory=dict)


NOTHING_LOCAL = LocalFile()


class Overlay(NamedTuple):
    """A partnership's overlay as read: what it sets, what is wrong with it, and what it leaves open."""

    local: LocalFile = NOTHING_LOCAL
    problems: tuple[Problem, ...] = ()
    gaps: tuple[Problem, ...] = ()
    """Empty values and a review date that has passed: safe to run with, and for the partnership to see to."""


def read_local(path: Path | None, placeholders: Sequence[Placeholder], *, today: date) -> Overlay:
    """The overlay in `path`, or an empty one where there is none, with every fault found in it."""
    if path is None:
        return Overlay()
    document = read(path, path.name)
    local, problems = as_model(LocalFile, document)
    if local is None:
        return Overlay(problems=tuple(problems))
    if fault := _fault_in((local.address or "").strip()):
        do = "write it as https://learn.example.org: http or https, a host, nothing after a question mark"
        problems = [*problems, document.problem(("address",), f"the address {local.address!r} {fault}", do)]
    known = {p.id for p in placeholders}
    unknown = (
        document.problem(("values", key), f"there is no placeholder {key!r}", "see modules/placeholders.yaml")
        for key in local.values
        if key not in known
    )
    problems += unknown
    problems += _unshowable(local, document)
    return Overlay(local, tuple(problems), tuple(_gaps(local, document, placeholders=placeholders, today=today)))


def _unshowable(local: LocalFile, document: Document) -> Iterator[Problem]:
    """YAML can write control characters, by their number, which no page, manifest or database takes."""
    texts: dict[Place, str] = {("values", key): value or "" for key, value in local.values.items()}
    for place, text in {("partnership",): local.partnership, **texts}.items():
        if any(category(sign) == "Cc" and sign not in "\n\t" for sign in text):
            what = f"{'.'.join(map(str, place))} has a control character, which cannot be shown"
            yield document.problem(place, what, "write it without")


def address(local: LocalFile) -> str:
    """The partnership's address without a slash at its end, or nobody's."""
    return (local.address or "").strip().rstrip("/") or NOBODYS_ADDRESS


def _fault_in(address: str) -> str | None:
    """What keeps an address from beginning an id, as the end of a sentence; an empty one has no fault."""
    try:
        parts = urlsplit(address)
        host = parts.hostname if parts.port != 0 else None
    except ValueError:
        return "is not an address"
    if not address:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return "does not begin with http:// or https:// and a host"
    if parts.query or parts.fragment or parts.username is not None:
        return "has more in it than a host and a path"
    return "has a character that no address has" if re.search(r"[\s<>\"{}|\\^`]", address) else None


def _gaps(
    local: LocalFile, document: Document, *, placeholders: Iterable[Placeholder], today: date
) -> Iterator[Problem]:
    if local.review is None:
        yield document.problem((), "there is no review date", "say when you will look at these values again")
    elif local.review < today:
        yield document.problem(("review",), f"the review date {local.review} has passed", "check each value anew")
    if not (local.address or "").strip():
        what = f"there is no address, so ids in xAPI records begin with {NOBODYS_ADDRESS}"
        yield document.problem(("address",), what, "set your own before the first record is sent, and keep it")
    for p in placeholders:
        if not (local.values.get(p.id) or "").strip():
            what = f"{p.id!r} is empty, so learners read “{p.safe}”"
            yield document.problem(("values", p.id), what, f"fill in: {p.label}")


def wording(local: LocalFile, placeholders: Iterable[Placeholder]) -> dict[str, str]:
    """What stands for each placeholder: the partnership's value as literal text, or the safe wording."""
    own = {key: value.strip() for key, value in local.values.items() if value and value.strip()}
    words = {p.id: _literal(own[p.id]) if p.id in own else p.safe for p in placeholders}
    return {id_: text.replace("'", "’") for id_, text in words.items()}  # as in the text around it


def _literal(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def fill(document: Document, words: Mapping[str, str]) -> list[Problem]:
    """Put `words` in place of the placeholders in a document, in place; unknown ones are problems."""
    problems: list[Problem] = []

    def replace(text: str, place: Place) -> str:
        def one(match: re.Match[str]) -> str:
            if match[1] not in words:
                do = "name one of modules/placeholders.yaml"
                problems.append(document.problem(place, f"there is no placeholder {match[1]!r}", do))
            return words.get(match[1], "")

        return _PLACEHOLDER.sub(one, text)

    document.value = _map_text(document.value, replace, ())
    return problems


def _map_text(value: Any, change: Callable[[str, Place], str], place: Place) -> Any:
    if isinstance(value, str):
        return change(value, place)
    if isinstance(value, list):
        return [_map_text(item, change, (*place, i)) for i, item in enumerate(value)]
    if isinstance(value, dict):
        return {key: _map_text(item, change, (*place, key)) for key, item in value.items()}
    return value
