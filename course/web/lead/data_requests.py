"""Requests about data, for whoever looks after everybody: to read, to answer, and to erase an account on request."""

from collections.abc import Sequence

from flask import abort, flash, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from course.learning.columns import TEXT
from course.learning.desk.people.joining_rules import OutOfScope, Refused, place_name
from course.learning.mine import data_requests
from course.learning.mine.data_requests import AlreadyAnswered, NotForYou, WrongWords
from course.learning.mine.erasing import erase
from course.learning.tables import REQUESTS, DataRequest
from course.web.addresses import page_number
from course.web.database import database
from course.web.lead.desk import blueprint, desk_page, now
from course.web.lead.person import at
from course.web.security import me

Answer = str | tuple[str, int] | AnyResponse

ONE = "/data-requests/<int(max=2147483647):request_id>"
REQUESTS_A_PAGE = 50
WAITING = ("Who", "Where", "What", "Asked on")
ANSWERED = (*WAITING, "Answered on", "By")


@blueprint.get("/data-requests")
def requests_about_data() -> str:
    """Open requests, the oldest first, and those that were answered."""
    if not data_requests.may_answer(me()):
        abort(404)
    number = page_number()
    skipped = (number - 1) * REQUESTS_A_PAGE
    answered = data_requests.answered(database(), limit=REQUESTS_A_PAGE + 1, offset=skipped)
    return desk_page(
        "Requests about data",
        "lead/data_requests.html",
        waiting_columns=WAITING,
        waiting=[_cells(one) for one in data_requests.waiting(database())],
        answered_columns=ANSWERED,
        answered=[
            [*_cells(one), at(one.answered_at), one.answered_by.name if one.answered_by else ""]
            for one in answered[:REQUESTS_A_PAGE]
            if one.answered_at
        ],
        number=number,
        has_more=len(answered) > REQUESTS_A_PAGE,
    )


@blueprint.get(ONE)
def data_request(request_id: int) -> str:
    """One request, with its answer or the form to answer it. Each look is kept in the audit, and they can see it."""
    found = _find(request_id)
    data_requests.read(database(), me(), found, now=now())
    return _page(found)


@blueprint.post(ONE)
def answer_data_request(request_id: int) -> Answer:
    """Answer in words, or refuse to erase and say why."""
    found = _find(request_id)
    try:
        data_requests.answer(database(), me(), found, text=request.form.get("answer", ""), now=now())
    except WrongWords as wrong:
        return _page(found, error=str(wrong), field="answer"), 422
    except Refused as refused:
        return _page(found, error=str(refused)), 422
    except AlreadyAnswered:
        return _too_late()
    flash("Your answer is kept. They read it in My data.")
    return redirect(url_for("lead.requests_about_data"))


@blueprint.post(f"{ONE}/erase")
def erase_account(request_id: int) -> Answer:
    """Erase the account of whoever asked for it, once that is confirmed."""
    found = _find(request_id)
    if request.form.get("sure") != "yes":
        return _page(found, error="Tick that you have read what is erased and what stays.", field="sure"), 422
    try:
        erase(database(), me(), found, now=now())
    except (Refused, OutOfScope) as refused:
        return _page(found, error=str(refused)), 422
    except AlreadyAnswered:
        return _too_late()
    flash("The account is erased. The course cannot write to them any more: tell them yourself.")
    return redirect(url_for("lead.requests_about_data"))


def _find(request_id: int) -> DataRequest:
    try:
        return data_requests.find(database(), me(), request_id)
    except NotForYou:
        abort(404)


def _page(found: DataRequest, *, error: str = "", field: str = "") -> str:
    title = f"Request: {REQUESTS[found.kind].lower()}"
    return desk_page(
        f"Error: {title}" if error else title,
        "lead/data_request.html",
        heading=title,
        found=found,
        asked_at=at(found.at),
        answered_at=at(found.answered_at) if found.answered_at else "",
        place=place_name(found.person.team),
        is_own=found.person_id == me().id,
        for_another=data_requests.is_for_somebody_else(database(), me(), found),
        written=request.form.get("answer", "").replace("\0", ""),
        error=error,
        field=field,
        most=TEXT,
    )


def _too_late() -> AnyResponse:
    flash("This request is not open any more: it was answered or taken back. Nothing was done.")
    return redirect(url_for("lead.requests_about_data"))


def _cells(one: DataRequest) -> Sequence[str | Markup]:
    address = url_for("lead.data_request", request_id=one.id)
    person = one.person
    what = Markup('<span class="govuk-visually-hidden">: {}</span>').format(REQUESTS[one.kind].lower())
    who = Markup('<a class="govuk-link" href="{}">{}{}</a>').format(address, person.name, what)
    return [who, place_name(person.team), REQUESTS[one.kind], at(one.at)]
