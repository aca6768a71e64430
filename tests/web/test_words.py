"""What a learner writes, from the form to their journal: drafts, what may say who a child is, two devices at once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from course.learning.tables import Completion, Person, Reflection, StoredEvent
from tests.web.test_learn import MODULE, to_ending
from tests.web.visitor import Visitor, text

Visit = Callable[..., Visitor]
AddPerson = Callable[..., Person]

REFLECTION = f"{MODULE}/reflection"
ENTRY = "/mine/journal/03-module-three"
WORDS = {"answer-1": "I waited.\nThen I rang.", "answer-2": "", "commitment": "Ring first.", "by-when": "2027-03-01"}
SIGN = "her number is 943 476 5919"


def to_reflection(visitor: Visitor) -> Visitor:
    return to_ending(visitor).send("See what happened").send("Go on").send("Go on").rate_all()


def autosave(visitor: Visitor, **fields: str) -> TestResponse:
    """What words.js sends of the form on the page."""
    [began] = visitor.page.xpath("//input[@name='began-from']")
    form = next(began.iterancestors("form"))
    hidden = {i.get("name"): i.get("value") for i in form.xpath(".//input[@type='hidden']")}
    return visitor.client.post(
        began.get("data-save-to"),
        data=hidden | fields,
        base_url="https://localhost",
        headers={"Accept": "application/json", "Referer": f"https://localhost{visitor.path}"},
    )


def in_fields(visitor: Visitor) -> dict[str, str]:
    """What stands in the fields of the page."""
    areas = {area.get("name"): area.text_content().removeprefix("\n") for area in visitor.page.iter("textarea")}
    inputs = visitor.page.xpath("//form[.//textarea]//input[not(@type='hidden')]")
    return areas | {i.get("name"): i.get("value") for i in inputs}


def kinds(session: Session) -> list[str]:
    session.expire_all()
    return list(session.scalars(select(StoredEvent.kind).order_by(StoredEvent.number)))


def test_a_draft_is_kept_and_is_no_reflection(learner: Visitor, session: Session) -> None:
    to_reflection(learner)
    before = kinds(session)
    learner.send("Save and carry on later", **WORDS)
    assert (learner.heading, learner.path) == ("Modules", "/")
    assert "kept, for you alone" in learner.words
    assert kinds(session) == before
    assert session.scalar(select(func.count()).select_from(Completion)) == 0
    assert {n: v.strip() for n, v in in_fields(learner.get(REFLECTION)).items()} == {**WORDS, "who-notices": ""}
    learner.send("Keep this and finish", **WORDS)
    assert learner.heading == "You have finished this module"
    assert kinds(session)[-1] == "reflected"


def test_what_is_no_day_stays_in_the_commitment(learner: Visitor) -> None:
    to_reflection(learner).send("Save and carry on later", **{"commitment": "Ring first.", "by-when": "before Easter"})
    found = in_fields(learner.get(REFLECTION))
    assert (found["commitment"], found["by-when"]) == ("Ring first. (by before Easter)", "")


def test_the_page_says_what_it_is_not(learner: Visitor) -> None:
    words = to_reflection(learner).words
    assert "not a case record" in words
    assert "not legally privileged: a court or an inquiry could ask to see what you keep" in words
    assert "kept in your journal" in words


def test_what_may_say_who_a_child_is_is_kept_and_warned_of(learner: Visitor) -> None:
    to_reflection(learner).send("Save and carry on later", **{"answer-2": SIGN, "commitment": "meet at SW1A 1AA"})
    assert learner.path == REFLECTION
    assert "What you kept may say who a child is. It is kept." in learner.words
    for name, sign in (("answer-2", "an NHS number"), ("commitment", "a postcode")):
        [field] = learner.page.xpath("//*[@name=$name]", name=name)
        [warning] = learner.page.xpath("//*[@id=$id]", id=field.get("aria-describedby"))
        assert sign in text(warning)
        assert "943" not in text(warning)
    assert not learner.page.xpath("//*[@id='answer-1-warning']")
    assert in_fields(learner)["answer-2"] == SIGN
    learner.send("Keep this and finish", **{"answer-2": SIGN})
    assert learner.heading == "You have finished this module"
    assert "may say who a child is" in learner.words
    assert "may say who a child is" in learner.get("/mine/journal").words


def test_the_script_saves_and_is_told_what_to_warn_of(learner: Visitor, session: Session) -> None:
    to_reflection(learner)
    before = kinds(session)
    answer = autosave(learner, **{**WORDS, "answer-2": SIGN})
    assert answer.status_code == 200
    assert answer.json is not None
    assert list(answer.json["warnings"]) == ["answer-2"]
    assert "943" not in answer.get_data(as_text=True)
    assert len(answer.json["saved"]) == len("14:05")
    assert kinds(session) == before
    assert in_fields(learner.get(REFLECTION))["answer-2"] == SIGN
    assert answer.json["began"] == learner.page.xpath("//input[@name='began-from']/@value")[0]


def test_several_signs_are_listed_and_nothing_is_warned_of_once_they_are_gone(learner: Visitor) -> None:
    to_reflection(learner)
    answer = autosave(learner, **{"answer-1": f"Amir 12/03/2019 of SW1A 1AA, {SIGN}"}).json
    assert answer is not None
    assert "hold a name or a date of birth, an NHS number and a postcode." in answer["warnings"]["answer-1"]
    assert answer["isWarned"]
    assert not learner.get(REFLECTION).page.xpath("//*[@data-warned][@hidden]")
    assert not learner.get(ENTRY).page.xpath("//*[@data-warned][@hidden]")
    answer = autosave(learner, **{"answer-1": "I waited."}).json
    assert answer is not None
    assert (answer["warnings"], answer["isWarned"], answer["said"]) == ({}, False, [])
    assert learner.get(REFLECTION).page.xpath("//*[@data-warned][@hidden]")


def test_a_day_that_has_passed_is_kept_and_said_at_once(learner: Visitor) -> None:
    to_reflection(learner)
    answer = autosave(learner, **{**WORDS, "by-when": "2020-03-01"}).json
    assert answer is not None
    assert (list(answer["warnings"]), answer["isWarned"]) == (["by-when"], False)
    assert "has passed" in answer["said"][0]
    learner.get(REFLECTION).send("Save and carry on later", **{**WORDS, "by-when": "2020-03-02"})
    assert (learner.path, in_fields(learner)["by-when"]) == (REFLECTION, "2020-03-02")
    assert "The day that you set under “By when” has passed. It is kept" in learner.words
    [field] = learner.page.xpath("//*[@id='by-when']")
    assert "passed" in text(learner.page.xpath("//*[@id=$id]", id=field.get("aria-describedby"))[0])
    learner.send("Keep this and finish", **{**WORDS, "by-when": "2020-03-02"})
    assert "has passed" in learner.words
    learner.get("/mine/plan").send("I have done it")
    assert not learner.get(ENTRY).page.xpath("//*[@id='by-when-warning']"), "what is done is not late"


def test_an_older_draft_replaces_nothing_and_both_are_shown(visit: Visit, add_person: AddPerson) -> None:
    person = add_person("Ada Bell")
    first = to_reflection(visit(person))
    second = visit(person).get(REFLECTION)
    assert autosave(first, **{"answer-1": "newer words"}).status_code == 200
    refused = autosave(second, **{"answer-1": "older words"})
    assert (refused.status_code, refused.json) == (409, {"meanwhile": True})
    second.send("Keep this and finish", 409, **{"answer-1": "older words"})
    assert "newer words" in second.words
    assert in_fields(second)["answer-1"] == "older words"
    assert in_fields(visit(person).get(REFLECTION))["answer-1"] == "newer words"
    assert first.get(f"{MODULE}/").path == REFLECTION, "nothing was recorded"
    second.send("Keep this instead", **{"answer-1": "both words"})
    assert (second.path, in_fields(second)["answer-1"]) == (REFLECTION, "both words")
    second.send("Keep this and finish", **{"answer-1": "both words"})
    assert second.heading == "You have finished this module"


def test_the_same_words_from_two_tabs_are_no_conflict(learner: Visitor) -> None:
    to_reflection(learner)
    for _ in range(2):
        assert autosave(learner, **WORDS).status_code == 200
    learner.send("Keep this and finish", **WORDS)
    assert learner.heading == "You have finished this module"


def test_words_are_kept_where_the_step_has_moved_on(learner: Visitor) -> None:
    to_reflection(learner)
    form = next(learner.page.xpath("//input[@name='began-from']")[0].iterancestors("form"))
    learner.send("Finish without writing").get(f"{MODULE}/overview").send("Do this module again")
    learner.post(form, **{"answer-1": "not to be lost"})
    assert "nothing was changed" in learner.words
    assert in_fields(learner.get(ENTRY))["answer-1"] == "not to be lost"


def test_a_nul_is_left_out_and_a_text_too_long_is_refused(learner: Visitor, session: Session) -> None:
    to_reflection(learner)
    assert autosave(learner, **{"answer-1": "a\0b"}).status_code == 200
    assert autosave(learner, **{"commitment": "x" * 10_001}).status_code == 413
    learner.get(REFLECTION).send("Save and carry on later", 413, **{"answer-1": "x" * 10_001})
    assert "Nothing was saved" in learner.words
    [kept] = session.scalars(select(Reflection)).all()
    assert (kept.answers[0], kept.commitment) == ("ab", "")


@pytest.mark.parametrize("began", ["yesterday", "2026-13-01", "0"])
def test_a_made_up_beginning_changes_nothing(learner: Visitor, session: Session, began: str) -> None:
    to_reflection(learner)
    assert autosave(learner, **{"answer-1": "a", "began-from": began}).status_code == 400
    assert autosave(learner, **{"answer-1": "a", "began-from": "2026-01-01"}).status_code == 409
    assert session.scalars(select(Reflection)).all() == []


def test_the_script_of_one_person_cannot_save_for_another(
    visit: Visit, add_person: AddPerson, session: Session
) -> None:
    ada = to_reflection(visit(add_person("Ada Bell")))
    ada.client.delete_cookie("course", domain="localhost")
    assert autosave(ada, **WORDS).status_code in (302, 400)
    other = visit(add_person("Ben Cole"))
    ada.client = other.client
    assert autosave(ada, **WORDS).status_code == 400, "the token of another session"
    assert session.scalars(select(Reflection)).all() == []


def test_only_pages_where_words_are_written_run_the_script(learner: Visitor) -> None:
    to_reflection(learner)
    for path, has_script in ((REFLECTION, True), ("/", False), ("/mine/journal", False), (f"{MODULE}/practice", False)):
        policy = learner.get(path).response.headers["Content-Security-Policy"]
        assert ("script-src 'self'" in policy) == has_script == bool(learner.page.xpath("//script[@src]")), path
        assert "unsafe" not in policy
    learner.get(REFLECTION)
    [source] = learner.page.xpath("//script/@src")
    assert learner.client.get(source, base_url="https://localhost", buffered=True).status_code == 200


def test_signing_out_clears_what_the_browser_holds(learner: Visitor) -> None:
    learner.get("/").send("Sign out")
    assert learner.response.history[0].headers["Clear-Site-Data"] == '"storage"'


def test_an_empty_reflection_makes_no_entry(learner: Visitor, session: Session) -> None:
    to_reflection(learner).send("Keep this and finish")
    assert learner.heading == "You have finished this module"
    assert session.scalars(select(Reflection)).all() == []
    assert "not written anything yet" in learner.get("/mine/journal").words


def test_a_clock_that_stands_still_does_not_hide_a_newer_draft(app: Flask, visit: Visit, add_person: AddPerson) -> None:
    person, moment = add_person("Ada Bell"), datetime.now(UTC)
    app.config["CLOCK"] = lambda: moment
    first = to_reflection(visit(person))
    assert autosave(first, **{"answer-1": "one"}).status_code == 200
    second = visit(person).get(REFLECTION)
    app.config["CLOCK"] = lambda: moment - timedelta(hours=1)
    assert autosave(first.get(REFLECTION), **{"answer-1": "two"}).status_code == 200
    assert autosave(second, **{"answer-1": "three"}).status_code == 409


def test_a_page_of_writing_costs_few_queries(learner: Visitor, count_queries: Callable[[], list[str]]) -> None:
    to_reflection(learner).send("Save and carry on later", **WORDS)
    for path in (REFLECTION, ENTRY, "/mine/journal", "/mine/plan", "/mine/", "/mine/journal.txt", "/mine/plan.ics"):
        queries = count_queries()
        learner.get(path)
        assert len(queries) <= 6, (path, queries)
