"""A module whose strong choices can be guessed by form is told apart from one where they cannot."""

from collections.abc import Callable
from itertools import product
from math import comb
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.catalogue.giveaway import at_least, giveaways
from course.catalogue.library import BrokenContent, load
from course.story.checks import Finding
from course.story.compile import build
from course.story.model import Scenario
from tests.factories import SCENARIO, scenario, write_content

Planted = Callable[[dict[str, Any]], None]


def planted(plant: Callable[[list[dict[str, Any]], dict[str, Any]], object], child: str | None = None) -> Planted:
    """Changes every decision of a scenario: `plant` gets its choices and the strong one of them."""

    def change(value: dict[str, Any]) -> None:
        if child:
            value["child"] = child
        for moment in value["moments"]:
            if choices := moment.get("choices"):
                plant(choices, next(c for c in choices if c["strong"]))

    return change


def _say_more(choices: list[dict[str, Any]], strong: dict[str, Any]) -> None:
    strong["text"] += " Then write it down with the time."


def _say_less(choices: list[dict[str, Any]], strong: dict[str, Any]) -> None:
    strong["text"] = "Ring the school."


def _put_second(choices: list[dict[str, Any]], strong: dict[str, Any]) -> None:
    choices.remove(strong)
    choices.insert(1, strong)


def _name_the_child(choices: list[dict[str, Any]], strong: dict[str, Any]) -> None:
    strong["text"] = strong["text"].replace("the girl", "Ada’s sister").replace(" for the file", " about Dot")
    strong["text"] = strong["text"].replace("her father", "Ada’s father")


def _be_absolute(choices: list[dict[str, Any]], strong: dict[str, Any]) -> None:
    for choice, word in zip([c for c in choices if c is not strong], ("Just", "Always"), strict=True):
        choice["text"] = f"{word} {choice['text'].lower()}"


def found_in(change: Planted) -> list[Finding]:
    value = scenario()
    change(value)
    return list(giveaways(build(Scenario.model_validate(value))))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (planted(_say_more), "the strong choice is the longest in 9 of 9 decisions (chance gives about 3): "),
        (planted(_say_less), "the strong choice is the shortest in 9 of 9 decisions (chance gives about 3): "),
        (planted(_put_second), "the strong choice is number 2 in 9 of 9 decisions (chance gives about 3): "),
        (planted(_name_the_child, "Ada and Dot"), "the only one that names the child in 9 of 9 decisions"),
        (planted(_be_absolute), "the only one without an absolute word in 9 of 9 decisions"),
    ],
)
def test_a_planted_giveaway_is_caught_and_its_choices_are_named(change: Planted, what: str) -> None:
    findings = found_in(change)
    (finding,) = [f for f in findings if what in f.what]
    assert "day-1-near-" in finding.what and "day-5-far-" in finding.what
    assert finding.place[:2] == ("moments", 0)
    assert finding.do


def test_a_balanced_module_gives_nothing_away() -> None:
    assert found_in(lambda value: value.update(child="Ada")) == []


def test_a_few_decisions_show_nothing() -> None:
    """Three of three is luck once in 27, but three decisions are too few to call a habit."""

    def change(value: dict[str, Any]) -> None:
        for moment in value["moments"][:3]:
            _name_the_child(moment["choices"], next(c for c in moment["choices"] if c["strong"]))
        value["child"] = "Ada and Dot"

    assert found_in(change) == []


def test_the_child_cannot_be_a_giveaway_in_a_story_that_does_not_say_its_name() -> None:
    assert found_in(planted(_name_the_child)) == [
        f for f in found_in(planted(_name_the_child)) if "child" not in f.what
    ]


@given(st.lists(st.sampled_from([0.25, 1 / 3, 0.5, 2 / 3]), max_size=7), st.integers(0, 8))
def test_chance_is_exact(chances: list[float], hits: int) -> None:
    by_hand = 0.0
    for outcome in product((0, 1), repeat=len(chances)):
        likely = 1.0
        for hit, chance in zip(outcome, chances, strict=True):
            likely *= chance if hit else 1 - chance
        by_hand += likely * (sum(outcome) >= hits)
    assert at_least(hits, chances) == pytest.approx(by_hand)


def test_chance_agrees_with_the_binomial_where_all_decisions_are_alike() -> None:
    assert at_least(8, [1 / 3] * 12) == pytest.approx(sum(comb(12, k) * 2 ** (12 - k) for k in range(8, 13)) / 3**12)


def test_each_way_to_guess_raises_few_false_alarms() -> None:
    """Modules in which any choice of a decision is as likely to be strong: most are told nothing at all."""
    random = Random(7)  # noqa: S311 (not for secrets)

    def shuffled(choices: list[dict[str, Any]], strong: dict[str, Any]) -> None:
        strong["strong"] = False
        random.choice(choices)["strong"] = True

    alarms = [found_in(planted(shuffled)) for _ in range(60)]
    assert sum(map(len, alarms)) / (5 * len(alarms)) < 0.06


def test_course_check_tells_it_at_the_choice(tmp_path: Path) -> None:
    root = write_content(tmp_path, change={SCENARIO: planted(_put_second)})
    with pytest.raises(BrokenContent) as broken:
        load(root)
    (problem,) = broken.value.problems
    lines = (root / SCENARIO).read_text(encoding="utf-8").splitlines()
    assert problem.file == SCENARIO
    assert lines[problem.line - 1].strip() == "- id: day-1-near-c"
    assert str(problem).endswith("Put some of these in another place.")
