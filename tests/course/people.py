"""Somebody with a row in every table that can be about them."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from course.catalogue.model import Module
from course.learning.tables import (
    Assignment,
    Attempt,
    Audit,
    CardAnswer,
    Certificate,
    CheckBegun,
    Completion,
    DataRequest,
    Export,
    FormerPlace,
    Import,
    Letter,
    Note,
    Outgoing,
    Person,
    Reflection,
    Share,
    SixWeekCheck,
    StoredEvent,
    Team,
    VoidInForce,
)


def add_somebody(session: Session, name: str, team: Team, *, access: str = "learner") -> Person:
    email = f"{name.lower().replace(' ', '.')}@example.org"
    values = {"role": "practitioner", "access": access, "team": team, "session_key": f"key of {name}"}
    person = Person(name=name, email=email, password_hash="hash", **values)
    session.add(person)
    session.commit()
    return person


def add_everything_about(
    session: Session, person: Person, lead: Person, *, module: Module, now: datetime, mark: str
) -> None:
    """A row of each kind about `person`; texts hold `mark`, and what is of others names Otto Else."""
    asked = {"module_ids": [module.id], "counts_from": now, "made_at": now}
    attempt = Attempt(person_id=person.id, module_id=module.id, number=0, version="1.0", started_at=now)
    session.add_all([attempt, Assignment(**asked, person_id=person.id, made_by_id=lead.id)])
    session.add(Assignment(**asked, person_id=lead.id, made_by_id=person.id))
    session.flush()
    completion = Completion(
        person_id=person.id, module_id=module.id, attempt_id=attempt.id, version="1.0", completed_at=now
    )
    session.add(StoredEvent(attempt_id=attempt.id, number=0, kind="opened", body={"part": "vignette"}, at=now))
    session.add(completion)
    session.flush()
    about = {"person_id": person.id, "module_id": module.id}
    session.add(Reflection(**about, answers=[mark], commitment=mark, who_notices=mark, saved_at=now))
    session.add(
        Share(
            mark=f"token {person.name}",
            **about,
            entry_saved_at=now,
            made_at=now,
            ends_at=now + timedelta(days=7),
            opened=1,
        )
    )
    answers = {"choice": mark, "at": now, "completion_id": completion.id, "person_id": person.id}
    three = {"did": "done", "came_up": "no", "in_the_way": "nothing"}
    session.add(SixWeekCheck(**answers, **three, confirmed_at=now, confirmed_by_id=person.id))
    session.add(CheckBegun(**answers))
    session.add(CardAnswer(**answers, card_id="card-one"))
    session.add(
        Certificate(
            code=f"C-{person.id[:8]}",
            person_id=person.id,
            completion_id=completion.id,
            body={"name": person.name},
            made_at=now,
        )
    )
    session.add(
        DataRequest(
            person_id=person.id,
            kind="correct",
            text=mark,
            at=now,
            answered_at=now,
            answered_by_id=lead.id,
            answer=f"Done: {mark}",
        )
    )
    session.add(
        DataRequest(
            person_id=lead.id, kind="correct", text="-", at=now, answered_at=now, answered_by_id=person.id, answer="-"
        )
    )
    session.add(
        Letter(person_id=person.id, kind="reminder", at=now, about={"modules": [3]}, state="failed", why=f"{mark}: no")
    )
    session.add(
        Outgoing(
            statement_id=f"s-{person.id[:30]}",
            attempt_id=attempt.id,
            number=0,
            verb="chose",
            body={"mbox": person.email},
            due_at=now,
        )
    )
    session.add(FormerPlace(person_id=person.id, team_id=person.team_id, role="manager", until=now))
    session.add(Audit(at=now, by_id=lead.id, act="changed", about_id=person.id, what=f"Name: {mark} → {person.name}"))
    session.add(Audit(at=now, by_id=person.id, act="downloaded", what=mark))
    session.add(Audit(at=now, by_id=person.id, act="changed", about_id=lead.id, what="a secret kept of Lena"))
    session.add(
        Note(module_id=module.id, by_id=person.id, at=now, text=mark, owner="Otto Else", due_on=date(2027, 1, 1))
    )
    sheet = {"headings": ["Name", "E-mail"], "rows": [[2, ["Otto Else", "otto@example.org"]]]}
    session.add(Import(by_id=person.id, at=now, file=f"{mark}.csv", sha256="", sheet=sheet))
    session.add(
        Export(
            person_id=person.id,
            at=now,
            standard="scorm12",
            preset="moodle",
            options=[],
            modules={module.id: "1.0"},
            partnership="-",
            overlay="",
            overlay_sha256="",
        )
    )
    session.add(VoidInForce(module_id=module.id, version=person.id[:8], at=now, by_id=person.id))
    session.commit()
