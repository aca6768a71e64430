"""What a team is handed, from the same content as the lesson pages: the briefing on one page, the facilitator's pack.

Nothing of Flask. The words that are not the module's are instructions, and stand in session.py for the page too.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

from course.catalogue.library import Library
from course.catalogue.model import Module, Reference, Sourced
from course.learning.desk.days import spoken, start_of
from course.story.model import Choice
from course.web.printing import document
from course.web.printing.prose import line, prose
from course.web.printing.session import Session

BRIEFING, FACILITATOR = (Path(__file__).with_name(f"{name}.typ") for name in ("briefing", "facilitator"))


def briefing_pdf(library: Library, module: Module) -> bytes:
    """The seven-minute briefing on one A4 page, as PDF: see document.pdf.

    Its letters shrink to 8.5 pt at the least, and then its sources go: they stand on the module's page of sources.
    """
    boxes = [{"heading": line(box.heading), "text": prose(box.text)} for box in module.briefing.boxes]
    cited = [_short(library.references[id_]) for id_ in module.briefing.cited]
    values = {"boxes": boxes, "sources": cited, **_head(library, module)}
    return document.pdf(BRIEFING, values, made_at=_made_at(module))


def facilitator_pdf(library: Library, module: Module, session: Session) -> bytes:
    """What whoever leads the session needs, on four A4 pages, as PDF: see document.pdf."""
    decision, scenario = session.decision, module.story.scenario
    values = {
        **_head(library, module),
        "steps": [(step.what, f"{step.minutes}") for step in session.steps],
        "minutes": f"{session.minutes}",
        "outcomes": [line(outcome) for outcome in module.about.outcomes],
        "content_note": prose(module.about.content_note),
        "rules": [prose(rule) for rule in session.rules],
        "opener": prose(module.team.opener),
        "you": line(f"{scenario.you.name}, {scenario.you.profession}"),
        "situation": prose(scenario.you.situation),
        "so_far": [line(choice.text) for choice in decision.so_far],
        "just_now": prose(decision.just_now) if decision.just_now else [],
        "known": [line(f"{fact.knows} ({fact.source})") for fact in decision.known],
        "moment": line(decision.step.moment.title),
        "passages": [block for passage in decision.step.passages for block in prose(passage.text)],
        "choices": [line(choice.text) for choice in decision.choices],
        "followed": [_followed(choice) for choice in decision.choices],
        "turn": _turn(session),
        "family": prose(module.vignette.family),
        "knew": [
            (line(known.agency), [_led(f"{fact.when}:", fact.what) for fact in known.facts])
            for known in module.about.knew
        ],
        "missing": prose(module.about.missing),
        "questions": [line(question) for question in module.team.questions],
        "prompts": [line(prompt) for prompt in session.prompts],
        "good": [_cited(good, session) for good in module.about.good],
        "sources": [_whole(library.references[id_]) for id_ in session.sources],
        "real_child": [prose(step) for step in session.real_child],
    }
    return document.pdf(FACILITATOR, values, made_at=_made_at(module))


def _head(library: Library, module: Module) -> dict[str, Any]:
    return {
        "title": module.title,
        "number": f"{module.number}",
        "version": module.version,
        "dated": spoken(module.about.ledger[-1].date),
        "partnership": library.partnership,
    }


def _made_at(module: Module) -> datetime:
    """The day of the content version, so that equal content makes equal bytes."""
    return start_of(module.about.ledger[-1].date)


def _followed(choice: Choice) -> list[dict[str, Any]]:
    found, debrief = prose(choice.consequence), choice.debrief
    if debrief:
        found += _led("Why it made sense.", debrief.tempting)
        found += _led("For the child.", debrief.child)
        found += _led("Stronger practice.", debrief.stronger)
    return found


def _led(words: str, text: str) -> list[dict[str, Any]]:
    """Prose with words in bold before it, on the same line where it begins with a paragraph."""
    first, *rest = prose(text)
    lead = [*({**run, "as": "strong"} for run in line(words)), {"as": "", "text": " "}]
    if first["is"] == "paragraph":
        return [{"is": "paragraph", "runs": [*lead, *first["runs"]]}, *rest]
    return [{"is": "paragraph", "runs": lead}, first, *rest]


def _cited(good: Sourced, session: Session) -> list[dict[str, Any]]:
    """A statement with the numbers of its sources at its end."""
    numbers = {"as": "", "text": f" [{session.numbers_of(good.sources)}]"}
    blocks = prose(good.text)
    if blocks[-1]["is"] == "paragraph":
        return [*blocks[:-1], {"is": "paragraph", "runs": [*blocks[-1]["runs"], numbers]}]
    return [*blocks, {"is": "paragraph", "runs": [numbers]}]


def _turn(session: Session) -> dict[str, Any]:
    turn = session.decision.step.moment.turn
    if turn is None:
        return {}
    return {"why": prose(turn.why), "knew": [(line(held.agency), line(held.what)) for held in turn.knew]}


def _short(reference: Reference) -> str:
    year = f" ({reference.year})" if str(reference.year) not in reference.title else ""
    return f"{reference.title}{year}"


def _whole(reference: Reference) -> str:
    return f"{_short(reference)}, {reference.publisher}"
