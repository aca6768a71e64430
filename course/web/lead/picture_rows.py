"""The local picture in words and rows. Knows nothing of Flask."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from markupsafe import Markup

from course.catalogue.events import RATINGS
from course.catalogue.model import ROLES, Module
from course.learning.desk.figures.local_figures import IssuePicture, LocalPicture, Ratings
from course.lesson.markdown import line
from course.web.lead.drawing.pictures import Cell, heat, share
from course.web.lead.drawing.svg import whole_percent
from course.web.lead.files.workbook_rows import Cell as Written

MANY = {"practitioner": "Practitioners", "manager": "Managers", "senior-manager": "Senior managers"}
"""More than one of each role."""
TOGETHER = "All together"
COLUMNS = ("Issue", "Agency", "Role", "People", "Not in place or partly", "Ratings", "Percent")
STATEMENT_COLUMNS = ("Role", "Statement", *RATINGS.values(), "Ratings")
WITHHELD = "withheld"
GONE = "(no longer in the module)"


def title(module: Module) -> str:
    """An issue by its number and title."""
    return f"{module.number}. {module.title}"


def by_gap(modules: Sequence[Module], issues: Mapping[str, IssuePicture]) -> list[Module]:
    """Those first where roles see things the most differently, as it is shown; those that cannot be compared last."""
    found = {module.id: (shown_gap(issues[module.id]), issues[module.id].gap or 0) for module in modules}
    return sorted(modules, key=lambda module: found[module.id], reverse=True)


def said(issue: IssuePicture) -> str:
    """How roles see an issue, in a sentence, the role first that says most often that something lacks.

    Empty where there are not two roles to compare.
    """
    if issue.gap is None:
        return ""
    order = sorted(issue.together.items(), key=lambda entry: -entry[1].share)
    first, *rest = [
        (MANY[role], f"{found.lacking:,} of {found.given:,}", f"({whole_percent(found.share)}%)")
        for role, found in order
    ]
    others = [f"{many.lower()} in {part} {percent}" for many, part, percent in rest]
    return f"{first[0]} say “Not in place” or “Partly” in {first[1]} ratings {first[2]}, {', '.join(others)}."


def shown_gap(issue: IssuePicture) -> int:
    """The gap as the percentages on the screen differ; -1 where there are not two roles to compare."""
    if issue.gap is None:
        return -1
    shown = [whole_percent(ratings.share) for ratings in issue.together.values()]
    return max(shown) - min(shown)


def points(issue: IssuePicture) -> str:
    """The gap in words."""
    gap = shown_gap(issue)
    return "–" if gap < 0 else f"{gap} {'point' if gap == 1 else 'points'}"


def cell(ratings: Ratings | None) -> Cell:
    """A cell of a heat map: the share that lacks something, and from how many people."""
    if ratings is None:
        return heat(None)
    return shaded(ratings.lacking, ratings.given, f"{ratings.people:,} people")


def shaded(part: int, whole: int, *more: str) -> Cell:
    """A cell that says a percentage, and below it in small what it is made of."""
    lines = Markup("").join(Markup("<span>{}</span> ").format(line) for line in (f"{part:,} of {whole:,}", *more))
    value = 100 * part / whole
    return heat(value, Markup('{}% <span class="heat__made">{}</span>').format(whole_percent(value), lines))


def columns_with_figures(agencies: Mapping[int, str], shown: Iterable[int]) -> tuple[dict[int, str], str]:
    """The agencies that have a figure anywhere in a table, and a sentence on those that have none, if any."""
    having = set(shown)
    missing = [name for agency, name in agencies.items() if agency not in having]
    sentence = f"Withheld throughout: {', '.join(missing)}." if missing else ""
    return {agency: name for agency, name in agencies.items() if agency in having}, sentence


def role_cells(issue: IssuePicture) -> list[Cell]:
    """Each role, then the gap between them."""
    return [*(cell(issue.together.get(role)) for role in ROLES), Cell(points(issue), 1)]


def agency_cells(issue: IssuePicture, role: str, agencies: Mapping[int, str]) -> list[Cell]:
    """All together, then each of these agencies."""
    return [cell(issue.together.get(role)), *(cell(issue.cells.get((agency, role))) for agency in agencies)]


def statement_rows(module: Module, role: str, ratings: Ratings) -> list[tuple[str, Mapping[str, int]]]:
    """The statements that were rated, those of today in their order, each with how often each rating was given."""
    texts = {statement.id: line(statement.text).striptags() for statement in module.self_assessment.statements(role)}
    found = [(text, ratings.by_statement[id_]) for id_, text in texts.items() if id_ in ratings.by_statement]
    return found + [(f"{id_} {GONE}", n) for id_, n in ratings.by_statement.items() if id_ not in texts]


def rated_rows(module: Module, role: str, ratings: Ratings | None) -> list[list[str]]:
    """The rows of a role’s table on the screen; none where it is withheld."""
    rows = statement_rows(module, role, ratings) if ratings else []
    return [[text, *(share(counts[r], sum(counts.values())) for r in RATINGS)] for text, counts in rows]


def file_rows(modules: Sequence[Module], seen: LocalPicture) -> Iterator[Sequence[Written]]:
    """The cells of the heat maps, a row each."""
    for module in modules:
        issue = seen.issues[module.id]
        for role in ROLES:
            named = [(name, issue.cells.get((agency, role))) for agency, name in seen.agencies.items()]
            for name, ratings in (*named, (TOGETHER, issue.together.get(role))):
                yield title(module), name, ROLES[role], *_figures(ratings)


def statement_file_rows(module: Module, groups: Mapping[str, Ratings | None]) -> Iterator[Sequence[Written]]:
    """The ratings of each statement, by role; a row that says so where a role is withheld."""
    for role, ratings in groups.items():
        if ratings is None:
            yield ROLES[role], WITHHELD, *[None] * len(RATINGS), None
            continue
        for text, counts in statement_rows(module, role, ratings):
            yield ROLES[role], text, *(counts[rating] for rating in RATINGS), sum(counts.values())


def _figures(ratings: Ratings | None) -> tuple[Written, ...]:
    if ratings is None:
        return WITHHELD, None, None, None
    return ratings.people, ratings.lacking, ratings.given, whole_percent(ratings.share)
