"""People who answered, written straight into the records: for pages that count many."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import count

from sqlalchemy.orm import Session

from course.catalogue.events import Chose, Event, Opened, Rated
from course.catalogue.model import Module
from course.learning.attempts import stored
from course.learning.tables import Attempt, Person, Team

_NUMBERS = count()


def some(session: Session, team: Team, how_many: int) -> list[Person]:
    """New learners of a team."""
    words = {"password_hash": "!", "session_key": "k", "role": "practitioner", "access": "learner"}
    numbers = [next(_NUMBERS) for _ in range(how_many)]
    people = [Person(name=f"Person {n}", email=f"p{n}@example.org", team_id=team.id, **words) for n in numbers]
    session.add_all(people)
    session.commit()
    return people


def answer(session: Session, people: Iterable[Person], module: Module, *, at: datetime, events: list[Event]) -> None:
    """Each of these people did these events in their first attempt at the module."""
    for person in people:
        attempt = Attempt(person_id=person.id, module_id=module.id, number=0, version=module.version, started_at=at)
        session.add(attempt)
        session.flush()
        session.add_all(stored(event, attempt_id=attempt.id, number=n, at=at) for n, event in enumerate(events))
    session.commit()


def rated(module: Module, rating: str, role: str = "practitioner") -> Rated:
    """Every statement of the role with the same rating."""
    return Rated(role=role, ratings={s.id: rating for s in module.self_assessment.statements(role)})


def path(module: Module, choose: Callable[[list[str]], str]) -> list[Event]:
    """A first path to its ending and the debrief."""
    step, found = module.story.steps[module.story.start], list[Event]()
    while not step.is_ending:
        choice = choose(list(step.leads))
        found.append(Chose(choice=choice))
        step = module.story.steps[step.leads[choice]]
    return [*found, Opened(part="debrief")]
