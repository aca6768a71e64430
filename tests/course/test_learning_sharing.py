"""A link shows one entry as it was when it was shared, or nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from course.learning.mine import sharing
from course.learning.mine.reflections import ChangedMeanwhile, Reflection, Since, keep_reflection, kept_reflection, tick
from course.learning.tables import Person, Share

WORDS = {"answers": ["I waited."], "commitment": "Ring first.", "due_on": None, "who_notices": ""}
TOKEN = "a-token-that-nobody-guesses"


@pytest.fixture
def entry(session: Session, person: Person, now: datetime) -> Reflection:
    return keep_reflection(session, person.id, "module-three", **WORDS, now=now)


@pytest.fixture
def shown(session: Session, other: Session, entry: Reflection, now: datetime) -> Callable[..., bool]:
    """Whether the link shows the entry, so many days after it was made."""
    sharing.share(session, entry, TOKEN, days=7, now=now)

    def shown(days: float = 1) -> bool:
        other.expire_all()
        return sharing.shown_by(other, TOKEN, now=now + timedelta(days=days)) is not None

    return shown


def test_a_link_shows_its_entry_until_the_end_of_its_last_day(shown: Callable[..., bool], session: Session) -> None:
    assert shown()
    assert shown(7.6), "made at half past nine, and good until midnight in London"
    assert not shown(7.61)
    assert sharing.shown_by(session, "another token", now=session.scalars(select(Share.made_at)).one()) is None
    assert TOKEN not in str([vars(share) for share in session.scalars(select(Share))])


def test_what_was_taken_back_shows_nothing_and_only_its_owner_can(
    shown: Callable[..., bool], session: Session, person: Person, now: datetime
) -> None:
    mark = sharing.mark_of(TOKEN)
    assert not sharing.take_back(session, "somebody-else", mark, now=now)
    assert shown()
    assert sharing.take_back(session, person.id, mark, now=now)
    assert not shown()
    assert sharing.take_back(session, person.id, mark, now=now + timedelta(days=2)), "twice is once"
    assert session.scalars(select(Share.taken_back_at)).all() == [now]


def test_what_was_changed_shows_nothing_and_the_same_words_again_are_no_change(
    shown: Callable[..., bool], session: Session, person: Person, now: datetime
) -> None:
    keep_reflection(session, person.id, "module-three", **WORDS, now=now + timedelta(hours=1))
    tick(session, person.id, "module-three", done_at=now)
    assert shown()
    keep_reflection(session, person.id, "module-three", **(WORDS | {"answers": ["I rang."]}), now=now)
    assert not shown()
    keep_reflection(session, person.id, "module-three", **WORDS, now=now)
    assert not shown(), "the old words come back as new ones"


def test_what_was_deleted_or_whose_writer_left_shows_nothing(
    shown: Callable[..., bool], session: Session, person: Person, now: datetime
) -> None:
    person.left_at = now
    session.commit()
    assert not shown()
    person.left_at = None
    session.commit()
    assert shown()
    sharing.delete_entry(session, person.id, "module-three")
    assert not shown()
    assert kept_reflection(session, person.id, "module-three") is None
    assert session.scalars(select(Share)).all() == []


def test_a_form_sent_twice_makes_one_link(session: Session, other: Session, entry: Reflection, now: datetime) -> None:
    first = sharing.share(session, entry, TOKEN, days=30, now=now)
    again = sharing.share(other, entry, TOKEN, days=7, now=now)
    assert (again.mark, again.ends_at) == (first.mark, first.ends_at)
    with pytest.raises(ValueError):
        sharing.share(session, entry, "other", days=365, now=now)


def test_openings_are_counted(session: Session, other: Session, entry: Reflection, now: datetime) -> None:
    sharing.share(session, entry, TOKEN, days=7, now=now)
    for hours in (1, 2):
        found = sharing.shown_by(other, TOKEN, now=now)
        assert found is not None
        sharing.opened(other, found, now=now + timedelta(hours=hours))
    session.expire_all()
    [share] = sharing.shares_of(session, entry.person_id, "module-three")
    assert (share.opened, share.opened_at) == (2, now + timedelta(hours=2))


def test_an_older_draft_replaces_nothing(
    session: Session, other: Session, person: Person, entry: Reflection, now: datetime
) -> None:
    began, new = Since(entry.saved_at), WORDS | {"answers": ["from the phone"]}
    keep_reflection(other, person.id, "module-three", **new, now=now + timedelta(hours=1), since=began)
    with pytest.raises(ChangedMeanwhile):
        keep_reflection(session, person.id, "module-three", **WORDS | {"answers": ["older"]}, now=now, since=began)
    with pytest.raises(ChangedMeanwhile):
        keep_reflection(session, person.id, "module-three", **WORDS | {"answers": ["?"]}, now=now, since=Since(None))
    kept = kept_reflection(session, person.id, "module-three")
    assert kept is not None
    assert kept.answers == ["from the phone"]
    keep_reflection(session, person.id, "module-three", **new, now=now, since=began)  # the same words are no conflict


def test_a_commitment_in_other_words_is_not_done_yet(
    session: Session, person: Person, entry: Reflection, now: datetime
) -> None:
    assert tick(session, person.id, "module-three", done_at=now)
    assert tick(session, person.id, "module-three", done_at=now + timedelta(days=1))
    kept = keep_reflection(session, person.id, "module-three", **WORDS | {"answers": ["more"]}, now=now)
    assert kept.done_at == now
    kept = keep_reflection(session, person.id, "module-three", **WORDS | {"commitment": "Ask twice."}, now=now)
    assert kept.done_at is None
    assert not tick(session, person.id, "module-thirteen", done_at=now)


def test_links_that_work_are_counted_and_those_that_a_change_stops(
    session: Session, person: Person, entry: Reflection, now: datetime
) -> None:
    def working() -> int:
        return sharing.working(session, person.id, now=now)

    for token in ("one", "two", "taken back"):
        sharing.share(session, entry, token, days=7, now=now)
    sharing.take_back(session, person.id, sharing.mark_of("taken back"), now=now)
    assert working() == 2
    assert sharing.working(session, person.id, now=now + timedelta(days=9)) == 0
    since = entry.saved_at
    assert sharing.stopped(session, entry, since=since, now=now) == 0
    kept = keep_reflection(session, person.id, "module-three", **WORDS | {"answers": ["new"]}, now=now)
    assert sharing.stopped(session, kept, since=since, now=now) == 2
    assert working() == 0
    sharing.share(session, kept, "three", days=7, now=now)
    assert working() == 1
