"""The evidence pack’s share of the local picture: what is shown on its page, and nothing that is withheld there."""

from collections.abc import Iterator, Sequence

from course.catalogue.model import ROLES, Module
from course.learning.desk.figures.local_figures import LocalPicture, Ratings
from course.web.lead.drawing.pictures import share
from course.web.lead.in_tens import RULE, WITHHELD, until
from course.web.lead.picture import ROLE_RULE
from course.web.lead.picture_rows import title
from course.web.printing.pack import Section, Table

HEADING = "Local picture: what people say about practice"
ASKS = "How often people rated a statement “Not in place” or “Partly”, of all ratings that they gave."


def not_kept() -> Section:
    """In place of figures that are kept only as they are today."""
    return Section(HEADING, ("It is kept as it is today, not as it was on past days: make a pack of today for it.",))


def local_sections(modules: Sequence[Module], seen: LocalPicture, *, waiting: int = 0) -> Iterator[Section]:
    """The figures of a year by role, and by agency and role where any is shown. `waiting`: issues not yet gathered."""
    day = f"{until(seen.day)} {_behind(waiting)}" if waiting else until(seen.day)
    has_figures = any(issue.together for issue in seen.issues.values())
    if not has_figures:
        nothing = "No group of ten people has been counted yet, so there is no figure that may be shown."
        yield Section(HEADING, (day, nothing, *RULE))
        return
    by_role = tuple((title(m), *(_share(seen.issues[m.id].together.get(role)) for role in ROLES)) for m in modules)
    columns = ("Issue", *ROLES.values())
    about = (f"{ASKS} Ratings of {seen.year}. {day}", *RULE, ROLE_RULE)
    yield Section(HEADING, about, Table("Not in place or partly, by role", columns, by_role, frozenset({1, 2, 3})))
    rows = tuple(_by_agency(modules, seen))
    if rows:
        only = "Agencies stand here with the issues for which they have a figure that may be shown."
        columns = ("Agency", "Issue", *ROLES.values())
        table = Table("Not in place or partly, by agency and role", columns, rows, frozenset({2, 3, 4}))
        yield Section("Local picture by agency", (only,), table)


def _behind(waiting: int) -> str:
    many = "1 issue has" if waiting == 1 else f"{waiting:,} issues have"
    return f"{many} not been gathered yet today: make the pack again."


def _by_agency(modules: Sequence[Module], seen: LocalPicture) -> Iterator[tuple[str, ...]]:
    """A row for each agency and issue, but for those of which every figure is withheld."""
    for agency, name in seen.agencies.items():
        for module in modules:
            found = [seen.issues[module.id].cells.get((agency, role)) for role in ROLES]
            if any(found):
                yield name, title(module), *map(_share, found)


def _share(found: Ratings | None) -> str:
    return share(found.lacking, found.given) if found else WITHHELD
