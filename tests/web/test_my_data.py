"""My data: everything is there, nothing of anybody else, and one can act on it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select
from sqlalchemy.orm import Session

from course.learning.mine.my_record import KINDS
from course.learning.tables import CardAnswer, DataRequest, Person, Reflection, Share, SixWeekCheck
from course.web.mine.data_groups import GROUPS, TITLES
from tests.course.people import add_everything_about
from tests.web.visitor import Visitor, text

Visit = Callable[..., Visitor]
AddPerson = Callable[..., Person]
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
MARK = "a heron <by> the weir"


@pytest.fixture
def ada(app: Flask, session: Session, add_person: AddPerson) -> Person:
    """Somebody with a row of each kind, beside another who has them too."""
    ada, lead, otto = add_person("Ada Bell"), add_person("Lena Lead", access="administrator"), add_person("Otto Else")
    module = app.extensions["library"].modules[0]
    add_everything_about(session, ada, lead, module=module, now=NOW, mark=MARK)
    add_everything_about(session, otto, lead, module=module, now=NOW, mark="a secret of another")
    return ada


def whole(visitor: Visitor, kind: str) -> str:
    response = visitor.client.get(f"/mine/data.{kind}", base_url="https://localhost")
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment; filename=my-data-")
    assert response.headers["Cache-Control"] == "no-store"
    return response.get_data(as_text=True)


def test_every_kind_has_a_name_and_stands_in_one_group() -> None:
    in_groups = [key for group in GROUPS for key in group.keys]
    assert sorted(in_groups) == sorted(TITLES) == sorted(kind.key for kind in KINDS)


def test_the_page_has_all_groups_with_their_terms_in_few_queries(
    visit: Visit, ada: Person, count_queries: Callable[[], list[str]]
) -> None:
    visitor = visit(ada)
    seen = count_queries()
    visitor.get("/mine/data")
    assert len(seen) <= 6
    groups = visitor.page.xpath("//section[h3]")
    assert [text(group.xpath("h3")[0]) for group in groups] == [group.title for group in GROUPS]
    for group in groups:
        assert [text(term) for term in group.xpath(".//dt")] == ["Why it is kept", "Who can see it", "How long"]
    assert MARK not in visitor.words
    for address in visitor.page.xpath("//a[starts-with(., 'See it')]/@href"):
        seen = count_queries()
        visitor.get(address)
        assert len(seen) <= 12
        assert "a secret of another" not in visitor.words
        assert visitor.page.xpath("//table/tbody/tr")


def test_a_group_says_its_rows_in_plain_words(visit: Visit, ada: Person) -> None:
    visitor = visit(ada)
    assert MARK in visitor.get("/mine/data/kept/wrote").words
    assert "23 November 2026, 09:30" in visitor.words
    assert "ada.bell@example.org" in visitor.get("/mine/data/kept/who-i-am").words
    assert "Health visiting" in visitor.words
    assert "Lena Lead" in visitor.get("/mine/data/kept/looked").words
    assert "Reminder" in visitor.get("/mine/data/kept/asked").words
    for strange in ("wrote/x", "nothing"):
        visitor.get(f"/mine/data/kept/{strange}", status=404)


def test_answers_and_days_are_said_as_the_course_said_them(
    visit: Visit, ada: Person, session: Session, app: Flask
) -> None:
    later = app.extensions["library"].modules[0].later
    check = session.scalars(select(SixWeekCheck).where(SixWeekCheck.person_id == ada.id)).one()
    check.choice = later.six_weeks.choices[1].id
    answer = session.scalars(select(CardAnswer).where(CardAnswer.person_id == ada.id)).one()
    answer.card_id, answer.choice = later.cards[1].id, later.cards[1].choices[0].id
    share = session.scalars(select(Share).where(Share.person_id == ada.id)).one()
    share.ends_at = datetime(2026, 12, 12, tzinfo=UTC)
    session.commit()
    visitor = visit(ada).get("/mine/data/kept/later")
    for said in (
        "Yes, done",
        "Nothing did",
        "Have you done what you said you would?",
        f"Card 2: you are {later.cards[1].you}",
    ):
        assert said in visitor.words
    assert later.six_weeks.choices[1].text in visitor.words
    assert later.cards[1].choices[0].text in visitor.words
    assert MARK in visitor.words  # what was chosen in the check that is begun: no choice that this edition has
    for code in (check.choice, answer.choice, answer.card_id):
        assert code not in visitor.words
    assert "The end of 11 December 2026" in visitor.get("/mine/data/kept/wrote").words


def test_the_json_holds_every_kind_and_explains_itself(visit: Visit, ada: Person) -> None:
    document = json.loads(whole(visit(ada), "json"))
    assert list(document["kept"]) == [kind.key for group in GROUPS for kind in group.kinds]
    assert all(document["kept"].values())
    assert document["kept"]["reflections"][0]["answers"] == [MARK]
    assert document["kept"]["completions"][0]["completed_at"] == "2026-11-23T09:30:00+00:00"
    explained = [key for group in document["explained"].values() for key in group["keys"]]
    assert explained == list(document["kept"])
    assert document["explained"]["What I wrote"]["how_long"].startswith("Until you delete it")
    written = json.dumps(document, ensure_ascii=False)
    for secret in ("a secret of another", "Otto", ada.session_key, ada.password_hash, "token Ada Bell"):
        assert secret not in written, secret


def test_the_readable_file_stands_alone_and_is_in_order(visit: Visit, ada: Person) -> None:
    content = whole(visit(ada), "html")
    page = html.document_fromstring(content)
    assert page.get("lang") == "en-GB"
    assert not page.xpath("//script | //link | //img | //a[starts-with(@href, '/')] | //form")
    assert [h.tag for h in page.xpath("//h1 | //h2 | //h3")] == ["h1"] + ["h2"] * len(GROUPS)
    assert len(page.xpath("//table")) == len(KINDS)
    assert all(table.xpath("caption") and table.xpath("thead//th[@scope='col']") for table in page.xpath("//table"))
    assert page.text_content().count(MARK) >= 8
    assert "<by>" not in content
    assert "secret" not in page.text_content()
    assert len(set(page.xpath("//@id"))) == len(page.xpath("//@id"))


def test_somebody_new_has_files_too_and_no_group_of_work_for_others(visit: Visit, add_person: AddPerson) -> None:
    visitor = visit(add_person("Nina New"))
    document = json.loads(whole(visitor, "json"))
    assert document["kept"]["person"][0]["name"] == "Nina New"
    assert "deeds" not in document["kept"]
    assert "What I did for others" not in visitor.get("/mine/data").words
    assert "Nothing yet" in visitor.words
    assert "Journal: nothing." in html.document_fromstring(whole(visitor, "html")).text_content()


def test_a_stranger_is_sent_to_sign_in(visit: Visit) -> None:
    for path in ("data", "data.json", "data.html", "data/kept/wrote", "data/erase", "data/delete-what-i-wrote"):
        assert visit().get(f"/mine/{path}").heading == "Sign in"


def test_a_request_is_made_changed_and_taken_back(visit: Visit, add_person: AddPerson, session: Session) -> None:
    visitor = visit(add_person("Ada Bell"))
    visitor.get("/mine/data/correct").send("Send my request", text="I am Bell-Jones")
    assert visitor.heading == "My data"
    assert "It is not answered yet" in visitor.words
    visitor.get("/mine/data/correct")
    assert visitor.page.xpath("//textarea")[0].text == "I am Bell-Jones"
    visitor.send("Change my request", text="I am Bell\x00")
    assert [request.text for request in session.scalars(select(DataRequest))] == ["I am Bell"]
    visitor.get("/mine/data/erase").send("Ask to have my account erased", text="")
    visitor.get("/mine/data").send("Take it back: the request to erase")
    visitor.get("/mine/data").send("Take it back")
    assert "not answered yet" not in visitor.words
    assert not session.scalars(select(DataRequest)).all()


@pytest.mark.parametrize(("kind", "written"), [("correct", " "), ("correct", "x" * 2001), ("erase", "x" * 2001)])
def test_words_that_cannot_be_kept_are_told_at_their_field(
    visit: Visit, add_person: AddPerson, session: Session, kind: str, written: str
) -> None:
    visitor = visit(add_person("Ada Bell")).get(f"/mine/data/{kind}")
    visitor.send("Send my request" if kind == "correct" else "Ask to have", 422, text=written)
    assert visitor.page.findtext(".//title").startswith("Error: ")
    [link] = visitor.page.xpath("//div[contains(@class, 'error-summary')]//a")
    assert link.get("href") == "#text"
    assert "text-error" in visitor.page.xpath("//textarea/@aria-describedby")[0]
    assert visitor.page.xpath("//textarea")[0].text.strip() == written.strip()
    assert not session.scalars(select(DataRequest)).all()


def test_what_i_wrote_goes_once_that_is_confirmed_and_nobody_elses(visit: Visit, ada: Person, session: Session) -> None:
    visitor = visit(ada).get("/mine/data/delete-what-i-wrote")
    assert "The entry in your journal is deleted" in visitor.words
    assert len(session.scalars(select(Reflection)).all()) == 2
    visitor.send("Delete everything that I wrote")
    assert "What you completed stays completed" in visitor.words
    assert "nothing to delete" in visitor.get("/mine/data/delete-what-i-wrote").words
    session.expire_all()
    assert [kept.answers for kept in session.scalars(select(Reflection))] == [["a secret of another"]]
    assert len(session.scalars(select(Share)).all()) == 1


def test_my_data_and_who_looked_lead_to_each_other(visit: Visit, ada: Person) -> None:
    visitor = visit(ada).get("/mine/data")
    assert visitor.page.xpath("//main//a[@href='/account/who-looked']")
    assert visitor.get("/account/who-looked").page.xpath("//main//a[@href='/mine/data']")
