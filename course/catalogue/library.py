"""Reads every module from its content files, or says everything that is wrong with them.

A request never comes here: the library is read once when the app starts or a package is built.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path

from course.catalogue import checks, local
from course.catalogue.draft import Draft, Shared
from course.catalogue.files import Document, Model, Problem, as_model, read
from course.catalogue.giveaway import giveaways
from course.catalogue.later import LaterFile, repeated_forks
from course.catalogue.model import (
    BriefingFile,
    ChangesFile,
    Issue,
    Module,
    ModuleFile,
    Placeholder,
    Reference,
    RewriteFile,
    SelfAssessmentFile,
    TeamFile,
    Term,
    VignetteFile,
)
from course.catalogue.readability import check_glossary
from course.story.checks import check_moves, check_shape
from course.story.compile import Story, build
from course.story.model import Content, Scenario


class BrokenContent(Exception):
    """The content files have problems; `problems` holds every one of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


class NoSuchModule(Exception):
    """A name that fits no module; the message gives the nearest ones."""


@dataclass(frozen=True)
class Library:
    """All modules in order of number, and what they share."""

    modules: tuple[Module, ...]
    references: dict[str, Reference]
    glossary: tuple[Term, ...]
    changes: ChangesFile
    partnership: str
    address: str
    """The partnership's own, without a slash at its end: ids in xAPI records begin with it. Never empty."""
    words: dict[str, str]
    """What stands for each placeholder."""
    warnings: tuple[Problem, ...] = ()
    """What is safe to run with and wants seeing to: sources not checked for a year, gaps in the local overlay."""

    def find(self, name: str) -> Module:
        """The module by number, id or folder name; raises NoSuchModule."""
        for module in self.modules:
            if name in (module.id, module.folder, str(module.number), f"{module.number:02}"):
                return module
        known = [n for m in self.modules for n in (m.folder, m.id)]
        near = get_close_matches(name, known, n=3) or [m.folder for m in self.modules]
        raise NoSuchModule(f"There is no module {name!r}. The nearest: {', '.join(near)}.")


class ReferencesFile(Content):
    """references.yaml"""

    references: tuple[Reference, ...]


class GlossaryFile(Content):
    """glossary.yaml"""

    terms: tuple[Term, ...]


class MapFile(Content):
    """map.yaml"""

    issues: tuple[Issue, ...]


class PlaceholdersFile(Content):
    """placeholders.yaml"""

    placeholders: tuple[Placeholder, ...]


def content_folder() -> Path:
    """The folder that holds modules/ and scenarios/: COURSE_CONTENT, the checkout, or the installed copy."""
    if named := os.environ.get("COURSE_CONTENT"):
        return Path(named)
    package = Path(__file__).resolve().parent.parent
    return package.parent if (package.parent / "modules").is_dir() else package / "content"


def load(root: Path | None = None, local_file: Path | None = None) -> Library:
    """Read and check everything below `root`; raises BrokenContent with all problems at once."""
    root, today = root or content_folder(), datetime.now(UTC).date()
    reader = _Reader(root, today)
    library = reader.library(local.NOTHING_LOCAL)
    overlay = local.read_local(local_file, reader.placeholders, today=today)
    if problems := [*reader.problems, *overlay.problems]:
        raise BrokenContent(sorted(problems, key=lambda p: (p.file, p.line)))
    # Content is checked with its safe wording: no partnership's own words, however long, can break it.
    filled = library if overlay.local == local.NOTHING_LOCAL else _Reader(root, today).library(overlay.local)
    return replace(filled, warnings=(*library.warnings, *overlay.gaps))


def check_local(local_file: Path) -> local.LocalFile:
    """A local overlay by itself, which takes no time; raises BrokenContent with all that is wrong with it."""
    reader = _Reader(content_folder(), datetime.now(UTC).date())
    placeholders, _ = reader.model(PlaceholdersFile, "modules/placeholders.yaml")
    overlay = local.read_local(local_file, placeholders.placeholders if placeholders else (), today=reader.today)
    if problems := [*reader.problems, *overlay.problems]:
        raise BrokenContent(sorted(problems, key=lambda p: (p.file, p.line)))
    return overlay.local


