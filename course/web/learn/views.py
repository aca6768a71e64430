"""The learner's way. Each view reads: look up, decide, record one event, go."""

from datetime import date

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from pydantic import ValidationError
from werkzeug.wrappers import Response

from course.catalogue.left import minutes_left
from course.catalogue.library import NoSuchModule
from course.catalogue.model import Module
from course.catalogue.progress import NotHere, Progress, may_open
from course.catalogue.stats import minutes
from course.learning import attempts
from course.learning.desk.standing.status import STATUSES
from course.learning.mine.reflections import ChangedMeanwhile
from course.lesson.delivery import Act
from course.lesson.map import by_stage, draw_map
from course.web.chrome import library, page
from course.web.clock import now
from course.web.database import database
from course.web.delivery import where
from course.web.learn.acts import ACTS
from course.web.learn.asked import Mine, first_to_do, mine, summed_up, to_do
from course.web.learn.meanwhile import two_versions
from course.web.learn.parts import whereabouts
from course.web.learn.places import BESIDE, PLACES, rated_in_part, rendered_step, renderer, shown
from course.web.learn.remarks import tell_of
from course.web.learn.words import keep_words
from course.web.mine.waiting import waiting
from course.web.security import me, signed_in_only

blueprint = Blueprint("learn", __name__, template_folder="templates")
blueprint.before_request(signed_in_only)

MOVED_ON = "That belonged to an earlier step, so nothing was changed. This is where you are."
BEGUN_AGAIN = "You have begun this module again. Your earlier completion is kept."
NOT_AGAIN = "You are in this module already. It can be begun again once it is complete."

MOST_WITHOUT_A_DAY = 5
"""What is asked with no day set and is more than this is folded, so that what has a day stands out."""

SHORT = {STATUSES["voided"]: "Voided"}
"""A status that is wider than a box of the map; the list beside it says all of it."""


def _look_up(name: str) -> tuple[Module, Progress]:
    try:
        module = library().find(name)
    except NoSuchModule:
        abort(404)
    return module, attempts.progress_in(database(), me().id, module)


@blueprint.get("/")
def home() -> str:
    """Where I was, what waits for me, what I am asked to do, and every module with where I am in it."""
    modules, found = library().modules, mine()
    again = attempts.refreshing(database(), me().id)
    begun = [m for m in modules if m.id in again or found[m.id].is_begun]
    progress = attempts.progress_in_all(database(), me().id, begun)
    asked = to_do(found)
    later = [one for one in asked if one.has_no_day]
    status = {id_: one.status for id_, one in found.items()}
    return page(
        "Modules",
        template="learn/home.html",
        modules=modules,
        stages=by_stage(modules),
        begun=[(m, whereabouts(progress[m.id]), minutes_left(progress[m.id])) for m in _newest_first(begun, found)],
        again=again,
        waiting=waiting(),
        is_asked=any(one.is_asked for one in found.values()),
        to_do=asked,
        summed_up=summed_up(asked),
        later=later if len(later) > MOST_WITHOUT_A_DAY else [],
        start=None if begun else first_to_do(asked, found),
        status=status,
        map=draw_map(modules, {id_: SHORT.get(said, said) for id_, said in status.items()}),
        addresses={m.id: url_for("learn.carry_on", name=m.folder) for m in modules},
        where={id_: one.where for id_, one in found.items()},
        minutes={m.id: minutes(m) for m in modules},
    )


def _newest_first(modules: list[Module], found: dict[str, Mine]) -> list[Module]:
    return sorted(modules, key=lambda module: found[module.id].cell.started or date.min, reverse=True)


@blueprint.get("/modules/<name>/")
def carry_on(name: str) -> Response:
    """To the exact place where the learner left."""
    _, progress = _look_up(name)
    return redirect(where(progress, me().role))


@blueprint.get("/modules/<name>/break")
def take_a_break(name: str) -> str:
    """That the place is kept, by when to come back, and support. Nothing is recorded."""
    module, progress = _look_up(name)
    return page(
        f"Module {module.number}: Take a break",
        template="learn/break.html",
        module=module,
        whereabouts=whereabouts(progress),
        where=where(progress, me().role),
        asks=mine()[module.id].asks,
    )


@blueprint.get("/modules/<name>/<place>")
def show(name: str, place: str) -> str | Response:
    """A part of a module, or one of the pages beside them."""
    module, progress = _look_up(name)
    if place not in PLACES and place != "scenario":
        abort(404)
    if place == "scenario" or not PLACES[place].may_be_seen(progress):
        return redirect(where(progress, me().role))
    content = PLACES[place].content(renderer(module), progress)
    return shown(progress, content, part=PLACES[place].part, title=BESIDE.get(place, ""))


@blueprint.get("/modules/<name>/decisions/<int:number>")
def step(name: str, number: int) -> str | Response:
    """A step of the scenario by its number along my path; one that I have left is for reading."""
    _, progress = _look_up(name)
    if not may_open(progress, "scenario") or not 1 <= number <= len(progress.path):
        return redirect(where(progress, me().role))
    step = progress.path[number - 1]
    title = "The ending" if step.is_ending else f"The decisions, page {number}"
    return shown(progress, rendered_step(progress, number - 1), part="scenario", title=title)


@blueprint.post("/modules/<name>/<any({}):act>".format(", ".join(f'"{act}"' for act in ACTS)))
def do(name: str, act: Act) -> str | Response | tuple[str, int]:
    """Do one thing: decide whether it may follow, record it, and go to where it leads."""
    module, progress = _look_up(name)
    at = now()
    if act == "reflect":  # first, so that no words are lost whatever may follow
        try:
            tell_of(keep_words(module, at))
        except ChangedMeanwhile:
            return two_versions(module, then="reflection")
    try:
        event = ACTS[act](progress, request.form)
    except NotHere:
        return _moved_on(progress)
    except ValidationError:
        unrated = rated_in_part(progress, request.form["target"], request.form)
        return shown(progress, unrated, part="self-assessment", title="Error: Self-assessment"), 422
    try:
        telling = current_app.extensions["telling"]
        after = attempts.record(database(), me().id, progress, event=event, now=at, telling=telling)
    except attempts.AlreadyMoved:
        return _moved_on(attempts.progress_in(database(), me().id, module))
    return redirect(where(after, me().role))


@blueprint.post("/modules/<name>/start-again")
def start_again(name: str) -> Response:
    """Begin a module that is complete once more, from its first page."""
    module, _ = _look_up(name)
    try:
        attempts.start_again(database(), me().id, module, now())
        flash(BEGUN_AGAIN)
    except (attempts.NotComplete, attempts.AlreadyMoved):
        flash(NOT_AGAIN)
    return redirect(where(attempts.progress_in(database(), me().id, module), me().role))


def _moved_on(progress: Progress) -> Response:
    flash(MOVED_ON)
    return redirect(where(progress, me().role))
