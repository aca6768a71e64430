"""What a form asks for, by its act, decided by the catalogue: an event to record, or a refusal."""

from collections.abc import Callable, Mapping
from typing import cast

from course.catalogue import progress as rules
from course.catalogue.events import Event, Part, VignetteRead, VignetteSkipped
from course.catalogue.progress import NotHere, Progress
from course.lesson.delivery import Act

Decide = Callable[[Progress, Mapping[str, str]], Event]


def _go_back(progress: Progress, form: Mapping[str, str]) -> Event:
    if form.get("target") not in progress.choices:
        raise NotHere
    return rules.go_back(progress, progress.choices.index(form["target"]))


ACTS: dict[Act, Decide] = {
    "open": lambda progress, form: rules.open_part(progress, cast(Part, form.get("target"))),
    "read": lambda progress, form: VignetteRead(),
    "skip": lambda progress, form: VignetteSkipped(),
    "choose": lambda progress, form: rules.choose(progress, form.get("step", ""), form.get("target", "")),
    "go-back": _go_back,
    "rate": lambda progress, form: rules.rate(progress, form.get("target", ""), dict(form)),
    "reflect": lambda progress, form: rules.finish_reflection(progress, declined=False),
    "decline": lambda progress, form: rules.finish_reflection(progress, declined=True),
}
