"""A module on its way from files to a Module: what has been read of it, whole or not."""

from dataclasses import dataclass

from course.catalogue.files import Document
from course.catalogue.later import LaterFile
from course.catalogue.model import (
    BriefingFile,
    Issue,
    Module,
    ModuleFile,
    Reference,
    RewriteFile,
    SelfAssessmentFile,
    TeamFile,
    Term,
    VignetteFile,
)
from course.story.compile import Story
from course.story.model import Scenario


@dataclass(frozen=True)
class Shared:
    """What all modules share."""

    references: dict[str, Reference]
    issues: tuple[Issue, ...]
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Draft:
    """A module's files, each as far as it could be read, with where its parts stand."""

    about: tuple[ModuleFile | None, Document]
    vignette: tuple[VignetteFile | None, Document]
    scenario: tuple[Scenario | None, Document]
    self_assessment: tuple[SelfAssessmentFile | None, Document]
    team: tuple[TeamFile | None, Document]
    briefing: tuple[BriefingFile | None, Document]
    rewrite: tuple[RewriteFile | None, Document]
    later: tuple[LaterFile | None, Document]

    @property
    def documents(self) -> dict[str, Document]:
        """Each file's document, by the name of its field."""
        return {name: document for name, (_, document) in vars(self).items()}

    def module(self, folder: str, story: Story | None) -> Module | None:
        """The module, if every file of it could be read."""
        about, vignette, assessment = self.about[0], self.vignette[0], self.self_assessment[0]
        team, briefing = self.team[0], self.briefing[0]
        later = self.later[0]
        if not (about and vignette and story and assessment and team and briefing and later):
            return None
        return Module(about, vignette, story, assessment, team, briefing, self.rewrite[0], later, folder)
