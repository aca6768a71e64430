"""What is gathered: each person once, for the agency where they were, up to midnight, and nobody in what is kept."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from course.catalogue.events import Chose, Event, Opened, Rated, WentBack
from course.catalogue.library import Library
from course.catalogue.model import Change, Module
from course.cli import main
from course.learning.attempts import stored
from course.learning.database import new_sessions, open_engine, upgrade
from course.learning.desk.figures.gathering import Kind, bring_up_to_date, gathered
from course.learning.desk.figures.local_figures import LocalPicture, local_picture
from course.learning.desk.figures.parting_figures import Partings, partings_of_all
from course.learning.desk.lists import imports
from course.learning.desk.lists.import_apply import apply
from course.learning.desk.lists.import_plan import plan
from course.learning.desk.people import joining
from course.learning.desk.people.not_said import place_not_said
from course.learning.desk.people.saying import say
from course.learning.scope import Scope, scope_of
from course.learning.tables import Agency, Attempt, FormerPlace, Gathering, Person, StoredEvent, Team
from tests.factories import write_content

EVERYBODY = Scope(agency_id=None, team_id=None)
MORNING = datetime(2026, 11, 20, 9, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture
def teams(session: Session) -> dict[str, Team]:
    found = {name: Team(name=f"{name} team", agency=Agency(name=name)) for name in ("Health", "Police")}
    session.add_all(found.values())
    session.commit()
    return found


@pytest.fixture
def ten(session: Session, teams: dict[str, Team]) -> Callable[..., list[Person]]:
    """Makes people of an agency, ten unless said otherwise."""

    def ten(agency: str = "Health", count: int = 10) -> list[Person]:
        there = len(list(session.scalars(select(Person))))
        words = {"password_hash": "!", "session_key": "k", "role": "practitioner", "access": "learner"}
        made = [
            Person(name=f"Person {n}", email=f"person{n}@example.org", team=teams[agency], **words)
            for n in range(there, there + count)
        ]
        session.add_all(made)
        session.commit()
        return made

    return ten


def did(
    session: Session,
    people: Iterable[Person],
    module: Module,
    events: list[Event],
    *,
    at: datetime = MORNING,
    number: int = 0,
    version: str = "1.0",
) -> None:
    """Each of these people did these events in an attempt of its own, all at one time."""
    for person in people:
        attempt = Attempt(person_id=person.id, module_id=module.id, number=number, version=version, started_at=at)
        session.add(attempt)
        session.flush()
        session.add_all(stored(event, attempt_id=attempt.id, number=n, at=at) for n, event in enumerate(events))
    session.commit()


def rated(module: Module, rating: str = "partly", role: str = "practitioner") -> Rated:
    return Rated(role=role, ratings={s.id: rating for s in module.self_assessment.statements(role)})


def picture(
    session: Session, module: Module, *, now: datetime = NOW, scope: Scope = EVERYBODY, year: int | None = None
) -> LocalPicture:
    bring_up_to_date(session, "ratings", [module], now=now)
    return local_picture(session, scope, [module], year=year, today=now.date())


def shown(seen: LocalPicture, module: Module) -> dict[tuple[str, str], tuple[int, int]]:
    """Agency and role to people and ratings that say that something lacks."""
    cells = seen.issues[module.id].cells.items()
    return {(seen.agencies[agency], role): (of.people, of.lacking) for (agency, role), of in cells}


def partings(session: Session, module: Module, *, now: datetime = NOW, version: str | None = None) -> Partings:
    bring_up_to_date(session, "choices", [module], now=now)
    [seen] = partings_of_all(session, EVERYBODY, [module], version=version)
    return seen


def split(seen: Partings, moment: str) -> dict[str, dict[str, int]]:
    [decision] = [one for one in seen.decisions if one.moment == moment]
    return {seen.agencies[agency]: dict(of.choices) for agency, of in decision.cells.items()}


def test_ratings_of_ten_are_shown_and_those_of_nine_are_not(session: Session, ten: Callable, module: Module) -> None:
    did(session, ten(), module, [rated(module)])
    did(session, ten("Police", 9), module, [rated(module)])
    seen = picture(session, module)
    assert shown(seen, module) == {("Health", "practitioner"): (10, 40)}
    assert {role: of.people for role, of in seen.issues[module.id].together.items()} == {"practitioner": 10}
    assert (seen.year, seen.years, seen.day) == (2026, (2026,), NOW.date() - timedelta(days=1))


def test_a_person_counts_once_for_a_role_and_a_year_with_their_first_ratings(
    session: Session, ten: Callable, module: Module
) -> None:
    people = ten()
    did(session, people, module, [rated(module, "not-in-place"), rated(module, "fully")])
    did(session, people, module, [rated(module, "fully", "manager"), rated(module, "fully")], number=1)
    again = MORNING + timedelta(days=60)
    did(session, people, module, [rated(module, "fully")], number=2, at=again)
    later = again + timedelta(days=2)
    last_year = picture(session, module, now=later, year=2026)
    assert shown(last_year, module) == {("Health", "practitioner"): (10, 40), ("Health", "manager"): (10, 0)}
    newest = picture(session, module, now=later)
    assert (newest.year, newest.years) == (2027, (2027, 2026))
    assert shown(newest, module) == {("Health", "practitioner"): (10, 0)}


def test_ratings_count_for_the_agency_where_somebody_was_then(
    session: Session, ten: Callable, module: Module, teams: dict[str, Team]
) -> None:
    people = ten()
    did(session, people, module, [rated(module)])
    for person in people:
        words = {"team_id": person.team_id, "role": "practitioner", "until": MORNING + timedelta(hours=1)}
        session.add(FormerPlace(person_id=person.id, **words))
        person.team = teams["Police"]
    session.commit()
    assert shown(picture(session, module), module) == {("Health", "practitioner"): (10, 40)}
    did(session, people, module, [rated(module, role="manager")], number=1, at=MORNING + timedelta(hours=2))
    seen = picture(session, module, now=NOW + timedelta(days=1))
    assert shown(seen, module) == {("Health", "practitioner"): (10, 40), ("Police", "manager"): (10, 40)}


def test_a_day_ends_at_midnight_in_london(session: Session, ten: Callable, module: Module) -> None:
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # half past midnight on 1 July in London
    did(session, ten(), module, [rated(module)], at=late)
    assert not shown(picture(session, module, now=late + timedelta(hours=12)), module)
    assert shown(picture(session, module, now=late + timedelta(hours=24)), module)


def test_a_day_is_gathered_a_while_after_it_has_ended(session: Session, ten: Callable, module: Module) -> None:
    did(session, ten(), module, [rated(module)], at=datetime(2026, 11, 20, 23, 59, tzinfo=UTC))
    midnight = datetime(2026, 11, 21, tzinfo=UTC)
    assert not shown(picture(session, module, now=midnight + timedelta(minutes=4)), module)
    assert shown(picture(session, module, now=midnight + timedelta(minutes=5)), module)


def test_gathering_twice_or_late_changes_nothing(
    session: Session, other: Session, ten: Callable, module: Module, statements_of: Callable
) -> None:
    did(session, ten(), module, [rated(module)])
    first = picture(session, module)
    with statements_of() as sent:
        assert bring_up_to_date(session, "ratings", [module], now=NOW + timedelta(hours=5)) == 0
    assert len(sent) == 1
    bring_up_to_date(other, "ratings", [module], now=NOW - timedelta(days=2))  # a clock that is behind
    assert picture(session, module) == first


def test_a_figure_of_an_earlier_day_is_not_put_in_place_of_a_newer_one(
    session: Session, other: Session, module: Module, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two gather at once, and the one that began the day before is the last to finish."""
    from course.learning.desk.figures import gathering

    slow = gathering._GATHER["ratings"]

    def meanwhile(*arguments: object) -> dict[str, object]:
        monkeypatch.setitem(gathering._GATHER, "ratings", slow)
        bring_up_to_date(other, "ratings", [module], now=NOW + timedelta(days=1))
        return slow(*arguments)  # type: ignore[arg-type]

    monkeypatch.setitem(gathering._GATHER, "ratings", meanwhile)
    bring_up_to_date(session, "ratings", [module], now=NOW)
    session.rollback()
    assert gathered(session, "ratings", [module])[module.id].day == NOW.date()


