"""What comes back after a module is held to the standard: an author is told where a card falls short of it."""

from pathlib import Path
from typing import Any

import pytest

from course.catalogue.library import BrokenContent, load
from tests.factories import FOLDER, Change, words, write_content

LATER = f"modules/{FOLDER}/later.yaml"


def told(root: Path) -> list[str]:
    try:
        load(root)
    except BrokenContent as broken:
        return [f"{problem.file}: {problem.what}" for problem in broken.problems]
    return []


def _choices(later: Any, card: int = 0) -> list[Any]:
    found: list[Any] = later["cards"][card]["choices"]
    return found


def _strong_first(later: Any) -> None:
    for fork in (*later["cards"], later["six_weeks"]):
        for n, choice in enumerate(fork["choices"]):
            choice["strong"] = n == 0


def _strong_longest(later: Any) -> None:
    for fork in later["cards"]:
        for choice in fork["choices"]:
            choice["text"] = choice["text"] + " Then ring her again." * choice["strong"]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda d: d["cards"][1].update(situation=words(24)), "words in it: 24"),
        (lambda d: d["six_weeks"].update(why=words(120)), "words in it: 120"),
        (lambda d: _choices(d)[0].update(text="Ring the school."), "words in it: 3"),
        (lambda d: _choices(d)[2].update(follows="She rings."), "words in it: 2"),
        (lambda d: d["cards"][0].update(sources=["act-1998"]), "there is no reference 'act-1998'"),
        (lambda d: _choices(d)[0].update(id=_choices(d)[1]["id"]), "two choices of a card share an id"),
        (lambda d: [choice.update(strong=True) for choice in _choices(d)], "3 of the choices are marked strong"),
        (lambda d: d["six_weeks"].update(id=d["cards"][0]["id"]), "is used twice"),
        (_strong_first, "the strong choice stands in the same place on every card"),
        (_strong_longest, "the strong choice is the longest on 3 of 4 cards"),
        (lambda d: d["cards"].pop(), "at least 3 items"),
    ],
)
def test_a_card_that_falls_short_is_told_of(tmp_path: Path, change: Change, what: str) -> None:
    found = told(write_content(tmp_path, change={LATER: change}))
    assert any(one.startswith(LATER) and what in one for one in found), found


def test_a_card_of_another_module_has_an_id_of_its_own(tmp_path: Path) -> None:
    def take(later: Any) -> None:
        later["cards"][0]["id"] = "module-thirteen-card-1"

    found = told(write_content(tmp_path, numbers=(3, 13), change={LATER: take}))
    assert [one for one in found if "'module-thirteen-card-1' is used twice" in one]


def test_a_module_without_anything_that_comes_back_is_refused(tmp_path: Path) -> None:
    root = write_content(tmp_path)
    (root / LATER).unlink()
    assert any(one.startswith(LATER) for one in told(root))
