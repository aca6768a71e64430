"""Properties of every compiled story, held against a walk of the story as written that shares no code with it."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.story.checks import check_moves, check_shape
from course.story.compile import build, code_of
from course.story.model import Scenario
from course.story.rules import DoesNotFollow, follow
from tests.factories import scenario_of

FACTS = st.sampled_from([[], [], [], [], ["red"], ["blue"]])
"""Mostly none, so that many choices are open."""
Walked = list[tuple[str, str, frozenset[str]]]
"""One path: for each moment visited, the choice that led to it ("" at the start), its id and the facts known."""


@st.composite
def scenarios(draw: st.DrawFn, *, onward_only: bool = True) -> Scenario:
    """Up to six moments with up to three choices each; the last is an ending."""
    count = draw(st.integers(2, 6))
    moves: dict[str, dict[str, Any]] = {}
    for m in range(count - 1):
        targets = st.integers(m + 1 if onward_only else 0, count - 1)
        moves[f"m{m}"] = {
            f"c{m}-{c}": {
                "leads": f"m{draw(targets)}",
                "gain": draw(FACTS),
                "if": draw(FACTS),
                "unless": draw(FACTS),
            }
            for c in range(draw(st.integers(1, 3)))
        }
    return scenario_of(moves | {f"m{count - 1}": {}})


def walk(scenario: Scenario, path: Walked | None = None) -> Iterator[Walked]:
    """Every path from the start to where it stops, or to where it comes round to a state it has been in."""
    path = path or [("", scenario.moments[0].id, frozenset())]
    _, here, facts = path[-1]
    choices = next(m.choices for m in scenario.moments if m.id == here)
    offered = [c for c in choices if set(c.needs) <= facts and not set(c.lacks) & facts]
    if not offered or (here, facts) in [(m, f) for _, m, f in path[:-1]]:
        yield path
    else:
        for choice in offered:
            yield from walk(scenario, [*path, (choice.id, choice.leads, facts | set(choice.gain))])


@given(scenarios())
def test_the_steps_are_exactly_those_that_some_path_reaches(scenario: Scenario) -> None:
    story = build(scenario)
    walked = {(moment, facts) for path in walk(scenario) for _, moment, facts in path}
    assert {(s.moment.id, s.facts) for s in story.steps.values()} == walked


@given(scenarios())
def test_replaying_choices_gives_the_steps_that_a_reader_of_the_file_expects(scenario: Scenario) -> None:
    story = build(scenario)
    for path in walk(scenario):
        choices = [choice for choice, _, _ in path[1:]]
        steps = follow(story, choices)
        assert [(s.moment.id, s.facts) for s in steps] == [(moment, facts) for _, moment, facts in path]
        assert steps == follow(build(scenario), choices)


@given(scenarios())
def test_a_choice_that_is_not_offered_is_refused_with_the_path_so_far(scenario: Scenario) -> None:
    story = build(scenario)
    every = {c.id for m in scenario.moments for c in m.choices}
    for path in walk(scenario):
        choices = [choice for choice, _, _ in path[1:]]
        for n, step in enumerate(follow(story, choices)):
            for wrong in every - set(step.leads):
                with pytest.raises(DoesNotFollow) as refused:
                    follow(story, [*choices[:n], wrong])
                assert refused.value.path[-1] == step


@given(scenarios())
def test_decisions_to_go_and_before_agree_with_counting_every_path(scenario: Scenario) -> None:
    story = build(scenario)
    to_go: dict[str, list[int]] = {}
    before: dict[str, list[int]] = {}
    for path in walk(scenario):
        steps = follow(story, [choice for choice, _, _ in path[1:]])
        for n, step in enumerate(steps):
            before.setdefault(step.key, []).append(sum(s.is_decision for s in steps[:n]))
            to_go.setdefault(step.key, []).append(sum(s.is_decision for s in steps[n:]))
    assert story.decisions_to_go == {key: (min(counts), max(counts)) for key, counts in to_go.items()}
    assert story.decisions_before == {key: min(counts) for key, counts in before.items()}


@settings(max_examples=150)
@given(scenarios(onward_only=False))
def test_a_loop_is_told_exactly_when_some_path_comes_round(scenario: Scenario) -> None:
    paths = list(walk(scenario))
    comes_round = any(path[-1][1:] in [state[1:] for state in path[:-1]] for path in paths)
    told = any("round and round" in f.what for f in check_moves(build(scenario)))
    assert told == comes_round


@given(scenarios(onward_only=False))
def test_a_story_without_findings_of_moves_always_ends_in_an_ending(scenario: Scenario) -> None:
    endless = any(word in f.what for f in check_moves(build(scenario)) for word in ("round", "no choice left"))
    endings = {m.id for m in scenario.moments if m.ending}
    assert endless or {path[-1][1] for path in walk(scenario)} <= endings


@given(scenarios())
def test_moving_moments_and_choices_about_changes_no_learners_path(scenario: Scenario) -> None:
    first, *rest = (m.model_copy(update={"choices": m.choices[::-1]}) for m in scenario.moments)
    moved = build(scenario.model_copy(update={"moments": (first, *reversed(rest))}))
    for path in walk(scenario):
        steps = follow(moved, [choice for choice, _, _ in path[1:]])
        assert [(s.moment.id, s.facts) for s in steps] == [state[1:] for state in path]


def test_choices_that_would_share_a_packages_short_code_are_refused() -> None:
    codes: dict[str, str] = {}
    ids = (f"choice-{n}" for n in range(2000))
    one, other = next((codes[code], id_) for id_ in ids if codes.setdefault(code := code_of(id_), id_) != id_)
    found = check_shape(scenario_of({"start": {one: "end", other: "end"}, "end": {}}))
    assert any(f"{other!r} and {one!r} share the short code" in f.what for f in found)
