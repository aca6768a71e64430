"""How a module is delivered on the web: links are addresses, forms are POSTs answered by a redirect."""

from dataclasses import dataclass

from flask import url_for
from flask_wtf.csrf import generate_csrf

from course.catalogue.model import Module
from course.catalogue.progress import Progress
from course.lesson.delivery import Act, Form, Place


@dataclass(frozen=True)
class WebDelivery:
    """The Delivery of one module in the web app (see course.lesson.delivery)."""

    module: Module
    keeps_words = True

    def address(self, place: Place) -> str:
        if place == "worried":
            return url_for("account.worried")
        return url_for("learn.show", name=self.module.folder, place=place)

    def form(self, act: Act, target: str = "", *, step: str = "") -> Form:
        hidden = {"csrf_token": generate_csrf(), "target": target, "step": step}
        action = url_for("learn.do", name=self.module.folder, act=act)
        return Form("post", action, {name: value for name, value in hidden.items() if value})


def where(progress: Progress, role: str) -> str:
    """The address of where a learner is: the exact step, or the statements of their own role."""
    name = progress.module.folder
    if progress.place == "scenario":
        return url_for("learn.step", name=name, number=len(progress.choices) + 1)
    if progress.place == "self-assessment":
        return url_for("learn.show", name=name, place=f"self-assessment-{role}")
    return url_for("learn.show", name=name, place=progress.place)
