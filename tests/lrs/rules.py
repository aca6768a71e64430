"""Whether something is a statement by xAPI 1.0.3, part two: every fault that it has, in words."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}")
IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
LANGUAGE = re.compile(r"[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*")
MAILBOX = re.compile(r"mailto:[^@\s]+@[^@\s]+")
SHA1 = re.compile(r"[0-9a-fA-F]{40}")
DURATION = re.compile(r"P(?=.)(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?)")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)")
INTERACTIONS = ("true-false", "choice", "fill-in", "long-fill-in", "matching", "performance", "sequencing")
INTERACTIONS += ("likert", "numeric", "other")
COMPONENTS = ("choices", "scale", "source", "target", "steps")

Faults = Iterator[str]
Rule = Callable[[Any, str], Faults]


def faults(statement: Any) -> list[str]:
    """What is wrong with a statement, each with its place; empty where nothing is."""
    return [*_nulls(statement, "statement"), *_statement(statement, "statement")]


def _keys(value: Any, at: str, needed: Mapping[str, Rule], known: Mapping[str, Rule]) -> Faults:
    """The parts of an object by their rules; what is missing or not known is a fault."""
    if not isinstance(value, dict):
        yield f"{at} is not an object"
        return
    yield from (f"{at}.{key} is missing" for key in needed if key not in value)
    for key, part in value.items():
        rule = needed.get(key) or known.get(key)
        if rule is None:
            yield f"{at}.{key} is not known"
        else:
            yield from rule(part, f"{at}.{key}")


def _matching(pattern: re.Pattern[str], what: str) -> Rule:
    def rule(value: Any, at: str) -> Faults:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            yield f"{at} is not {what}: {value!r}"

    return rule


def _one_of(*values: Any) -> Rule:
    def rule(value: Any, at: str) -> Faults:
        if value not in values:
            yield f"{at} is {value!r} and not one of {values}"

    return rule


def _a(kind: type | tuple[type, ...]) -> Rule:
    def rule(value: Any, at: str) -> Faults:
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            yield f"{at} is of the wrong kind: {value!r}"

    return rule


def _each(rule: Rule) -> Rule:
    def rules(value: Any, at: str) -> Faults:
        if not isinstance(value, list):
            yield f"{at} is not a list"
        else:
            for n, item in enumerate(value):
                yield from rule(item, f"{at}[{n}]")

    return rules


iri, uuid, language = _matching(IRI, "an IRI"), _matching(UUID, "a UUID"), _matching(LANGUAGE, "a language")
text, number = _a(str), _a((int, float))


def _time(value: Any, at: str) -> Faults:
    if not isinstance(value, str) or not TIME.fullmatch(value) or value.endswith(("-00:00", "-0000", "-00")):
        yield f"{at} is not a time with a zone: {value!r}"
        return
    try:
        datetime.fromisoformat(value)
    except ValueError:
        yield f"{at} is no time that there is: {value!r}"


def _words(value: Any, at: str) -> Faults:
    """A language map."""
    if not isinstance(value, dict) or not value:
        yield f"{at} is not a language map"
        return
    for key, said in value.items():
        yield from language(key, f"{at} key")
        yield from text(said, f"{at}.{key}")


def _extensions(value: Any, at: str) -> Faults:
    if not isinstance(value, dict):
        yield f"{at} is not an object"
    else:
        for key in value:
            yield from iri(key, f"{at} key")


def _account(value: Any, at: str) -> Faults:
    yield from _keys(value, at, {"homePage": iri, "name": _matching(re.compile(r".+"), "a name")}, {})


IDENTIFIERS: dict[str, Rule] = {
    "mbox": _matching(MAILBOX, "a mailto: address"),
    "mbox_sha1sum": _matching(SHA1, "a SHA-1"),
    "openid": iri,
    "account": _account,
}


def agent(value: Any, at: str) -> Faults:
    """An Agent or Group; an Agent, and a Group without members, has exactly one identifier."""
    more: dict[str, Rule] = {"objectType": _one_of("Agent", "Group"), "name": text, "member": _each(agent)}
    yield from _keys(value, at, {}, {**IDENTIFIERS, **more})
    if isinstance(value, dict):
        count = len(set(IDENTIFIERS) & set(value))
        if count > 1 or (count == 0 and "member" not in value):
            yield f"{at} has {count} identifiers and not one"
        if "member" in value and value.get("objectType") != "Group":
            yield f"{at} has members and is no Group"


def _component(value: Any, at: str) -> Faults:
    yield from _keys(value, at, {"id": text}, {"description": _words})


def _definition(value: Any, at: str) -> Faults:
    known: dict[str, Rule] = {
        "name": _words,
        "description": _words,
        "type": iri,
        "moreInfo": iri,
        "interactionType": _one_of(*INTERACTIONS),
        "correctResponsesPattern": _each(text),
        "extensions": _extensions,
        **dict.fromkeys(COMPONENTS, _each(_component)),
    }
    yield from _keys(value, at, {}, known)
    if isinstance(value, dict) and "interactionType" not in value:
        yield from (
            f"{at}.{key} needs an interactionType" for key in ("correctResponsesPattern", *COMPONENTS) if key in value
        )


def activity(value: Any, at: str) -> Faults:
    yield from _keys(value, at, {"id": iri}, {"objectType": _one_of("Activity"), "definition": _definition})


def _reference(value: Any, at: str) -> Faults:
    yield from _keys(value, at, {"objectType": _one_of("StatementRef"), "id": uuid}, {})


def _object(value: Any, at: str) -> Faults:
    kind = value.get("objectType", "Activity") if isinstance(value, dict) else "Activity"
    rules: dict[str, Rule] = {"Activity": activity, "Agent": agent, "Group": agent, "StatementRef": _reference}
    yield from rules[kind](value, at) if kind in rules else [f"{at}.objectType is {kind!r}"]


def _score(value: Any, at: str) -> Faults:
    yield from _keys(value, at, {}, dict.fromkeys(("scaled", "raw", "min", "max"), number))
    if isinstance(value, dict):
        if not -1 <= value.get("scaled", 0) <= 1:
            yield f"{at}.scaled is not between -1 and 1"
        if (
            not value.get("min", float("-inf"))
            <= value.get("raw", value.get("min", 0))
            <= value.get("max", float("inf"))
        ):
            yield f"{at}.raw is not between min and max"


def _result(value: Any, at: str) -> Faults:
    known: dict[str, Rule] = {
        "score": _score,
        "success": _a(bool),
        "completion": _a(bool),
        "response": text,
        "duration": _matching(DURATION, "a duration"),
        "extensions": _extensions,
    }
    yield from _keys(value, at, {}, known)


def _activities(value: Any, at: str) -> Faults:
    yield from (_each(activity) if isinstance(value, list) else activity)(value, at)


def _context_activities(value: Any, at: str) -> Faults:
    yield from _keys(value, at, {}, dict.fromkeys(("parent", "grouping", "category", "other"), _activities))


def _context(value: Any, at: str) -> Faults:
    known: dict[str, Rule] = {
        "registration": uuid,
        "instructor": agent,
        "team": agent,
        "contextActivities": _context_activities,
        "revision": text,
        "platform": text,
        "language": language,
        "statement": _reference,
        "extensions": _extensions,
    }
    yield from _keys(value, at, {}, known)


def _verb(value: Any, at: str) -> Faults:
    yield from _keys(value, at, {"id": iri}, {"display": _words})


def _statement(value: Any, at: str) -> Faults:
    known: dict[str, Rule] = {
        "id": uuid,
        "result": _result,
        "context": _context,
        "timestamp": _time,
        "stored": _time,
        "authority": agent,
        "version": _matching(re.compile(r"1\.0\.\d+"), "a version 1.0.x"),
    }
    yield from _keys(value, at, {"actor": agent, "verb": _verb, "object": _object}, known)
    if isinstance(value, dict) and isinstance(about := value.get("object"), dict):
        context = value.get("context") if isinstance(value.get("context"), dict) else {}
        if about.get("objectType", "Activity") != "Activity":
            yield from (
                f"{at}.context.{key} is only for activities" for key in ("revision", "platform") if key in context
            )


def _nulls(value: Any, at: str) -> Faults:
    """Nothing is null but within extensions."""
    if value is None:
        yield f"{at} is null"
    elif isinstance(value, dict):
        for key, part in value.items():
            if key != "extensions":
                yield from _nulls(part, f"{at}.{key}")
    elif isinstance(value, list):
        for n, part in enumerate(value):
            yield from _nulls(part, f"{at}[{n}]")
