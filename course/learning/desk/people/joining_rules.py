"""Who may do what to whom where people join, move and leave; and what they are told where they may not."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from course.catalogue.model import ROLES
from course.learning.desk.people.not_said import LACKS_PLACE, NOT_SAID, is_not_said, lacks_place, role_is_open
from course.learning.desk.people.written import email_of, name_of
from course.learning.mine.erased import was_erased
from course.learning.scope import Scope, may_give, scope_of
from course.learning.tables import ACCESS, Person, Team


class OutOfScope(Exception):
    """For whoever asked, there is no such person, team or list. The message is a sentence."""


class Refused(Exception):
    """They see it and may not do this. The message is a sentence or two that say why and what to do."""


class Wrong(Exception):
    """What was filled in cannot be kept: `errors` is field to sentences, of all fields at once."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        super().__init__(" ".join(sentence for sentences in errors.values() for sentence in sentences))
        self.errors = {name: list(sentences) for name, sentences in errors.items()}


TAKEN = "Somebody has this e-mail address already."
TAKEN_ELSEWHERE = (
    "This is not an address with which you can add or change somebody. Ask the training lead for the partnership."
)
"""Vague, so that nobody can find out by it who is in places that they do not look after."""
OUTSIDE = "Somebody outside your scope"
"""In place of a manager whom a lead does not look after."""


NOT_THEIR_ADDRESS = (
    "They sign in with this address already. Ask the training lead for the partnership to change it: "
    "a new password can be sent to it, which is a way into their account."
)


def covers(scope: Scope | None, agency_id: int | None, team_id: int | None) -> bool:
    """Whether a place is in scope; an id of None stands for one that does not exist yet."""
    if scope is None:
        return False
    return scope.agency_id in (None, agency_id) and scope.team_id in (None, team_id)


def must_reach(by: Person, team: Team) -> None:
    """Raises OutOfScope unless the team is one that `by` looks after."""
    if not covers(scope_of(by), team.agency_id, team.id):
        raise OutOfScope(f"{place_name(team)} is not among the teams that you look after.")


def must_act_on(by: Person, person: Person) -> None:
    """Raises OutOfScope where `by` does not look after this person; Refused where their access is wider or they are
    nobody any more."""
    if not covers(scope_of(by), person.team.agency_id, person.team_id):
        raise OutOfScope("This person is not among those that you look after.")
    if was_erased(person.email):
        raise Refused("Their data was erased, so this account stays closed, as it is. If they are back, add them anew.")
    if not may_give(by, person.access):
        raise Refused(
            f"{person.name} has a wider access than you: {ACCESS[person.access].lower()}. "
            "Ask somebody with that access to do it."
        )


def lock(session: Session, person_id: str) -> None:
    """From here to the commit nobody else changes this person; on SQLite, nobody changes anything."""
    held = update(Person).where(Person.id == person_id).values(name=Person.name)
    session.execute(held, execution_options={"synchronize_session": False})


@contextmanager
def keep_an_administrator(session: Session, person: Person) -> Iterator[None]:
    """Raises Refused where what is done inside leaves nobody who can do everything.

    Two administrators who close each other's accounts wait for one another.
    """
    if person.access != "administrator":
        yield
        return
    is_administrator = Person.access == "administrator"
    lock(session, person.id)  # before the others: whoever saves one of them takes what is locked in this order too
    session.execute(select(Person.id).where(is_administrator).order_by(Person.id).with_for_update())
    yield
    session.flush()
    signs_in = (Person.left_at.is_(None), Person.password_hash != "")
    if not session.scalar(select(func.count()).where(is_administrator, *signs_in)):
        raise Refused("This is the last administrator who can sign in. Give somebody else that access first.")


