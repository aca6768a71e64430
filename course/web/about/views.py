"""Help, the accessibility statement and the privacy notice."""

from flask import Blueprint, abort

blueprint = Blueprint("about", __name__, template_folder="templates")


@blueprint.get("/help")
def get_help() -> str:
    """…"""
    abort(404)


@blueprint.get("/accessibility")
def accessibility() -> str:
    """…"""
    abort(404)


@blueprint.get("/privacy")
def privacy() -> str:
    """…"""
    abort(404)
