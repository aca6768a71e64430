"""Small but valid content, written into a folder of the test's own, and stories built without files.

    write_content(tmp_path)                                     one module that loads with no problem
    write_content(tmp_path, numbers=(3, 13))                    two
    write_content(tmp_path, change={MODULE: lambda d: d.update(title="Wrong")})
    story_of({"start": {"go": "end"}})                          a compiled story, by moment, choice and target

The text says nothing worth reading; it has the sizes, the sources and the plain words that the checks ask for.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from course.catalogue.checks import PLACEHOLDERS_OF_HELP
from course.story.compile import Story, build
from course.story.model import Scenario

Change = Callable[[Any], object]

TITLES = {
    3: "Not making a referral after bruising to non-mobile babies",
    13: "Euphemistic language in reports and written records",
}
FOLDER = "03-module-three"
MODULE, VIGNETTE, SELF_ASSESSMENT, TEAM, BRIEFING = (
    f"modules/{FOLDER}/{name}.yaml" for name in ("module", "vignette", "self_assessment", "team", "briefing")
)
SCENARIO = f"scenarios/{FOLDER}.yaml"
REFERENCES, PLACEHOLDERS, MAP = (f"modules/{name}.yaml" for name in ("references", "placeholders", "map"))

_NAMES = {3: "module-three", 13: "module-thirteen"}
_PLAIN = "The nurse rang the school and asked what they had seen today. "
"""Twelve plain words. Text of any size is made of it."""


def words(count: int) -> str:
    """Prose of about `count` words, in paragraphs of 60."""
    sentences = [_PLAIN.strip()] * round(count / 12)
    return "\n\n".join(" ".join(sentences[i : i + 5]) for i in range(0, len(sentences), 5))


def content(numbers: tuple[int, ...] = (3,)) -> dict[str, Any]:
    """Every content file of a small course, by its path."""
    files: dict[str, Any] = {
        MAP: {"issues": [{"number": number, "title": title} for number, title in TITLES.items()]},
        REFERENCES: {"references": [_reference("act-1989"), _reference("guide-2025")]},
        PLACEHOLDERS: {
            "placeholders": [
                {"id": "front-door", "label": "Front door", "safe": "your local front door"},
                {"id": "staff-support", "label": "Support", "safe": "your employer’s support for staff"},
                {"id": "out-of-hours", "label": "At night", "safe": "your emergency duty team"},
                {"id": "named-professional", "label": "Advice", "safe": "your safeguarding lead"},
                *({"id": id_, "label": id_, "safe": f"your own {id_}"} for id_ in PLACEHOLDERS_OF_HELP[4:]),
            ]
        },
        "modules/changes.yaml": {
            "introduction": "Old words and new ones.",
            "changes": [{"then": "Board", "now": "Partners.", "when": "2019", "sources": ["act-1989"]}],
            "coming": [{"what": "A duty", "state": "Not yet in force.", "sources": ["act-1989"]}],
        },
        "modules/glossary.yaml": {"terms": [{"term": "front door", "means": "Where worries about a child arrive."}]},
    }
    for number in numbers:
        files |= _module(number)
    return files


def write_content(root: Path, *, numbers: tuple[int, ...] = (3,), change: Mapping[str, Change] | None = None) -> Path:
    """Write `content` below `root`, each file first changed in place by the function given for its path."""
    files = content(numbers)
    for name, alter in (change or {}).items():
        alter(files[name])
    for name, value in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.dump(value, Dumper=_Plain, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return root


class _Plain(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):
    """Without anchors, which content files may not have."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _reference(id_: str) -> dict[str, Any]:
    url = f"https://example.org/{id_}"
    return {"id": id_, "title": id_, "publisher": "Nobody", "year": 2025, "url": url, "checked": "2026-11-01"}


def _module(number: int) -> dict[str, Any]:
    name = _NAMES[number]
    at = f"modules/{number:02}-{name}"
    return {
        f"{at}/module.yaml": _about(number, name),
        f"{at}/vignette.yaml": {
            "family": "Ada, who is two, and her father Tom.",
            "records": [
                {
                    "kind": "note",
                    "agency": agency,
                    "title": "Note",
                    "when": "Monday",
                    "by": "A nurse",
                    "body": words(132),
                }
                for agency in ("School", "Police", "Health visiting", "School")
            ],
        },
        f"{at}/self_assessment.yaml": {
            role: [
                {"id": f"{role.replace('_', '-')}-{n}", "text": "I could show what I did.", "evidence": n == 1}
                for n in range(1, 5)
            ]
            for role in ("practitioner", "manager", "senior_manager")
        },
        f"{at}/team.yaml": {"opener": words(144), "questions": [f"What did we see on day {n}?" for n in range(1, 5)]},
        f"{at}/briefing.yaml": {"boxes": [{"heading": f"Minute {n}", "text": words(60)} for n in range(1, 8)]},
        f"{at}/later.yaml": _later(name),
        f"scenarios/{number:02}-{name}.yaml": scenario(),
    }


def _later(name: str) -> dict[str, Any]:
    """Three cards and the fork of the check, each with three choices; none stands out by its form."""
    cards = [_fork(f"{name}-card-{n}", n) for n in range(1, 4)]
    return {"cards": cards, "six_weeks": _fork(f"{name}-six-weeks", 4)}