def checked(
    session: Session, by: Person, person: Person | None, *, name: str, email: str, role: str, access: str
) -> tuple[str, str]:
    """The name and address as they are kept. Raises Wrong for whatever cannot be; `person` is who has them now."""
    errors: dict[str, list[str]] = {}
    kept: dict[str, str] = {}
    for field, text, read in (("name", name, name_of), ("email", email, email_of)):
        try:
            kept[field] = read(text)
        except ValueError as error:
            errors[field] = [str(error)]
    if role not in ROLES:
        errors["role"] = ["Choose a role."]
    if "email" in kept and (wrong := _wrong_email(session, by, kept["email"], person)):
        errors["email"] = [wrong]
    if wrong := _wrong_access(by, person, access):
        errors["access"] = [wrong]
    if errors:
        raise Wrong(errors)
    return kept["name"], kept["email"]


def signs_in_for_themselves(by: Person, person: Person) -> bool:
    """Whether another address would be somebody else's word on where the way into an account with a password leads."""
    return bool(person.password_hash) and person.id != by.id


def may_readdress(by: Person, person: Person) -> bool:
    """Whether `by` may give somebody whom they look after another e-mail address."""
    return scope_of(by) == Scope(None, None) or not signs_in_for_themselves(by, person)


def _wrong_email(session: Session, by: Person, email: str, person: Person | None) -> str:
    if person is not None and email == person.email:
        return ""
    if person is not None and not may_readdress(by, person):
        return NOT_THEIR_ADDRESS
    return _taken(session, by, email)


def _taken(session: Session, by: Person, email: str) -> str:
    has_it = session.scalar(select(Person).where(Person.email == email))
    if has_it is None:
        return ""
    if not covers(scope_of(by), has_it.team.agency_id, has_it.team_id):
        return TAKEN_ELSEWHERE
    closed = " Their account is closed: open it again in place of adding them." if has_it.left_at else ""
    return f"{TAKEN[:-1]}: {has_it.name}, {place_name(has_it.team)}.{closed}"


def _wrong_access(by: Person, person: Person | None, access: str) -> str:
    if access not in ACCESS:
        return "Choose an access."
    if person is not None and access == person.access:
        return ""
    if person is not None and person.id == by.id:
        return "You cannot change your own access. Ask somebody with at least the same access."
    return "" if may_give(by, access) else "You cannot give a wider access than your own."


def must_manage(by: Person, person: Person | None, manager: Person | None) -> None:
    """Raises Wrong unless `manager` may become the manager of `person`, of whose learning they will then hear."""
    if manager is None or (person is not None and manager.id == person.manager_id):
        return
    if person is not None and manager.id == person.id:
        raise Wrong({"manager": ["Nobody is their own manager. Write another address, or leave it empty."]})
    if not covers(scope_of(by), manager.team.agency_id, manager.team_id) or manager.left_at:
        raise Wrong({"manager": [NO_SUCH_MANAGER]})


NO_SUCH_MANAGER = (
    "Nobody with this address is among the people that you look after. Correct it, add them first, or leave it empty."
)


def manager_named(by: Person, manager: Person) -> str:
    """The address of a manager, for whoever looks after them too."""
    return manager.email if covers(scope_of(by), manager.team.agency_id, manager.team_id) else OUTSIDE


def place_name(team: Team) -> str:
    """A team with its agency."""
    return NOT_SAID if is_not_said(team.agency.name) else f"{team.agency.name}: {team.name}"


def role_name(role: str) -> str:
    """As it stands within a sentence."""
    return ROLES[role].lower()


def role_of_person(person: Person) -> str:
    """Somebody's role on screen; that it is not said yet where they are to say it."""
    return NOT_SAID if role_is_open(person) else ROLES[person.role]


def must_have_place(access: str, team: Team | None) -> None:
    """Raises Wrong where whoever has this access would choose whose records they see by saying where they work."""
    agency, name = (team.agency.name, team.name) if team else (NOT_SAID, NOT_SAID)
    if lacks_place(access, agency=agency, team=name):
        raise Wrong({"team": [f"{LACKS_PLACE} Choose their team."]})