class _Reader:
    """Reads files and gathers problems; `library` gives what could be read."""

    def __init__(self, root: Path, today: date) -> None:
        self.root = root
        self.today = today
        self.problems: list[Problem] = []
        self.words: dict[str, str] = {}
        self.placeholders: tuple[Placeholder, ...] = ()
        self.later: list[tuple[LaterFile, Document]] = []

    def model(self, kind: type[Model], name: str) -> tuple[Model | None, Document]:
        document = read(self.root / name, name)
        self.problems += local.fill(document, self.words) if self.words else []
        model, problems = as_model(kind, document)
        self.problems += problems
        return model, document

    def library(self, own: local.LocalFile) -> Library:
        placeholders, placeholders_document = self.model(PlaceholdersFile, "modules/placeholders.yaml")
        if placeholders:
            self.placeholders = placeholders.placeholders
            self.problems += checks.missing_placeholders(self.placeholders, placeholders_document)
        self.words = local.wording(own, self.placeholders)
        references, references_document = self.model(ReferencesFile, "modules/references.yaml")
        glossary, glossary_document = self.model(GlossaryFile, "modules/glossary.yaml")
        issues, _ = self.model(MapFile, "modules/map.yaml")
        changes, changes_document = self.model(ChangesFile, "modules/changes.yaml")
        shared = Shared(
            references={r.id: r for r in references.references} if references else {},
            issues=issues.issues if issues else (),
            terms=glossary.terms if glossary else (),
        )
        self.problems += checks.repeated_references(references.references if references else (), references_document)
        self.problems += check_glossary(glossary_document)
        self.problems += checks.cited_in_changes(changes, changes_document, shared.references)
        modules = sorted(self.modules(shared), key=lambda m: m.number)
        self.problems += checks.repeated_modules(modules)
        self.problems += repeated_forks(self.later)
        stale = tuple(checks.stale_references(shared.references.values(), references_document, today=self.today))
        return Library(
            modules=tuple(modules),
            references=shared.references,
            glossary=tuple(sorted(shared.terms, key=lambda t: t.term.lower())),
            changes=changes or ChangesFile(introduction="-"),
            partnership=own.partnership,
            address=local.address(own),
            words=self.words,
            warnings=stale,
        )

    def modules(self, shared: Shared) -> Iterator[Module]:
        for folder in sorted(p.name for p in (self.root / "modules").glob("*/") if p.is_dir()):
            if module := self.module(folder, shared):
                yield module

    def module(self, folder: str, shared: Shared) -> Module | None:
        at = f"modules/{folder}"
        rewrite: tuple[RewriteFile | None, Document] = (None, Document(""))
        if (self.root / at / "rewrite.yaml").exists():
            rewrite = self.model(RewriteFile, f"{at}/rewrite.yaml")
        later = self.model(LaterFile, f"{at}/later.yaml")
        draft = Draft(
            about=self.model(ModuleFile, f"{at}/module.yaml"),
            vignette=self.model(VignetteFile, f"{at}/vignette.yaml"),
            scenario=self.model(Scenario, f"scenarios/{folder}.yaml"),
            self_assessment=self.model(SelfAssessmentFile, f"{at}/self_assessment.yaml"),
            team=self.model(TeamFile, f"{at}/team.yaml"),
            briefing=self.model(BriefingFile, f"{at}/briefing.yaml"),
            rewrite=rewrite,
            later=later,
        )
        self.later += [(later[0], later[1])] if later[0] else []
        self.problems += checks.check_draft(draft, shared)
        return draft.module(folder, self.story(*draft.scenario))

    def story(self, scenario: Scenario | None, document: Document) -> Story | None:
        if scenario is None:
            return None
        shape = check_shape(scenario)
        story = None if shape else build(scenario)
        found = [*shape, *([*check_moves(story), *giveaways(story)] if story else ())]
        self.problems += [document.problem(f.place, f.what, f.do) for f in found]
        return story
