"""Text that is hard to read is told to its author, at its line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from course.catalogue.library import BrokenContent, load
from course.catalogue.text import reading_age, syllables_in
from tests.factories import BRIEFING, MODULE, SCENARIO, SELF_ASSESSMENT, TEAM, VIGNETTE, Change, words, write_content

HARD = (
    "Notwithstanding the considerable organisational complexity that characterises contemporary safeguarding "
    "arrangements, practitioners demonstrating professional curiosity consistently articulate evidence-informed "
    "formulations that appropriately conceptualise cumulative adversity. "
)


def problems(root: Path, change: dict[str, Change]) -> list[str]:
    try:
        load(write_content(root, change=change))
    except BrokenContent as broken:
        return [str(p) for p in broken.problems]
    return []


def set_text(*place: str | int, text: str) -> Callable[[Any], None]:
    """A change that puts `text` at a place in a file."""

    def change(value: Any) -> None:
        for key in place[:-1]:
            value = value[key]
        value[place[-1]] = text

    return change


@pytest.mark.parametrize(
    ("name", "place", "text", "told"),
    [
        (MODULE, ("missing",), HARD * 5, "the jigsaw has a reading age of "),
        (SCENARIO, ("you", "situation"), HARD * 12, "the scenario has a reading age of "),
        (TEAM, ("opener",), HARD * 4, "the team discussion has a reading age of "),
        (BRIEFING, ("boxes", 3, "text"), words(96).replace("\n\n", " "), "has 96 words. Keep to 90"),
        (VIGNETTE, ("records", 1, "body"), words(132).replace("\n\n", " "), "has 132 words. Keep to 90"),
        (MODULE, ("missing",), "Nobody's note said so.", "a straight quotation mark or apostrophe in “Nobody's note"),
        (VIGNETTE, ("records", 0, "title"), 'A "note"', 'a straight quotation mark or apostrophe in “A "note"”'),
        (MODULE, ("missing",), "The family was hard to reach.", "the narrator says “hard to reach”"),
        (SCENARIO, ("moments", 2, "text"), "Police log a domestic.", "the narrator says “domestic”"),
        (SCENARIO, ("moments", 2, "choices", 0, "consequence"), "She alleged it.", "the narrator says “alleged”"),
        (MODULE, ("missing",), "Ask the LADO.", "LADO is not spelt out where it is first met"),
        (MODULE, ("missing",), "A local authority designated officer (LADO).", "LADO is not in the glossary"),
        (TEAM, ("questions", 0), "What would the LADO say?", "LADO is not spelt out where it is first met"),
    ],
)
def test_a_fault_of_text_is_told_in_its_file(
    tmp_path: Path, name: str, place: tuple[str | int, ...], text: str, told: str
) -> None:
    found = problems(tmp_path, {name: set_text(*place, text=text)})
    assert any(line.startswith(f"{name}:") and told in line for line in found), found


@pytest.mark.parametrize(
    ("name", "place", "text"),
    [
        (MODULE, ("missing",), "The note said “failed to engage”, and ‘a domestic’, and nobody asked why."),
        (MODULE, ("missing",), "It was domestic abuse."),
        (VIGNETTE, ("records", 0, "body"), "Domestic reported. Mum hard to reach. DNA x 3, NFA. " + words(120)),
        (VIGNETTE, ("records", 0, "body"), (HARD * 3 + "\n\n") * 2),
        (MODULE, ("missing",), "The GP rang the NHS line. The drawing said SEEN TODAY."),
        (MODULE, ("content_note",), words(48) + " Ask {{ staff-support }}."),
        (BRIEFING, ("boxes", 3, "text"), words(36) + "\n\n> " + words(48)),
        (SCENARIO, ("moments", 0, "choices", 0, "debrief", "tempting"), HARD),
    ],
)
def test_what_is_allowed(tmp_path: Path, name: str, place: tuple[str | int, ...], text: str) -> None:
    assert problems(tmp_path, {name: set_text(*place, text=text)}) == []


def test_an_acronym_spelt_out_once_is_free_in_the_lesson_but_not_in_a_handout(tmp_path: Path) -> None:
    spelt = "Ask the local authority designated officer (LADO)."
    glossary = "modules/glossary.yaml"
    change: dict[str, Change] = {
        glossary: lambda d: d["terms"].append({"term": "LADO", "means": "Who advises on concerns about staff."}),
        SCENARIO: set_text("moments", 0, "text", text=spelt),
        SELF_ASSESSMENT: set_text("manager", 2, "text", text="I can name our LADO."),
        MODULE: lambda d: d["good"][4].update(text="The LADO is told."),
    }
    assert problems(tmp_path, change) == []
    change[TEAM] = set_text("questions", 0, text="What would the LADO say?")
    assert [line.split(":")[0] for line in problems(tmp_path, change)] == [TEAM]


def test_a_hard_part_is_told_at_the_passage_that_makes_it_so(tmp_path: Path) -> None:
    change: dict[str, Change] = {MODULE: lambda d: d["good"][3].update(text=f"{HARD * 3}\n\n{HARD * 2}")}
    (line,) = problems(tmp_path, change)
    number = int(line.split(":")[1])
    assert "Notwithstanding" in (tmp_path / MODULE).read_text(encoding="utf-8").splitlines()[number - 1]


def test_reading_age_rises_from_a_childs_book_to_a_statute() -> None:
    child = "The cat sat on the mat. It was a big mat. The cat was glad."
    leaflet = "If you are worried about a child, talk to somebody you trust. You can ring us at any time of the day."
    assert reading_age(child) < 6 < reading_age(leaflet) < 14 < reading_age(HARD)


def test_syllables_are_right_for_nearly_all_of_the_words_that_modules_use() -> None:
    counted = {
        **dict.fromkeys(["seen", "asked", "bruised", "house", "the", "tired", "nurse", "friend", "homes", "says"], 1),
        **dict.fromkeys(["child", "year"], 1),
        **dict.fromkeys(["children", "worried", "social", "wanted", "bruises", "changes", "careful", "statement"], 2),
        **dict.fromkeys(["being", "meeting", "police", "little", "client", "people", "something", "agreed"], 2),
        **dict.fromkeys(["referral", "family", "telephone", "agencies", "safeguarding", "decision", "serious"], 3),
        **dict.fromkeys(["period", "enquiries", "hospital", "discussion", "assessment", "disagree", "manager"], 3),
        **dict.fromkeys(["information", "professional", "practitioner", "situation", "experience", "authority"], 4),
        **dict.fromkeys(["immediately", "examination"], 5),
    }
    assert {word: syllables_in(word) for word in counted} == counted
