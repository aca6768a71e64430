"""How a module is delivered in a package: every link and form leads to a fragment of the one document."""

from dataclasses import dataclass

from course.catalogue.model import Module
from course.lesson.delivery import Act, Form, Place
from course.lesson.render import step_id


@dataclass(frozen=True)
class PackageDelivery:
    """The Delivery of one module in a package (see course.lesson.delivery). player.js follows the fragments."""

    module: Module
    keeps_words = False

    def address(self, place: Place) -> str:
        return f"#{place}"

    def form(self, act: Act, target: str = "", *, step: str = "") -> Form:
        return Form("get", f"#{self._leads_to(act, target, step)}")

    def _leads_to(self, act: Act, target: str, step: str) -> str:
        story = self.module.story
        match act:
            case "open":
                return target
            case "read" | "skip":
                return step_id(story.start)
            case "choose":
                return step_id(story.steps[step].leads[target])
            case "go-back":
                return step_id(next(s.key for s in story.steps.values() if target in s.leads))
            case "rate":
                return "reflection"
            case "reflect" | "decline":
                return "done"
