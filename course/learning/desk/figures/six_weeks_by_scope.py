"""What each scope may see of the checks after six weeks, as it is kept: everybody, every agency, every team. Pure.

Everything here has been grouped, so nothing is of fewer than FEWEST people, and nothing says who is in it.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar

from course.learning.desk.figures.six_weeks import Came, Counted, Grouped, are_enough, counted, grouped

EVERYBODY = ""

Body = dict[str, Any]
"""As JSON: the `total`, and groups by `modules`, `months`, `agencies` and, for each agency that is shown, `teams`.

Groups are those that are shown, by what they are of, and the others together. A count is four numbers: how many came
due, were answered, talked over and confirmed.
"""
Places = Mapping[str, tuple[int, int]]
"""Person id to the ids of their agency and their team."""
_Key = TypeVar("_Key", bound=Hashable)


def of_agency(agency_id: int) -> str:
    """The name of an agency’s scope."""
    return f"agency {agency_id}"


def of_team(team_id: int) -> str:
    """The name of a team’s scope."""
    return f"team {team_id}"


def bodies(checks: Sequence[Came], places: Places) -> dict[str, Body]:
    """Scope to what it may see. Only those with enough people have one; EVERYBODY always has, if an empty one."""
    found, teams_of = dict[str, Body](), dict[int, Any]()
    for agency_id, theirs in _split(checks, lambda one: places[one.person_id][0]).items():
        if body := _body(theirs):
            teams_of[agency_id] = _as_json(grouped(theirs, lambda one: places[one.person_id][1]))
            found[of_agency(agency_id)] = {**body, "teams": {str(agency_id): teams_of[agency_id]}}
        for team_id, of_one in _split(theirs, lambda one: places[one.person_id][1]).items():
            if body := _body(of_one):
                found[of_team(team_id)] = body
    found[EVERYBODY] = _body(checks)
    if found[EVERYBODY] and (agencies := grouped(checks, lambda one: places[one.person_id][0])):
        # Teams only of agencies that are shown: an agency less its teams must be no small group either.
        teams = {str(agency_id): teams_of[agency_id] for agency_id in teams_of if agency_id in agencies.shown}
        found[EVERYBODY] |= {"agencies": _as_json(agencies), "teams": teams}
    return found


def _body(checks: Sequence[Came]) -> Body:
    """Empty where there are too few people."""
    total = counted(checks)
    if not are_enough(total):
        return {}
    by_module = grouped(checks, lambda one: one.module_id)
    by_month = grouped(checks, lambda one: one.on.replace(day=1))
    return {"total": _row(total), "modules": _as_json(by_module), "months": _as_json(by_month)}


def _split(checks: Sequence[Came], key: Callable[[Came], _Key]) -> dict[_Key, list[Came]]:
    groups: dict[_Key, list[Came]] = defaultdict(list)
    for one in checks:
        groups[key(one)].append(one)
    return groups


def _as_json(groups: Grouped | None) -> list[Any] | None:
    if groups is None:
        return None
    return [{str(key): _row(group) for key, group in groups.shown.items()}, groups.others and _row(groups.others)]


def _row(group: Counted) -> list[int]:
    return [group.due, group.answered, group.talked_over, group.confirmed]
