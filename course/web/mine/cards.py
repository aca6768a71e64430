"""Spaced decision cards."""

from flask import abort

from course.web.mine.blueprint import blueprint


@blueprint.get("/cards")
def cards() -> str:
    """…"""
    abort(404)


@blueprint.get("/cards/<card_id>")
def card(card_id: str) -> str:
    """…"""
    abort(404)


@blueprint.post("/cards/<card_id>")
def answer_card(card_id: str) -> str:
    """…"""
    abort(404)


@blueprint.get("/cards.ics")
def cards_calendar() -> str:
    """…"""
    abort(404)
