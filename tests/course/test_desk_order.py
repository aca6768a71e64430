"""People by name: whoever is renamed, comes or goes is put in place as if all had been sorted anew."""

from random import Random

import numpy as np

from course.learning.desk.standing.order import Order, in_order, put_anew
from course.learning.desk.standing.places import People

NAMES = ("ada", "Ada", "Zoë Ash", "Émile", "ben O’Neill", "Straße", "STRASSE", "Bo")


def people_of(rows: list[tuple[str, int]]) -> People:
    """Names, and the team of each."""
    ids, teams = [f"{n:032}" for n in range(len(rows))], np.array([team for _, team in rows], np.int32)
    emails = [f"P{n}@example.org" for n in range(len(rows))]
    since = np.zeros((len(rows), 4), np.int64)
    return People(ids, [name for name, _ in rows], emails, teams, teams, np.zeros(len(rows), np.int8), since)


def same(one: Order, other: Order) -> bool:
    return one.text == other.text and [*one.rows] == [*other.rows] and [*one.starts] == [*other.starts]


def test_putting_some_anew_is_the_same_as_sorting_all() -> None:
    chance = Random(6)  # noqa: S311 (the same each time)
    rows = [(chance.choice(NAMES), chance.choice((0, 1, 2))) for _ in range(30)]
    order = in_order(people_of(rows))
    for _ in range(300):
        which = chance.sample(range(len(rows)), chance.randint(0, 3))
        if chance.random() < 0.1:
            which.append(len(rows))
            rows.append(("", 0))
        for row in which:
            rows[row] = (chance.choice(NAMES), chance.choice((0, 1, 2)))
        order = put_anew(order, people_of(rows), np.array(which, np.int64))
        assert same(order, in_order(people_of(rows)))


def test_from_nobody_to_somebody_and_back() -> None:
    order = in_order(people_of([]))
    order = put_anew(order, people_of([("Ada", 1)]), np.array([0]))
    assert same(order, in_order(people_of([("Ada", 1)])))
    assert [*put_anew(order, people_of([("Ada", 0)]), np.array([0])).rows] == []


def test_a_part_of_a_name_or_an_address_finds_them_in_any_case_and_in_order() -> None:
    order = in_order(people_of([("Zoë Ash", 1), ("Straße", 1), ("ada", 0), ("Ada", 1)]))
    assert [*order.containing("A")] == [3, 1, 0]
    assert [*order.containing("STRASSE")] == [1]
    assert [*order.containing("p3@EXAMPLE")] == [3]