def _fork(id_: str, turn: int) -> dict[str, Any]:
    return {
        "id": id_,
        "you": "a nurse",
        "situation": words(72),
        "choices": [
            {"id": f"{id_}-{'abc'[n]}", "text": text, "strong": n == turn % 3, "follows": f"{text} " + words(24)}
            for n, text in enumerate(_CHOICES)
        ],
        "why": words(48),
        "sources": ["act-1989"],
    }


def _about(number: int, name: str) -> dict[str, Any]:
    heard = [{"who": who, "hears": "Somebody rang."} for who in ("The nurse", "The teacher")]
    knew = [
        {"agency": agency, "facts": [{"when": "Monday", "what": "He was seen."}]}
        for agency in ("School", "Police", "Health visiting")
    ]
    return {
        "id": name,
        "number": number,
        "title": TITLES[number],
        "two_readings": {"words": "“Flagged.”", "said_by": "a nurse", "heard": heard},
        "overview": words(84),
        "outcomes": ["Describe what was seen.", "Name who should be told.", "Explain what was missed."],
        "journey": {"stage": "referral"},
        "content_note": words(48) + " Ask {{ staff-support }}.",
        "knew": knew,
        "missing": "Nobody put it together.",
        "good": [{"text": f"Practice {n} is to ask.", "sources": ["act-1989"]} for n in range(1, 6)],
        "reflection": {"questions": ["What would you do?", "Who would notice?"], "commitment": "I will ring."},
        "ledger": [{"version": "1.0", "date": "2026-11-23", "kind": "first", "what": "First edition."}],
    }


def scenario() -> dict[str, Any]:
    """Five decisions on two sides, 14 moments, five endings and one fact; no choice stands out by its form."""
    sides = {1: ("near",), 2: ("near", "far"), 3: ("near", "far"), 4: ("near", "far"), 5: ("near", "far")}
    moments = [_decision(level, side) for level, both in sides.items() for side in both]
    moments += [
        {
            "id": f"ending-{n}",
            "title": f"Ending {n}",
            "text": "It is June.",
            "ending": {"child": "She sleeps well.", "uncertain": "Nobody knows how it began."},
        }
        for n in range(1, 6)
    ]
    moments[-6]["text"] = ["The phone rings.", {"if": ["told"], "text": "The teacher has your note."}]
    moments[0]["choices"][0]["gain"] = ["told"]
    held = [{"agency": agency, "what": "She was seen."} for agency in ("School", "Police")]
    moments[0]["turn"] = {"why": words(24), "knew": held}
    return {
        "you": {"name": "Priya Nair", "profession": "nurse", "situation": "You are at your desk. It is Monday."},
        "facts": [{"id": "told", "knows": "The school knows.", "source": "your call"}],
        "moments": moments,
    }


_CHOICES = (
    "Ring the school and ask what they saw of the girl this week.",
    "Write a note for the file and read it at the team meeting.",
    "Ask her father to come in and tell you how the day went.",
)


def _decision(level: int, side: str) -> dict[str, Any]:
    turn = level * 2 + (side == "far")
    return {
        "id": f"day-{level}-{side}",
        "title": f"Day {level}",
        "text": "The phone rings.",
        "choices": [
            {
                "id": f"day-{level}-{side}-{'abc'[n]}",
                "text": _CHOICES[(n + level) % 3],
                "consequence": "A day goes by.",
                "leads": _target(level, side, n),
                "strong": n == turn % 3,
                "debrief": {
                    "tempting": words(24),
                    "child": words(12),
                    "stronger": words(12),
                    "sources": ["guide-2025"],
                },
            }
            for n in range(3)
        ],
    }


def _target(level: int, side: str, n: int) -> str:
    if level == 5:
        return f"ending-{n + (1 if side == 'near' else 3)}"
    return f"day-{level + 1}-{'near' if n == 0 else 'far'}"


def scenario_of(moves: Mapping[str, Mapping[str, Any]]) -> Scenario:
    """A scenario from {moment: {choice: target, or a dict with leads, if, unless, gain}}; no choices is an ending."""
    asked = [c if isinstance(c, dict) else {"leads": c} for choices in moves.values() for c in choices.values()]
    facts = sorted({f for c in asked for key in ("if", "unless", "gain") for f in c.get(key, ())})
    moments = [
        {
            "id": id_,
            "title": id_.capitalize(),
            "text": "Something happens.",
            "choices": [
                {
                    "id": c,
                    "text": f"Do {c}.",
                    "consequence": "It is done.",
                    **(to if isinstance(to, dict) else {"leads": to}),
                }
                for c, to in choices.items()
            ],
            "ending": None if choices else {"child": "Safe.", "uncertain": "Much."},
        }
        for id_, choices in moves.items()
    ]
    you = {"name": "Sam", "profession": "teacher", "situation": "You are at school."}
    known = [{"id": f, "knows": f, "source": "you"} for f in facts]
    return Scenario.model_validate({"you": you, "facts": known, "moments": moments})


def story_of(moves: Mapping[str, Mapping[str, Any]]) -> Story:
    """The compiled story of `scenario_of`."""
    return build(scenario_of(moves))
