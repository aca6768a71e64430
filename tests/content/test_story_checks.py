"""A story is refused when a learner could get lost in it, and its author is told where."""

from collections.abc import Callable
from typing import Any

import pytest

from course.story.checks import Finding, check_moves, check_shape
from course.story.compile import MOST_STEPS, build
from course.story.model import Scenario
from tests.factories import scenario, scenario_of, story_of, words


def findings(change: Callable[[Any], object]) -> list[Finding]:
    """What is found in the sound scenario of the factories, once changed."""
    value = scenario()
    change(value)
    written = Scenario.model_validate(value)
    return check_shape(written) or check_moves(build(written))


def _choice(value: Any, moment: int, choice: int) -> Any:
    return value["moments"][moment]["choices"][choice]


def _without_debrief(value: Any) -> None:
    del _choice(value, 2, 1)["debrief"]


@pytest.mark.parametrize(
    ("change", "place", "what"),
    [
        (lambda v: _choice(v, 0, 1).update(leads="day-9"), ("moments", 0, "choices", 1, "leads"), "no moment 'day-9'"),
        (lambda v: _choice(v, 0, 0).update(gain=["tld"]), ("moments", 0, "choices", 0, "gain"), "no fact 'tld'"),
        (
            lambda v: _choice(v, 3, 0).update({"unless": ["tld"]}),
            ("moments", 3, "choices", 0, "unless"),
            "no fact 'tld'",
        ),
        (
            lambda v: v["moments"][8]["text"][1].update({"if": ["tld"]}),
            ("moments", 8, "text", 1, "if"),
            "no fact 'tld'",
        ),
        (lambda v: v["moments"][1].update(id="day-1-near"), ("moments", 1, "id"), "'day-1-near' is used twice"),
        (
            lambda v: _choice(v, 3, 1).update(id="day-1-near-a"),
            ("moments", 3, "choices", 1, "id"),
            "'day-1-near-a' is used twice",
        ),
        (_without_debrief, ("moments", 2, "choices", 1), "has no debrief"),
        (lambda v: v["moments"][9].pop("ending"), ("moments", 9), "stops the story without an ending"),
        (lambda v: v["moments"][3].update(choices=[]), ("moments", 3), "stops the story without an ending"),
        (
            lambda v: v["moments"][3].update(ending=v["moments"][9]["ending"]),
            ("moments", 3),
            "is an ending and has choices",
        ),
        (lambda v: [c.update(strong=False) for c in v["moments"][0]["choices"]], ("moments", 0), "is marked strong"),
        (
            lambda v: [c.update(strong=True) for c in v["moments"][0]["choices"]],
            ("moments", 0),
            "every choice at 'day-1-near' is marked strong",
        ),
    ],
)
def test_faults_of_shape(change: Callable[[Any], object], place: tuple[str | int, ...], what: str) -> None:
    found = findings(change)
    assert any(f.place == place and what in f.what for f in found), found


