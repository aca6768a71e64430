"""No figure, no difference of figures and no two days of them tell what fewer than ten people answered.

Marks here name the person, which real ones never do: so a figure shows whose answers it is made of.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from course.learning.desk.figures.local_figures import issue_picture
from course.learning.desk.figures.tens import OTHERS, PATIENCE, TEN, Answers, Groups, Step, count_in_tens

START = date(2026, 10, 20)
EDITION = date(2026, 11, 20)
"""From then on people rate other statements."""
YEARS = (2026, 2027)
AGENCIES = (1, 2, 3, 4)
ROLES = ("practitioner", "manager")
END = START + timedelta(days=120)

# A story in small: who chooses 0 at the first goes on to the left, and both sides meet again.
FORKS = {"first": ("left", "right"), "left": ("last", "right"), "right": ("last", "last"), "last": ("", "")}
STORIES = st.lists(st.tuples(*[st.integers(0, 1)] * len(FORKS)), min_size=60, max_size=160)


def walk(turns: Iterable[int], start: str = "first") -> Iterator[tuple[str, int]]:
    """The moments somebody comes to who takes these turns, with what they choose there."""
    moment = start
    for turn in turns:
        if not moment:
            return
        yield moment, turn
        moment = FORKS[moment][turn]


def whose(person: int, turns: Iterable[int]) -> tuple[Step, ...]:
    return tuple(Step((moment,), (f"{person}",)) for moment, _ in walk(turns))


def chosen(turns: Iterable[int]) -> tuple[Step, ...]:
    return tuple(Step((moment,), (f"{moment} {turn}",)) for moment, turn in walk(turns))


def published(groups: Groups) -> dict[str, frozenset[tuple[str, str]]]:
    """Every figure that any view has: each group, each place together, each agency together, all of them.

    As whose answers are in it, at which place. Whoever would be in one twice makes this fail.
    """
    figures: dict[str, set[tuple[str, str]]] = {}
    for (place, agency), group in groups.items():
        whose_are = {(person, place[-1]) for person in group.marks}
        assert group.people == len(whose_are) == group.marks.total()
        for name in (f"{place} {agency}", f"{place}", f"all {agency}", "all", f"{place[0]} all"):
            before = figures.setdefault(name, set())
            if name == f"{place}":
                assert not before & whose_are, "somebody is counted twice"
            before |= whose_are
    return {name: frozenset(people) for name, people in figures.items()}


def pictures(groups: Groups) -> dict[str, frozenset[tuple[str, str]]]:
    """Every figure of the local picture that anybody sees, whoever they lead, by year, agency and role."""
    figures = {}
    for scope in (*((agency,) for agency in AGENCIES), (*AGENCIES, OTHERS)):
        for year in YEARS:
            issue = issue_picture(groups, year, scope)
            shown = [*issue.cells.items(), *((("together", role), of) for role, of in issue.together.items())]
            for (whose, role), of in shown:
                assert of.people == of.given == len(of.by_statement), "somebody is counted twice"
                figures[f"{scope} {year} {whose} {role}"] = frozenset((person, role) for person in of.by_statement)
    return figures


def assert_safe(figures: Iterable[frozenset[tuple[str, str]]]) -> None:
    for figure in (distinct := set(figures)):
        assert len(figure) >= TEN
    for one, other in combinations(distinct, 2):
        # As numbers are subtracted: what only one of them holds, on either side.
        assert len(one ^ other) >= TEN
        assert not 0 < len(one - other) < TEN
        assert not 0 < len(other - one) < TEN


@st.composite
def answers(draw: st.DrawFn) -> list[Answers]:
    """Ratings of people of four agencies in two roles over some months, in bursts or far apart, of two editions."""
    rows = st.tuples(st.sampled_from(AGENCIES), st.sampled_from(ROLES), st.integers(0, 3))
    found, day = [], START
    for person, (agency, role, pause) in enumerate(draw(st.lists(rows, min_size=20, max_size=110))):
        day += timedelta(days=pause if person % 7 else pause * 5)
        found.append(Answers(day, agency, (rating(day, role, f"{person}"),)))
    return found


def rating(day: date, role: str, person: str) -> Step:
    return Step((str(day.year), role, "new" if day > EDITION else "old"), (f"{person} partly",))


def snapshots(found: list[Answers], *, step: int) -> list[Groups]:
    last = (found[-1].day if found else START) + PATIENCE + timedelta(days=3)
    days = range(1, (last - START).days, step)
    return [
        count_in_tens([a for a in found if a.day < START + timedelta(days=n)], until=START + timedelta(days=n))
        for n in days
    ]


@settings(max_examples=40, deadline=None)
@given(found=answers(), step=st.integers(3, 12))
def test_no_two_figures_of_any_two_days_tell_of_fewer_than_ten(found: list[Answers], step: int) -> None:
    assert_safe(figure for groups in snapshots(found, step=step) for figure in pictures(groups).values())


@settings(max_examples=40, deadline=None)
@given(found=answers(), agency=st.sampled_from(AGENCIES), role=st.sampled_from(ROLES))
def test_looking_before_and_after_one_person_answers_tells_nothing_of_them(
    found: list[Answers], agency: int, role: str
) -> None:
    day = found[-1].day
    one_more = [*found, Answers(day, agency, (rating(day, role, "new"),))]
    until = day + timedelta(days=1)
    before, after = (pictures(count_in_tens(some, until=until)) for some in (found, one_more))
    for name in before.keys() | after.keys():
        changed = before.get(name, frozenset()) ^ after.get(name, frozenset())
        assert len(changed) in (0, TEN)


@settings(max_examples=40, deadline=None)
@given(paths=STORIES, pause=st.integers(0, 2), step=st.integers(5, 20))
def test_no_two_figures_of_a_story_tell_of_fewer_than_ten(paths: list[tuple[int, ...]], pause: int, step: int) -> None:
    found = [Answers(day_of(n, pause), AGENCIES[n % 3], whose(n, turns)) for n, turns in enumerate(paths)]
    assert_safe(figure for groups in snapshots(found, step=step) for figure in published(groups).values())


@settings(max_examples=40, deadline=None)
@given(paths=STORIES, pause=st.integers(0, 2), other=st.lists(st.integers(0, 1), min_size=4, max_size=4))
def test_what_somebody_chose_who_is_not_counted_there_decides_nothing_that_is_shown(
    paths: list[tuple[int, ...]], pause: int, other: list[int]
) -> None:
    """The way people flow through a story could tell of a decision that is withheld: not if this holds."""
    named = [Answers(day_of(n, pause), AGENCIES[n % 3], whose(n, turns)) for n, turns in enumerate(paths)]
    found = [one._replace(steps=chosen(turns)) for one, turns in zip(named, paths, strict=True)]
    counted = {who for figure in published(count_in_tens(named, until=END)).values() for who in figure}
    shown = count_in_tens(found, until=END)
    kept = [sum((str(person), moment) in counted for moment, _ in walk(turns)) for person, turns in enumerate(paths)]
    waiting = [person for person, turns in enumerate(paths) if kept[person] < len(list(walk(turns)))]
    for person in waiting[:: max(1, len(waiting) // 6)]:
        turns = [*paths[person][: kept[person]], *other[kept[person] :]]
        alike = list(found)
        alike[person] = found[person]._replace(steps=chosen(turns))
        assert count_in_tens(alike, until=END) == shown


def day_of(n: int, pause: int) -> date:
    return START + timedelta(days=n * pause // 4)


def rated(agency: int, count: int, day: int = 0) -> list[Answers]:
    return [Answers(START + timedelta(days=day), agency, (Step(("place",), ("mark",)),))] * count


def people(found: list[Answers], *, after: int = 1) -> dict[int, int]:
    """Agency to the people shown so many days after the start."""
    groups = count_in_tens(found, until=START + timedelta(days=after))
    return {agency: group.people for (_, agency), group in groups.items()}


def test_an_agency_is_shown_in_whole_tens() -> None:
    assert people(rated(1, 9)) == {}
    assert people(rated(1, 10)) == {1: 10}
    assert people(rated(1, 29)) == {1: 20}


def test_agencies_with_few_people_are_shown_together_after_a_month() -> None:
    found = [*rated(1, 5), *rated(2, 4), *rated(3, 13)]
    late = PATIENCE.days + 1
    assert people(found, after=late - 1) == {3: 10}
    assert people(found, after=late) == {3: 10, OTHERS: 10}


def test_fewer_than_ten_who_have_waited_go_on_waiting() -> None:
    assert people([*rated(1, 5), *rated(2, 4)], after=400) == {}
    assert people([*rated(1, 5), *rated(2, 4), *rated(3, 1, day=300)], after=329) == {}
    assert people([*rated(1, 5), *rated(2, 4), *rated(3, 1, day=300)], after=331) == {OTHERS: 10}


def test_who_was_counted_with_others_stays_with_them() -> None:
    early = [*rated(1, 9), *rated(2, 9)]
    month = PATIENCE.days + 1
    assert people(early, after=month) == {OTHERS: 10}
    assert people([*early, *rated(1, 9, day=month)], after=month + 1) == {OTHERS: 10}
    assert people([*early, *rated(1, 10, day=month)], after=month + 1) == {OTHERS: 10, 1: 10}


def test_who_was_counted_with_others_is_no_longer_of_their_agency_at_the_next_decision() -> None:
    """Else the ten of an agency there would tell how those of it chose who were counted with others here."""
    steps = (Step(("first",), ("on",)), Step(("next",), ("on",)))
    found = [Answers(START, agency, steps) for agency in [1] * 9 + [2]]
    groups = count_in_tens(found, until=START + timedelta(days=PATIENCE.days + 1))
    assert {key: group.people for key, group in groups.items()} == {(("first",), OTHERS): 10, (("next",), OTHERS): 10}
