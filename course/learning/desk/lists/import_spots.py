"""Where a line of a list puts somebody, with what it leaves open."""

from course.learning.desk.lists.import_places import Place, Places
from course.learning.desk.lists.import_rows import Wanted
from course.learning.desk.people.not_said import NOT_SAID, is_not_said
from course.learning.desk.people.written import fold
from course.learning.scope import Scope


class Unplaced(Exception):
    """The line does not say where; the message is a sentence or two that say why and what to do."""


class Spots:
    """The places that lines mean, for a lead with this scope who works at `own`."""

    def __init__(self, places: Places, scope: Scope, own: Place) -> None:
        self._places = places
        self._own_agency = "" if scope.agency_id is None else own.agency
        self._own_team = "" if scope.team_id is None else own.team

    def of(self, wanted: Wanted, there: Place | None) -> Place:
        """Where the line puts somebody who is new, or who is there in a place that this lead looks after.

        What a lead for one agency or team leaves empty is theirs. Otherwise an empty cell leaves people where they
        are, and is for whoever is new to say at their first sign-in. Raises Unplaced.
        """
        agency = wanted.agency or self._own_agency or (there.agency if there and wanted.team else "")
        team = wanted.team or (self._own_team if fold(agency) == fold(self._own_agency) else "")
        if not agency or is_not_said(agency):
            if team:
                raise Unplaced(f"The line names the team “{team}” and no agency. Write the agency, or empty both.")
            return there or self._places.find(NOT_SAID, NOT_SAID)
        place = self._places.find(agency, team or NOT_SAID)  # also where they stay: the list then names this agency
        if team or there is None:
            return place
        if fold(there.agency) == fold(agency):
            return there
        if is_not_said(there.agency):
            return place
        raise Unplaced(f"They work in {there}. Write their team in {agency}, or empty the agency too.")
