"""What is wrong with a module, beyond the form of its files and the moves of its story.

Sizes are those of the content standard (modules/README.md). Every check gives every fault it finds.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise

from course.catalogue.files import Document, Problem
from course.catalogue.model import Issue, Module, Reference
from course.catalogue.text import words_in
from course.story.checks import Place

OVERVIEW_WORDS = (120, 200)
VIGNETTE_WORDS = (450, 750)
BRIEFING_WORDS = (350, 450)
STATEMENTS = (12, 18)
AGENCIES_IN_VIGNETTE = 3


@dataclass(frozen=True)
class Documents:
    """The files that a module was read from, for the lines of its problems."""

    about: Document
    vignette: Document
    self_assessment: Document
    team: Document
    briefing: Document
    scenario: Document
    rewrite: Document


def check_module(
    module: Module, documents: Documents, references: dict[str, Reference], issues: Sequence[Issue]
) -> list[Problem]:
    """Every fault of one module."""
    return [
        *_title(module, documents, issues),
        *_sizes(module, documents),
        *_self_assessment(module, documents),
        *_ledger(module, documents),
        *_citations(module, documents, references),
    ]


def repeated_references(references: Iterable[Reference], document: Document) -> Iterator[Problem]:
    """References that share an id."""
    seen: set[str] = set()
    for i, reference in enumerate(references):
        if reference.id in seen:
            what = f"the reference id {reference.id!r} is used twice"
            yield document.problem(("references", i, "id"), what, "give each its own id")
        seen.add(reference.id)


def repeated_modules(modules: Iterable[Module]) -> Iterator[Problem]:
    """Modules that share an id or a number."""
    seen: dict[str | int, str] = {}
    for module in modules:
        for name in (module.id, module.number):
            other = seen.setdefault(name, module.folder)
            if other != module.folder:
                what = f"{name!r} is also used by modules/{other}"
                yield Problem(f"modules/{module.folder}/module.yaml", 1, what, "give each module its own")


def _title(module: Module, documents: Documents, issues: Sequence[Issue]) -> Iterator[Problem]:
    wanted = next((i.title for i in issues if i.number == module.number), None)
    if module.title != wanted:
        yield documents.about.problem(("title",), "the title is not the issue's own name", f"write: {wanted}")


def _sizes(module: Module, documents: Documents) -> Iterator[Problem]:
    about = module.about
    overview = words_in(about.overview, *about.outcomes, about.content_note)
    vignette = words_in(*(r.body for r in module.vignette.records))
    briefing = words_in(*(b.text for b in module.briefing.boxes))
    for name, words, (low, high), document, place in (
        ("overview, outcomes and content note", overview, OVERVIEW_WORDS, documents.about, "overview"),
        ("vignette", vignette, VIGNETTE_WORDS, documents.vignette, "records"),
        ("briefing", briefing, BRIEFING_WORDS, documents.briefing, "boxes"),
    ):
        if not low <= words <= high:
            what = f"words in the {name}: {words}"
            yield document.problem((place,), what, f"write {low} to {high}")
    agencies = {r.agency for r in module.vignette.records}
    if len(agencies) < AGENCIES_IN_VIGNETTE:
        what = f"the records come from {len(agencies)} agencies"
        yield documents.vignette.problem(("records",), what, f"tell it through at least {AGENCIES_IN_VIGNETTE}")


def _self_assessment(module: Module, documents: Documents) -> Iterator[Problem]:
    document, assessment = documents.self_assessment, module.self_assessment
    seen: set[str] = set()
    total = 0
    for role in ("practitioner", "manager", "senior_manager"):
        statements = assessment.statements(role)
        total += len(statements)
        if not any(s.evidence for s in statements):
            do = "add a statement about how you would know, with evidence: true"
            yield document.problem((role,), "no statement asks for evidence", do)
        for i, statement in enumerate(statements):
            if statement.id in seen:
                what = f"the statement id {statement.id!r} is used twice"
                yield document.problem((role, i, "id"), what, "give each its own id")
            seen.add(statement.id)
    low, high = STATEMENTS
    if not low <= total <= high:
        yield document.problem((), f"there are {total} statements", f"write {low} to {high} over the three roles")


def _ledger(module: Module, documents: Documents) -> Iterator[Problem]:
    ledger = module.about.ledger
    if ledger[0].kind != "first":
        what = "the ledger does not begin with the first edition"
        yield documents.about.problem(("ledger", 0), what, "let its first line have kind: first")
    for i, (earlier, later) in enumerate(pairwise(ledger), start=1):
        if later.date < earlier.date or later.version == earlier.version:
            what = f"ledger line {later.version!r} does not follow {earlier.version!r}"
            yield documents.about.problem(("ledger", i), what, "write the newest last, each with its own version")


def _citations(module: Module, documents: Documents, references: dict[str, Reference]) -> Iterator[Problem]:
    for document, place, id_ in _cited_at(module, documents):
        if id_ not in references:
            near = get_close_matches(id_, references, n=3)
            do = f"did you mean {' or '.join(near)}?" if near else "add it to modules/references.yaml"
            yield document.problem(place, f"there is no reference {id_!r}", do)


def _cited_at(module: Module, documents: Documents) -> Iterator[tuple[Document, Place, str]]:
    for m, moment in enumerate(module.story.scenario.moments):
        for c, choice in enumerate(moment.choices):
            for i, id_ in enumerate(choice.debrief.sources if choice.debrief else ()):
                yield documents.scenario, ("moments", m, "choices", c, "debrief", "sources", i), id_
    for g, good in enumerate(module.about.good):
        for i, id_ in enumerate(good.sources):
            yield documents.about, ("good", g, "sources", i), id_
    for b, box in enumerate(module.briefing.boxes):
        for i, id_ in enumerate(box.sources):
            yield documents.briefing, ("boxes", b, "sources", i), id_
