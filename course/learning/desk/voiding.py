"""Changes of content that void earlier completions: whom each would affect, and switching one on, for good.

Nothing here decides what is void: that is Picture.voided, under the rules as they are or as they would be.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import cast

import numpy as np
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from course.catalogue.model import Change, Module
from course.learning.database import all_or_nothing
from course.learning.desk import audit
from course.learning.desk.assigning.asked import NotYours
from course.learning.desk.standing.facts import Rules, place_in_ledger
from course.learning.desk.standing.picture import Picture, Rows
from course.learning.desk.standing.status import VOIDED
from course.learning.scope import Scope, scope_of
from course.learning.tables import Person, VoidInForce

InForce = Mapping[tuple[str, str], VoidInForce]
"""By module id and version."""


class NoSuchChange(Exception):
    """The module has no such version, or one that voids nothing; the message is a sentence."""


class AlreadyVoid(Exception):
    """This change is in force, or a later one that voids all the same; the message is a sentence."""


def find_change(module: Module, version: str) -> Change:
    """The line of the ledger that voids earlier completions. Raises NoSuchChange."""
    for change in module.about.ledger:
        if change.version == version and change.kind == "voids":
            return change
    raise NoSuchChange(f"Module {module.number} has no version {version} that voids earlier completions.")


def voids_in_force(session: Session) -> InForce:
    """What was switched on, with who did it. One query."""
    query = select(VoidInForce).options(joinedload(VoidInForce.by, innerjoin=True))
    rows = session.scalars(query.order_by(VoidInForce.module_id, VoidInForce.version))
    return {(row.module_id, row.version): row for row in rows}


def voided_by(in_force: InForce, module: Module, version: str) -> VoidInForce | None:
    """What already voids all that this version would void: itself or a later one. None where it still waits."""
    place = place_in_ledger(module)
    kept = [
        row for (id_, other), row in in_force.items() if id_ == module.id and place.get(other, -1) >= place[version]
    ]
    return max(kept, key=lambda row: (row.version == version, place[row.version]), default=None)


def affected(picture: Picture, module: Module, version: str, rows: Rows) -> Rows:
    """Those of `rows` whose completion counts now and would not once this version is switched on."""
    column, places = picture.modules.index(module), picture.rules.void_before
    place = max(place_in_ledger(module)[version], places.get(module.id, 0))
    changed: Rules = replace(picture.rules, void_before={**places, module.id: place})
    lost = picture.voided(changed)[rows, column] & picture.standing.counts[rows, column]
    return cast(Rows, rows[lost])


def still_void(picture: Picture, module: Module, rows: Rows) -> Rows:
    """Those of `rows` who are to do the module again because a version in force voids what they did."""
    return cast(Rows, rows[picture.standing.status[rows, picture.modules.index(module)] == VOIDED])


def counting(picture: Picture, module: Module, rows: Rows) -> dict[str, int]:
    """On how many newest completions that count each version of the ledger stands, by version; "" for any other."""
    column = picture.modules.index(module)
    place = picture.done.ledger_place[rows, column][picture.standing.counts[rows, column]]
    versions = ["", *place_in_ledger(module)]
    return dict(zip(versions, np.bincount(place + 1, minlength=len(versions)).tolist(), strict=True))


def may_switch_on(by: Person) -> bool:
    """Whether this is theirs to decide: it affects everybody."""
    return scope_of(by) == Scope(agency_id=None, team_id=None)


def switch_on(session: Session, by: Person, module: Module, version: str, *, people: int, now: datetime) -> None:
    """Void what was completed on earlier versions, for good. Commits. `people`, how many it affects, is for the audit.

    Raises NotYours, NoSuchChange and AlreadyVoid.
    """
    if not may_switch_on(by):
        raise NotYours("Only a training lead for the partnership or an administrator can switch this on.")
    find_change(module, version)
    if voided_by(voids_in_force(session), module, version):
        raise _already(module, version)
    what = f"Module {module.number}, {module.title}, version {version}: {people:,} people are to do it again"
    try:
        with all_or_nothing(session):
            session.add(VoidInForce(module_id=module.id, version=version, at=now, by_id=by.id))
            audit.keep(session, by, "voided", now=now, what=what)
    except IntegrityError:
        raise _already(module, version) from None


def _already(module: Module, version: str) -> AlreadyVoid:
    return AlreadyVoid(f"Version {version} of module {module.number}, or a later one, is already in force.")
