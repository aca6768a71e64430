"""Signing in, and what a password change ends."""

from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from course.learning import people
from course.learning.desk.mail.links import set_first_or_new_password
from course.learning.people import add_person, find_person, sign_in
from course.learning.tables import Person, Team

PASSWORD = "a long enough password"


@pytest.mark.parametrize("email", ["ada@example.org", "  Ada@Example.ORG "])
def test_signing_in(session: Session, person: Person, email: str) -> None:
    found = sign_in(session, email, PASSWORD)
    assert found is not None
    assert (found.id, found.team.agency.name) == (person.id, "Health")


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ada@example.org", "another long password"),
        ("ada@example.org", ""),
        ("ada@example.org", PASSWORD.upper()),
        ("nobody@example.org", PASSWORD),
        ("%", PASSWORD),
        ("", ""),
    ],
)
def test_not_signing_in(session: Session, person: Person, email: str, password: str) -> None:
    assert sign_in(session, email, password) is None


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_an_unknown_address_costs_as_much_as_a_wrong_password(
    session: Session, person: Person, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    worked: list[str] = []

    class Counted(PasswordHasher):
        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            worked.append("hash")
            return super().hash(password, salt=salt)

        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            worked.append("verify")
            return super().verify(hash, password)

    monkeypatch.setattr(people, "HASHER", Counted(time_cost=1, memory_cost=8, parallelism=1))
    assert sign_in(session, email, "another long password") is None
    assert len(worked) == 1


def test_an_old_hash_is_renewed_at_sign_in(
    session: Session, other: Session, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, key = person.password_hash, person.session_key
    monkeypatch.setattr(people, "HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert sign_in(session, person.email, PASSWORD)
    found = sign_in(other, person.email, PASSWORD)
    assert found is not None
    assert found.password_hash != old
    assert "t=2" in found.password_hash
    assert found.session_key == key  # nobody is signed out by it


def test_passwords_are_kept_as_argon2id(session: Session, person: Person) -> None:
    assert person.password_hash.startswith("$argon2id$")
    assert PASSWORD not in person.password_hash


def test_somebody_with_an_unusable_hash_cannot_sign_in(session: Session, person: Person) -> None:
    person.password_hash = "!"
    session.commit()
    assert sign_in(session, person.email, "!") is None


def test_a_new_password_ends_sessions(session: Session, other: Session, person: Person) -> None:
    key = person.session_key
    set_first_or_new_password(session, person, "twelve chars")
    found = find_person(other, person.id)
    assert found is not None
    assert found.session_key not in (key, "")
    assert sign_in(other, person.email, PASSWORD) is None
    assert sign_in(other, person.email, "twelve chars")


def test_a_short_password_is_refused_and_nothing_changes(session: Session, other: Session, person: Person) -> None:
    key = person.session_key
    with pytest.raises(ValueError, match="at least 12 characters"):
        set_first_or_new_password(session, person, "eleven char")
    session.commit()
    found = sign_in(other, person.email, PASSWORD)
    assert found is not None
    assert found.session_key == key


def test_adding_a_person(session: Session, other: Session, team: Team) -> None:
    words = {"password": PASSWORD, "role": "manager", "access": "team-lead", "team": team}
    added = add_person(session, name="Bo Lee", email=" Bo@Example.org", **words)
    found = find_person(other, added.id)
    assert found is not None
    assert (found.name, found.email, found.role, found.access) == ("Bo Lee", "bo@example.org", "manager", "team-lead")
    with pytest.raises(IntegrityError):
        add_person(session, name="Bo Lim", email="BO@example.org", **words)
    with pytest.raises(ValueError, match="12"):
        add_person(session, name="Al Lim", email="al@example.org", **(words | {"password": "short"}))
    assert find_person(session, added.id) is added  # the session can still be used


def test_finding_somebody_takes_one_query(other: Session, person: Person, statements_of: Callable) -> None:
    with statements_of() as sent:
        found = find_person(other, person.id)
        assert found is not None
        assert (found.team.name, found.team.agency.name) == ("Health visiting", "Health")
    assert len(sent) == 1
    assert find_person(other, "nobody") is None
