"""Which completions do not count any more, for one person: the rule of the board (Picture.voided), without the board.

A test holds the two equal.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.catalogue.model import Module
from course.learning.desk.standing.facts import place_in_ledger
from course.learning.mine.completed import Completed
from course.learning.tables import VoidInForce

InForce = Mapping[tuple[str, str], datetime]
"""By module id and version: since when that version voids what was completed on earlier ones."""


def voids_since(session: Session) -> InForce:
    """Every version that was switched on to void earlier completions. One query."""
    query = select(VoidInForce.module_id, VoidInForce.version, VoidInForce.at)
    rows = session.execute(query.order_by(VoidInForce.module_id, VoidInForce.version))
    return {(module_id, version): at for module_id, version, at in rows}


def voided_at(in_force: InForce, module: Module, version: str) -> datetime | None:
    """Since when a completion on this version does not count; None where it counts."""
    place = place_in_ledger(module)
    # A first line voids nothing; a version that the ledger has no more comes before every line.
    after = max(place.get(version, -1), 0)
    found = [at for (id_, other), at in in_force.items() if id_ == module.id and place.get(other, 0) > after]
    return min(found, default=None)


def whole_course(
    completed: Sequence[Completed], modules: Sequence[Module], in_force: InForce
) -> list[Completed] | None:
    """The first completion of each module that counts, in the order of modules; None until there is one of all."""
    by_id = {module.id: module for module in modules}
    first: dict[str, Completed] = {}
    for one in completed:
        module = by_id.get(one.module_id)
        if module and one.module_id not in first and voided_at(in_force, module, one.version) is None:
            first[one.module_id] = one
    return [first[module.id] for module in modules] if modules and len(first) == len(modules) else None