def test_a_page_is_not_waited_for_longer_than_it_may_be(session: Session, library: Library) -> None:
    modules = library.modules
    assert bring_up_to_date(session, "ratings", modules, now=NOW, seconds=0) == 1
    assert list(gathered(session, "ratings", modules)) == [modules[0].id]
    assert bring_up_to_date(session, "ratings", modules, now=NOW, seconds=0) == 0
    assert list(gathered(session, "ratings", modules)) == [module.id for module in modules]


def test_nobody_is_in_what_is_kept(session: Session, ten: Callable, module: Module, whole_way: list[Event]) -> None:
    people = [*ten("Health", 17), *ten("Police", 4)]
    did(session, people, module, whole_way)
    for kind in ("ratings", "choices"):
        bring_up_to_date(session, kind, [module], now=NOW)
    kept = json.dumps([row.body for row in session.scalars(select(Gathering))])
    attempts = session.scalars(select(Attempt.id).where(Attempt.person_id == people[0].id)).all()
    assert attempts
    assert not any(word in kept for person in people for word in (person.id, person.name, person.email))
    counts = [group[2] for row in session.scalars(select(Gathering)) for group in row.body["groups"]]
    assert counts and all(count % 10 == 0 for count in counts)


def test_an_agency_lead_and_a_team_lead_see_their_agency_beside_all_together(
    session: Session, ten: Callable, module: Module
) -> None:
    people = ten()
    did(session, people, module, [rated(module)])
    did(session, ten("Police"), module, [rated(module, "fully")])
    for access in ("agency-lead", "team-lead"):
        people[0].access = access
        scope = scope_of(people[0])
        assert scope is not None
        seen = picture(session, module, scope=scope)
        assert list(seen.agencies.values()) == ["Health"]
        assert shown(seen, module) == {("Health", "practitioner"): (10, 40)}
        assert seen.issues[module.id].together["practitioner"].people == 20