@pytest.mark.parametrize(
    ("change", "place", "what"),
    [
        (
            lambda v: [c.update(leads="day-3-far") for m in (1, 2) for c in v["moments"][m]["choices"]],
            ("moments", 3),
            "nobody can reach the moment 'day-3-near'",
        ),
        (
            lambda v: _choice(v, 0, 2).update({"if": ["told"]}),
            ("moments", 0, "choices", 2),
            "nobody is ever offered the choice 'day-1-near-c'",
        ),
        (
            lambda v: v["moments"][0].update(text=["Morning.", {"if": ["told"], "text": "Never."}]),
            ("moments", 0, "text", 1),
            "nobody ever sees this passage",
        ),
        (lambda v: _choice(v, 0, 0).update(gain=[]), ("facts", 0), "nobody can gain the fact 'told'"),
        (
            lambda v: [c.update({"unless": ["told"]}) for c in v["moments"][1]["choices"]],
            ("moments", 1),
            "who knows told has no choice left here",
        ),
        (
            lambda v: v["moments"][2].update(text=[{"if": ["told"], "text": "You rang."}]),
            ("moments", 2),
            "who knows nothing finds no text here",
        ),
        (
            lambda v: [_choice(v, m, n).update({"if": ["told"]}) for m in (8,) for n in range(3) if _strong(v, m, n)],
            ("moments", 8),
            "who knows nothing sees no strong choice here",
        ),
        (lambda v: _choice(v, 5, 1).update(leads="day-1-near"), ("moments",), "go round and round"),
        (lambda v: _choice(v, 0, 1).update(leads="ending-1"), ("moments",), "shortest path has 1 decisions"),
        (
            lambda v: [v["moments"][0].update(choices=v["moments"][0]["choices"][:1])],
            ("moments",),
            "fullest path has 4 decisions",
        ),
        (lambda v: v.update(moments=v["moments"] + _turns(v, 13)), ("moments",), "has 27 moments"),
        (
            lambda v: _choice(v, 4, 1)["debrief"].update(child=words(84)),
            ("moments", 4, "choices", 1, "debrief"),
            "has 120 words",
        ),
        (
            lambda v: _choice(v, 4, 1)["debrief"].pop("sources"),
            ("moments", 4, "choices", 1, "debrief"),
            "names no source",
        ),
    ],
)
def test_faults_that_show_only_when_every_path_is_walked(
    change: Callable[[Any], object], place: tuple[str | int, ...], what: str
) -> None:
    found = findings(change)
    assert any(f.place == place and what in f.what for f in found), found


def _strong(value: Any, moment: int, choice: int) -> bool:
    return bool(_choice(value, moment, choice)["strong"])


def _turns(value: Any, count: int) -> list[Any]:
    """Moments that only turn the page, put before the first ending of the nearer side."""
    first, last = _choice(value, 7, 0), "ending-1"
    first["leads"] = "turn-0"
    return [
        {
            "id": f"turn-{n}",
            "title": "Later",
            "text": "An hour goes by.",
            "choices": [
                {
                    "id": f"wait-{n}",
                    "text": "Wait.",
                    "consequence": "You wait.",
                    "leads": f"turn-{n + 1}" if n + 1 < count else last,
                }
            ],
        }
        for n in range(count)
    ]


def test_a_sound_story_has_no_fault() -> None:
    assert findings(lambda value: None) == []


def test_coming_back_to_a_moment_knowing_more_is_no_loop() -> None:
    story = story_of(
        {
            "hall": {"ask": {"leads": "desk", "unless": ["asked"]}, "go": {"leads": "end", "if": ["asked"]}},
            "desk": {"back": {"leads": "hall", "gain": ["asked"]}},
            "end": {},
        }
    )
    assert not any("round" in f.what for f in check_moves(story))


def test_a_tangled_story_is_refused_without_walking_all_of_it() -> None:
    facts = [f"fact-{n}" for n in range(12)]
    moves: dict[str, dict[str, Any]] = {
        f"m{n}": {f"learn-{n}": {"leads": f"m{n + 1}", "gain": [fact]}, f"skip-{n}": f"m{n + 1}"}
        for n, fact in enumerate(facts)
    }
    story = build(scenario_of(moves | {"m12": {}}))
    assert len(story.steps) == MOST_STEPS + 1
    assert [f.what for f in check_moves(story)] == ["the story has more than 150 distinct steps"]


def _turn_again(value: Any) -> None:
    value["moments"][1]["turn"] = value["moments"][0]["turn"]


def _turn_at_an_ending(value: Any) -> None:
    value["moments"][9]["turn"] = value["moments"][0]["turn"]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda v: v["moments"][0].pop("turn"), "a path meets 0 moments where the story turns"),
        (_turn_again, "a path meets 1 to 2 moments where the story turns"),
        (_turn_at_an_ending, "is no decision"),
        (lambda v: v["moments"][0]["turn"].update(why="It did."), "words in why the story turns: 2"),
    ],
)
def test_every_path_meets_one_turn(change: Callable[[Any], object], what: str) -> None:
    assert any(what in finding.what for finding in findings(change))
