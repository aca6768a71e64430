"""What is wrong with a module, beyond the form of its files and the moves of its story.

Sizes are those of the content standard (modules/README.md). Every check gives every fault it finds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from difflib import get_close_matches
from itertools import pairwise

from course.catalogue.draft import Draft, Shared
from course.catalogue.files import Document, Problem
from course.catalogue.later import check_later, forks_at
from course.catalogue.model import (
    BriefingFile,
    ChangesFile,
    Issue,
    Module,
    ModuleFile,
    Placeholder,
    Reference,
    SelfAssessmentFile,
    VignetteFile,
)
from course.catalogue.readability import check_readability
from course.catalogue.text import words_in
from course.story.checks import Place

OVERVIEW_WORDS = (120, 200)
VIGNETTE_WORDS = (450, 750)
BRIEFING_WORDS = (350, 450)
STATEMENTS = (12, 18)
AGENCIES_IN_VIGNETTE = 3
A_YEAR = timedelta(days=365)
PLACEHOLDERS_OF_HELP = (
    "front-door",
    "out-of-hours",
    "named-professional",
    "staff-support",
    "course-support",
    "accessibility-contact",
    "accessibility-review",
    "data-controller",
    "data-protection-officer",
    "lawful-basis",
    "records-kept",
    "data-processors",
    "privacy-notice",
)
"""What pages name that are no module's: for whoever is worried, for help, about accessibility and privacy."""


def check_draft(draft: Draft, shared: Shared) -> list[Problem]:
    """Every fault of the files that could be read, so that a fault in one file hides none in another."""
    about, about_document = draft.about
    vignette, vignette_document = draft.vignette
    assessment, assessment_document = draft.self_assessment
    briefing, briefing_document = draft.briefing
    later, later_document = draft.later
    return [
        *(_about(about, about_document, shared.issues) if about else ()),
        *(_vignette(vignette, vignette_document) if vignette else ()),
        *(_self_assessment(assessment, assessment_document) if assessment else ()),
        *(_briefing(briefing, briefing_document) if briefing else ()),
        *(check_later(later, later_document) if later else ()),
        *_citations(draft, shared.references),
        *check_readability(draft.documents, shared.terms),
    ]


def repeated_references(references: Iterable[Reference], document: Document) -> Iterator[Problem]:
    """References that share an id."""
    seen: set[str] = set()
    for i, reference in enumerate(references):
        if reference.id in seen:
            what = f"the reference id {reference.id!r} is used twice"
            yield document.problem(("references", i, "id"), what, "give each its own id")
        seen.add(reference.id)


def stale_references(references: Iterable[Reference], document: Document, *, today: date) -> Iterator[Problem]:
    """References that nobody has looked at for over a year: law and guidance change faster."""
    for i, reference in enumerate(references):
        if reference.checked < today - A_YEAR:
            what = f"{reference.id!r} was last checked on {reference.checked}"
            do = "see that it is still the current source, and write the day under checked"
            yield document.problem(("references", i, "checked"), what, do)


def missing_placeholders(placeholders: Iterable[Placeholder], document: Document) -> Iterator[Problem]:
    """Placeholders that pages of the app name, whatever the modules say."""
    have = {p.id for p in placeholders}
    for id_ in PLACEHOLDERS_OF_HELP:
        if id_ not in have:
            yield document.problem(("placeholders",), f"there is no placeholder {id_!r}", "add it: a page names it")


def repeated_modules(modules: Iterable[Module]) -> Iterator[Problem]:
    """Modules that share an id or a number."""
    seen: dict[str | int, str] = {}
    for module in modules:
        for name in (module.id, module.number):
            other = seen.setdefault(name, module.folder)
            if other != module.folder:
                what = f"{name!r} is also used by modules/{other}"
                yield Problem(f"modules/{module.folder}/module.yaml", 1, what, "give each module its own")


def _about(about: ModuleFile, document: Document, issues: Sequence[Issue]) -> Iterator[Problem]:
    yield from _title(about, document, issues)
    texts = (about.overview, *about.outcomes, about.content_note)
    yield from _size("overview, outcomes and content note", texts, OVERVIEW_WORDS, document, "overview")
    yield from _ledger(about, document)