def test_the_gap_is_between_the_roles_that_differ_most(session: Session, ten: Callable, module: Module) -> None:
    people = ten()
    did(session, people, module, [rated(module, "not-in-place"), rated(module, "dont-know", "manager")])
    did(session, people[:5], module, [rated(module, "partly", "senior-manager")], number=1)
    did(session, ten(count=5), module, [rated(module, "fully", "senior-manager")])
    issue = picture(session, module).issues[module.id]
    assert {role: of.share for role, of in issue.together.items()} == {
        "practitioner": 100,
        "manager": 0,
        "senior-manager": 50,
    }
    assert issue.gap == 100


# Choices.


def path_of(module: Module, *, nth: int = 0) -> list[Event]:
    """The choices of a path to an ending, by the nth choice each time."""
    step, found = module.story.steps[module.story.start], list[Event]()
    while not step.is_ending:
        choice = list(step.leads)[nth]
        found.append(Chose(choice=choice))
        step = module.story.steps[step.leads[choice]]
    return found


DEBRIEF = Opened(part="debrief")


def test_only_the_first_path_of_the_first_attempt_counts_and_only_when_it_has_ended(
    session: Session, ten: Callable, module: Module
) -> None:
    first, second = path_of(module), path_of(module, nth=1)
    people = ten()
    did(session, people, module, [*first, DEBRIEF, WentBack(kept=0), *second, DEBRIEF])
    did(session, people, module, [*second, DEBRIEF], number=1)
    did(session, ten("Police"), module, first)
    seen = partings(session, module)
    assert split(seen, "day-1-near") == {"Health": {"day-1-near-a": 10}}
    assert split(seen, "day-2-far") == {}
    assert [one.moment for one in seen.decisions][:2] == ["day-1-near", "day-2-near"]


def test_choices_split_by_agency(session: Session, ten: Callable, module: Module) -> None:
    did(session, ten(count=6), module, [*path_of(module), DEBRIEF])
    did(session, ten(count=4), module, [*path_of(module, nth=1), DEBRIEF])
    did(session, ten("Police"), module, [*path_of(module, nth=1), DEBRIEF])
    seen = partings(session, module)
    assert split(seen, "day-1-near") == {
        "Health": {"day-1-near-a": 6, "day-1-near-b": 4},
        "Police": {"day-1-near-b": 10},
    }
    assert split(seen, "day-2-near") == {}, "six of Health are not shown"
    assert split(seen, "day-2-far") == {"Police": {"day-2-far-b": 10}}


def test_versions_are_kept_apart_and_the_newest_with_figures_comes_first(
    session: Session, ten: Callable, module: Module
) -> None:
    did(session, ten(), module, [*path_of(module), DEBRIEF], version="0.9")
    assert partings(session, module).version == "0.9"
    did(session, ten(), module, [*path_of(module, nth=1), DEBRIEF])
    later = NOW + timedelta(days=1)
    seen = partings(session, module, now=later)
    assert (seen.version, seen.versions) == ("1.0", ("1.0", "0.9"))
    assert split(seen, "day-1-near") == {"Health": {"day-1-near-b": 10}}
    old = partings(session, module, now=later, version="0.9")
    assert split(old, "day-1-near") == {"Health": {"day-1-near-a": 10}}
    assert partings(session, module, now=later, version="7").version == "1.0"


def test_a_choice_that_is_gone_stays_at_its_decision_and_what_came_after_it_has_a_place_of_its_own(
    session: Session, ten: Callable, module: Module
) -> None:
    gone = [Chose(choice="gone"), Chose(choice="gone-too"), DEBRIEF]
    did(session, ten(), module, gone, version="0.9")
    seen = partings(session, module)
    assert split(seen, "day-1-near") == {"Health": {"gone": 10}}
    assert split(seen, "after gone") == {"Health": {"gone-too": 10}}


