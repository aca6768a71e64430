"""The learner's way, without JavaScript: at every point what is recorded decides where they are."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.learning.tables import Completion, Person, Reflection, StoredEvent
from course.web.learn.places import PLACES
from tests.web.visitor import Visitor, text

MODULE = "/modules/03-module-three"


def to_ending(visitor: Visitor, choices: tuple[int, ...] = (0, 0, 0, 0, 0)) -> Visitor:
    visitor.get(f"{MODULE}/overview").send("Start with the records").send("I have read")
    for nth in choices:
        visitor.choose(nth)
    return visitor


def to_the_end(visitor: Visitor) -> Visitor:
    to_ending(visitor).send("See what happened").send("Go on").send("Go on").rate_all()
    return visitor.send("Finish without writing")


def test_a_module_from_overview_to_done(learner: Visitor, session: Session) -> None:
    learner.get("/")
    assert "Not assigned" in learner.words
    to_ending(learner)
    assert learner.heading.startswith("Ending")
    assert "In progress" in learner.get("/").words
    learner.get(f"{MODULE}/").send("See what happened")
    assert learner.words.count("You chose:") == 5
    learner.send("Go on").send("Go on").rate_all()
    assert learner.heading == "Reflection"
    assert session.scalar(select(func.count()).select_from(Completion)) == 0
    learner.send("Finish without writing")
    assert learner.heading == "You have finished this module"
    assert session.scalars(select(Completion.version)).all() == ["1.0"]
    assert "Complete" in learner.get("/").words


def test_the_vignette_can_be_left_out(learner: Visitor) -> None:
    learner.get(f"{MODULE}/overview")
    assert "The next page lets you leave the records out." in learner.words
    learner.send("Start")
    above, below = learner.page.xpath("//form[@data-act='skip']")
    assert learner.page.xpath("//form[@data-act='skip']/following::article"), "nobody need pass the records"
    assert learner.post(above).path == f"{MODULE}/decisions/1"
    assert learner.post(below).path == f"{MODULE}/decisions/1", "pressed twice it changes nothing"


def test_somebody_comes_back_to_the_exact_step_on_another_device(
    visit: Callable[..., Visitor], add_person: Callable[..., Person]
) -> None:
    person = add_person("Ada Bell")
    first = visit(person).get(f"{MODULE}/overview").send("Start").send("I have read").choose(0).choose(2)
    second = visit(person).get(f"{MODULE}/")
    assert second.path == first.path == f"{MODULE}/decisions/3"
    assert second.words == first.words


def test_a_step_already_left_can_be_read_and_not_decided_again(learner: Visitor) -> None:
    learner.get(f"{MODULE}/overview").send("Start").send("I have read").choose(1).choose(0)
    learner.get(f"{MODULE}/decisions/1")
    assert "You chose:" in learner.words
    assert not learner.page.xpath("//form[@data-act='choose']")
    assert learner.get(f"{MODULE}/decisions/9").path == f"{MODULE}/decisions/3"


def test_a_choice_that_does_not_follow_leads_back_to_where_the_learner_is(learner: Visitor, session: Session) -> None:
    learner.get(f"{MODULE}/overview").send("Start").send("I have read")
    old = learner.page.xpath("//form[@data-act='choose']")[2]
    learner.choose(0)
    events = session.scalar(select(func.count()).select_from(StoredEvent))
    learner.post(old)
    assert learner.path == f"{MODULE}/decisions/2"
    assert "nothing was changed" in learner.words
    assert session.scalar(select(func.count()).select_from(StoredEvent)) == events


def test_a_made_up_choice_changes_nothing(learner: Visitor, session: Session) -> None:
    learner.get(f"{MODULE}/overview").send("Start").send("I have read")
    form = learner.page.xpath("//form[@data-act='choose']")[0]
    learner.post(form, target="ending-1")
    assert learner.path == f"{MODULE}/decisions/1"
    assert "chose" not in session.scalars(select(StoredEvent.kind)).all()


def test_parts_open_in_their_order(learner: Visitor) -> None:
    for part in ("decisions/1", "debrief", "practice", "self-assessment", "reflection", "done"):
        assert learner.get(f"{MODULE}/{part}").path == f"{MODULE}/overview", part
    learner.get(f"{MODULE}/overview").send("Start").send("I have read")
    assert learner.get(f"{MODULE}/debrief").path == f"{MODULE}/decisions/1"


def test_no_form_skips_ahead(learner: Visitor, session: Session) -> None:
    learner.get(f"{MODULE}/overview")
    [form] = learner.page.xpath("//form[@data-act='open']")
    for target in ("debrief", "done", "reflection", "nonsense"):
        learner.post(form, target=target)
    for act in ("rate", "reflect", "decline", "go-back"):
        form.set("action", f"{MODULE}/{act}")
        learner.post(form, target="practitioner")
    assert session.scalars(select(StoredEvent.kind)).all() == []


def test_going_back_to_a_decision_keeps_both_paths(learner: Visitor, session: Session) -> None:
    to_ending(learner).send("See what happened")
    learner.post(learner.page.xpath("//form[@data-act='go-back']")[3])
    assert learner.path == f"{MODULE}/decisions/4"
    learner.choose(2).choose(1).send("See what happened")
    kinds = session.scalars(select(StoredEvent.kind).order_by(StoredEvent.number)).all()
    assert kinds.count("chose") == 7
    assert kinds.count("went-back") == 1
    assert learner.words.count("You chose:") == 5


def test_every_statement_must_be_rated_and_what_was_rated_stays(learner: Visitor) -> None:
    to_ending(learner).send("See what happened").send("Go on").send("Go on")
    learner.send("Save my ratings", 422, **{"practitioner-1": "fully"})
    errors = learner.page.xpath("//*[contains(@class, 'govuk-error-summary')]//a")
    assert [text(error).partition(":")[0] for error in errors] == [f"Rate statement {n}" for n in (2, 3, 4)]
    for error in errors:
        assert learner.page.xpath("//input[@id=$id]", id=error.get("href")[1:]), "each error leads to its field"
    assert learner.page.xpath("//input[@name='practitioner-1' and @checked]/@value") == ["fully"]
    learner.rate_all()
    assert learner.heading == "Reflection"


def test_a_made_up_role_changes_nothing(learner: Visitor, session: Session) -> None:
    to_ending(learner).send("See what happened").send("Go on").send("Go on")
    [form] = learner.page.xpath("//form[@data-act='rate']")
    for role in ("nonsense", "model_dump", "", "senior_manager"):
        learner.post(form, target=role)
    assert "rated" not in session.scalars(select(StoredEvent.kind)).all()


def test_a_learner_rates_for_their_own_role_first_and_may_choose_another(learner: Visitor) -> None:
    to_ending(learner).send("See what happened").send("Go on").send("Go on")
    assert learner.path == f"{MODULE}/self-assessment-practitioner"
    learner.get(f"{MODULE}/self-assessment-senior-manager").rate_all("fully")
    assert learner.heading == "Reflection"


def test_what_is_written_is_kept_for_the_learner_alone(
    learner: Visitor, session: Session, visit: Callable[..., Visitor], add_person: Callable[..., Person], app: Flask
) -> None:
    planted = "the planted sentence about Friday"
    typed = f" {planted}\0"
    to_ending(learner).send("See what happened").send("Go on").send("Go on").rate_all()
    learner.send("Keep this and finish", **{"answer-1": typed, "commitment": typed, "who-notices": typed})
    learner.get(f"{MODULE}/reflection")
    assert text(learner.page.xpath("//textarea")[0]) == planted
    assert session.scalars(select(Reflection.commitment)).all() == [planted]
    for body in session.scalars(select(StoredEvent.body)):
        assert planted not in str(body)
    lead = visit(add_person("Lena Lead", access="administrator"))
    for path in ("/lead/people", "/lead/people.csv", f"{MODULE}/reflection"):
        assert planted not in lead.get(path).response.get_data(as_text=True)


def test_completing_twice_is_one_completion(learner: Visitor, session: Session) -> None:
    to_the_end(learner)
    learner.get(f"{MODULE}/debrief")
    learner.post(learner.page.xpath("//form[@data-act='go-back']")[4])
    learner.choose(2).send("See what happened").send("Go on").send("Go on").rate_all().send("Finish without writing")
    assert session.scalar(select(func.count()).select_from(Completion)) == 1


def test_every_page_beside_the_parts(learner: Visitor) -> None:
    for place in ("briefing", "team", "sources"):
        assert learner.get(f"{MODULE}/{place}").heading
    learner.get(f"{MODULE}/nonsense", 404)
    learner.get("/modules/99-nothing/overview", 404)


def test_a_page_costs_few_queries(learner: Visitor, count_queries: Callable[[], list[str]]) -> None:
    to_ending(learner)
    queries = count_queries()
    learner.get("/")
    assert len(queries) <= 12, "what is new of a learner is read once"
    for path in ("/", f"{MODULE}/overview", f"{MODULE}/decisions/2", f"{MODULE}/decisions/6", f"{MODULE}/break"):
        queries = count_queries()
        learner.get(path)
        assert len(queries) <= 6, queries


def test_every_page_of_a_module_costs_at_most_six_queries(
    learner: Visitor, count_queries: Callable[[], list[str]]
) -> None:
    to_the_end(learner).get("/")
    steps = [f"decisions/{n}" for n in range(1, 7)]
    for place in [*steps, *(PLACES.keys() - {"rewrite"}), "break"]:  # this module has no such exercise
        queries = count_queries()
        learner.get(f"{MODULE}/{place}")
        assert len(queries) <= 6, (place, queries)


def test_the_map_and_the_list_lead_to_the_same_modules_and_say_the_same(learner: Visitor) -> None:
    to_ending(learner, (0,)).get("/")
    on_map = {a.get("href"): text(a) for a in learner.page.xpath("//*[local-name()='svg']//*[local-name()='a']")}
    in_list = learner.page.xpath("//ol[@class='modules']/li")
    assert len(on_map) == len(in_list) == 2
    for item in in_list:
        [link] = item.xpath(".//a")
        status = text(item.xpath(".//*[contains(@class, 'modules__status')]")[0])
        assert on_map[link.get("href")] == f"{text(link)} {status}"
    assert "In progress" in on_map[f"{MODULE}/"]