def _title(about: ModuleFile, document: Document, issues: Sequence[Issue]) -> Iterator[Problem]:
    wanted = next((i.title for i in issues if i.number == about.number), None)
    if wanted and about.title != wanted:
        yield document.problem(("title",), "the title is not the issue’s own name", f"write: {wanted}")
    if issues and not wanted:
        do = "give the issue its line there, or mend the number"
        yield document.problem(("number",), f"modules/map.yaml has no issue {about.number}", do)


def _size(name: str, texts: Iterable[str], limits: tuple[int, int], document: Document, key: str) -> Iterator[Problem]:
    words = words_in(*texts)
    if not limits[0] <= words <= limits[1]:
        yield document.problem((key,), f"words in the {name}: {words}", f"write {limits[0]} to {limits[1]}")


def _vignette(vignette: VignetteFile, document: Document) -> Iterator[Problem]:
    yield from _size("vignette", (r.body for r in vignette.records), VIGNETTE_WORDS, document, "records")
    agencies = {r.agency for r in vignette.records}
    if len(agencies) < AGENCIES_IN_VIGNETTE:
        what = f"the records come from {len(agencies)} agencies"
        yield document.problem(("records",), what, f"tell it through at least {AGENCIES_IN_VIGNETTE}")


def _briefing(briefing: BriefingFile, document: Document) -> Iterator[Problem]:
    yield from _size("briefing", (b.text for b in briefing.boxes), BRIEFING_WORDS, document, "boxes")


def _self_assessment(assessment: SelfAssessmentFile, document: Document) -> Iterator[Problem]:
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


def _ledger(about: ModuleFile, document: Document) -> Iterator[Problem]:
    ledger = about.ledger
    if ledger[0].kind != "first":
        what = "the ledger does not begin with the first edition"
        yield document.problem(("ledger", 0), what, "let its first line have kind: first")
    for i, (earlier, later) in enumerate(pairwise(ledger), start=1):
        if later.date < earlier.date or later.version == earlier.version:
            what = f"ledger line {later.version!r} does not follow {earlier.version!r}"
            yield document.problem(("ledger", i), what, "write the newest last, each with its own version")


def cited_in_changes(
    changes: ChangesFile | None, document: Document, references: Mapping[str, Reference]
) -> Iterator[Problem]:
    """References that the page on what changed cites and nobody has written."""
    for key in ("changes", "coming"):
        for n, entry in enumerate(getattr(changes, key, ())):
            cited = ((document, (key, n, "sources", i), id_) for i, id_ in enumerate(entry.sources))
            yield from _unknown(cited, references)


def _citations(draft: Draft, references: Mapping[str, Reference]) -> Iterator[Problem]:
    return _unknown(_cited_at(draft), references)


def _unknown(cited: Iterable[tuple[Document, Place, str]], references: Mapping[str, Reference]) -> Iterator[Problem]:
    for document, place, id_ in cited:
        if references and id_ not in references:
            near = get_close_matches(id_, references, n=3)
            do = f"did you mean {' or '.join(near)}?" if near else "add it to modules/references.yaml"
            yield document.problem(place, f"there is no reference {id_!r}", do)


def _cited_at(draft: Draft) -> Iterator[tuple[Document, Place, str]]:
    scenario, document = draft.scenario
    for m, moment in enumerate(scenario.moments if scenario else ()):
        for c, choice in enumerate(moment.choices):
            for i, id_ in enumerate(choice.debrief.sources if choice.debrief else ()):
                yield document, ("moments", m, "choices", c, "debrief", "sources", i), id_
    about, document = draft.about
    for g, good in enumerate(about.good if about else ()):
        for i, id_ in enumerate(good.sources):
            yield document, ("good", g, "sources", i), id_
    later, document = draft.later
    for place, fork in forks_at(later) if later else ():
        for i, id_ in enumerate(fork.sources):
            yield document, (*place, "sources", i), id_
    briefing, document = draft.briefing
    for b, box in enumerate(briefing.boxes if briefing else ()):
        for i, id_ in enumerate(box.sources):
            yield document, ("boxes", b, "sources", i), id_