def test_a_new_edition_does_not_sort_earlier_choices_anew(
    session: Session, ten: Callable, library: Library, module: Module
) -> None:
    """Else people would be counted in other tens than before, and the difference could tell of a few."""
    did(session, ten(), module, [*path_of(module), DEBRIEF])
    before = gathered_groups(session, module, NOW)
    moments = module.story.scenario.moments[1:]
    scenario = module.story.scenario.model_copy(update={"moments": moments})
    ledger = (*module.about.ledger, Change(version="1.1", date=NOW.date(), kind="substance", what="Another story."))
    about = module.about.model_copy(update={"ledger": ledger})
    edition = replace(module, about=about, story=replace(module.story, scenario=scenario))
    assert gathered_groups(session, edition, NOW + timedelta(days=1)) == before


def gathered_groups(session: Session, module: Module, now: datetime, *, kind: Kind = "choices") -> object:
    bring_up_to_date(session, kind, [module], now=now)
    return gathered(session, kind, [module])[module.id].groups


# Who has not said their agency yet.


def say_it(session: Session, person: Person, team: Team, *, lead: Person, at: datetime) -> None:
    say(session, person, role="", team=str(team.id), now=at)


def be_moved(session: Session, person: Person, team: Team, *, lead: Person, at: datetime) -> None:
    joining.move(session, lead, person, team=team, role="practitioner", now=at)


def be_in_a_list(session: Session, person: Person, team: Team, *, lead: Person, at: datetime) -> None:
    line = f"Name,E-mail,Agency,Team\n{person.name},{person.email},{team.agency.name},{team.name}"
    kept = imports.keep(session, lead, file="people.csv", content=line.encode(), now=at)
    sheet = imports.sheet_of(kept)
    assert sheet
    apply(session, lead, kept.id, seen=plan(session, lead, sheet, now=at).fingerprint, now=at)


@pytest.mark.parametrize("told", [say_it, be_moved, be_in_a_list])
def test_an_agency_that_becomes_known_moves_no_earlier_answer(
    session: Session, ten: Callable, teams: dict[str, Team], module: Module, told: Callable[..., None]
) -> None:
    """Else one of a ten would change places with somebody known by name, and the difference be what they chose."""
    newcomer, lead = newcomers(session, 1)[0], ten(count=1)[0]
    lead.access = "partnership-lead"
    hers, theirs = (
        [rated(module), *path_of(module), DEBRIEF],
        [rated(module, "fully"), *path_of(module, nth=1), DEBRIEF],
    )
    did(session, [newcomer], module, hers)
    did(session, ten(count=11), module, theirs, at=MORNING + timedelta(hours=1))
    kinds: tuple[Kind, ...] = ("choices", "ratings")
    before = {kind: gathered_groups(session, module, NOW, kind=kind) for kind in kinds}
    told(session, newcomer, teams["Health"], lead=lead, at=NOW)
    session.refresh(newcomer)
    assert newcomer.team.agency.name == "Health"
    assert {kind: gathered_groups(session, module, NOW + timedelta(days=1), kind=kind) for kind in kinds} == before
    did(session, [newcomer], module, [rated(module, role="manager")], at=NOW, number=1)
    did(session, ten(count=9), module, [rated(module, role="manager")], at=NOW)
    seen = picture(session, module, now=NOW + timedelta(days=2))
    assert shown(seen, module)["Health", "manager"][0] == 10, "what they answer from now on is their agency's"


def test_whoever_has_not_said_their_agency_is_counted_among_others_and_no_agency(
    session: Session, teams: dict[str, Team], module: Module
) -> None:
    did(session, newcomers(session, 10), module, [rated(module), *path_of(module), DEBRIEF])
    parted, seen = partings(session, module), picture(session, module)
    assert split(parted, "day-1-near") == {"Other agencies together": {"day-1-near-a": 10}}
    assert list(shown(seen, module)) == [("Other agencies together", "practitioner")]
    assert [*seen.agencies.values()] == [*parted.agencies.values()] == [*teams, "Other agencies together"]


def newcomers(session: Session, count: int) -> list[Person]:
    """People whose agency and team nobody has said."""
    team = place_not_said(session, None)
    words = {"password_hash": "!", "session_key": "k", "role": "practitioner", "access": "learner"}
    emails = [f"newcomer{n}@example.org" for n in range(count)]
    made = [Person(name=e, email=e, team=team, to_say=["agency"], **words) for e in emails]
    session.add_all(made)
    session.commit()
    return made


def test_the_command_gathers_every_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_CONTENT", str(write_content(tmp_path / "content")))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    engine: Engine = open_engine(f"sqlite:///{tmp_path}/course.sqlite")
    upgrade(engine)
    for _ in range(2):
        result = CliRunner().invoke(main, ["gather", "--instance", str(tmp_path)])
        assert (result.exit_code, "1 issue" in result.output) == (0, True), result.output
    with new_sessions(engine)() as session:
        assert set(session.scalars(select(Gathering.kind))) == {"ratings", "choices", "six-weeks"}
        assert not list(session.scalars(select(StoredEvent)))
    engine.dispose()
