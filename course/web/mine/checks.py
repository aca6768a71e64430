"""The check six weeks after a module: a decision, kept when it is made, then three questions, kept together."""

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from course.catalogue.later import Card, CardChoice
from course.catalogue.model import Module
from course.learning.desk.days import day_of, spoken
from course.learning.mine import checks, checks_begun
from course.learning.mine.follows import Newest, follows
from course.learning.mine.reflections import kept_reflection
from course.web.addresses import module_called
from course.web.clock import now
from course.web.database import database
from course.web.delivery import WebDelivery
from course.web.mine.blueprint import blueprint, my_page
from course.web.security import me

TITLE = "Check after six weeks"
NO_CHOICE = "Choose what you would do"
CHOOSE_FIRST = "Choose what you would do first. Then the questions come."
LATER = "There is nothing to answer yet, so nothing was kept."
KEPT = "Your check is kept. Nobody but you sees what you answered."
SAID_ALREADY = "It was kept already that you have talked it over."
SAID = "Kept: you have talked it over with your manager."


def _look_up(name: str) -> tuple[Module, Card, Newest | None]:
    """The module, the fork of its check, and my newest completion."""
    module = module_called(name)
    return module, module.later.six_weeks, follows(database(), me().id, [module]).newest.get(module.id)


def _is_due(newest: Newest | None) -> bool:
    return newest is not None and newest.check_on <= day_of(now())


@blueprint.get("/checks/<name>")
def check(name: str) -> str:
    """The check: when it comes, its decision, its questions once I have decided, or what I answered."""
    module, fork, newest = _look_up(name)
    if newest is None or not _is_due(newest):
        return my_page(TITLE, "check_later.html", module=module, newest=newest, spoken=spoken)
    if newest.check is None:
        choice = _chosen(fork, newest)
        return _questions(module, fork, choice) if choice else _decision(module, fork)
    return my_page(
        TITLE,
        "check_done.html",
        check=newest.check,
        chosen=fork.choice(newest.check.choice),
        said=[
            (question, answers[getattr(newest.check, name)]) for name, (question, answers) in checks.QUESTIONS.items()
        ],
        is_to_talk_over=checks.is_to_talk_over(newest.check),
        manager=checks.manager_of(database(), me()),
        spoken=spoken,
        day_of=day_of,
        **_about(module, fork),
    )


@blueprint.post("/checks/<name>")
def answer_check(name: str) -> tuple[str, int] | Response:
    """First what I choose, which stays; then the three questions, which are kept when all have an answer."""
    module, fork, newest = _look_up(name)
    here = redirect(url_for("mine.check", name=name))
    if newest is None or not _is_due(newest):
        flash(LATER)
        return here
    if newest.check is not None:
        return here
    if "asked" not in request.form:
        return _choose(module, fork, newest) or here
    choice = _chosen(fork, newest)
    if choice is None:
        flash(CHOOSE_FIRST)
        return here
    if missing := checks.unanswered(request.form):
        return _questions(module, fork, choice, missing=missing), 422
    checks.keep_check(database(), me().id, newest.completion_id, choice=choice.id, given=request.form, now=now())
    flash(KEPT)
    return here


@blueprint.post("/checks/<name>/talked")
def talked_over(name: str) -> Response:
    """Say that I have talked it over with my manager, who is asked to confirm it."""
    _, _, newest = _look_up(name)
    if newest is not None and newest.check is not None:
        is_news = checks.is_to_talk_over(newest.check)
        checks.say_talked_over(database(), me().id, newest.completion_id, now=now())
        flash(SAID if is_news else SAID_ALREADY)
    return redirect(url_for("mine.check", name=name))


def _choose(module: Module, fork: Card, newest: Newest) -> tuple[str, int] | None:
    """Keep what I choose; the page again where that is nothing."""
    choice = fork.choice(request.form.get("choice", ""))
    if choice is None:
        return _decision(module, fork, error=NO_CHOICE), 422
    among = [one.id for one in fork.choices]
    checks_begun.choose(database(), me().id, newest.completion_id, choice=choice.id, among=among, now=now())
    return None


def _chosen(fork: Card, newest: Newest) -> CardChoice | None:
    """What I chose before; None where the fork has it no more, and asks anew."""
    choice = checks_begun.chosen(database(), newest.completion_id)
    return fork.choice(choice) if choice else None


def _decision(module: Module, fork: Card, *, error: str = "") -> str:
    return my_page(f"Error: {TITLE}" if error else TITLE, "check.html", error=error, **_about(module, fork))


def _questions(module: Module, fork: Card, choice: CardChoice, *, missing: list[str] | None = None) -> str:
    return my_page(
        f"Error: {TITLE}" if missing else TITLE,
        "check_questions.html",
        chosen=choice,
        questions=checks.QUESTIONS,
        given=request.form,
        missing=missing or [],
        commitment=_commitment(module),
        **_about(module, fork),
    )


def _commitment(module: Module) -> str:
    kept = kept_reflection(database(), me().id, module.id)
    return kept.commitment if kept else ""


def _about(module: Module, fork: Card) -> dict[str, Any]:
    return {"module": module, "fork": fork, "delivery": WebDelivery(module)}
