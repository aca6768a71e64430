"""What every page of My learning shares: the blueprint, for whoever is signed in and about nobody else."""

from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from course.web.chrome import page
from course.web.security import signed_in_only

blueprint = Blueprint("mine", __name__, template_folder="templates", url_prefix="/mine")


@blueprint.before_request
def _mine_alone() -> Response | None:
    return signed_in_only()


def my_page(title: str, template: str, **values: Any) -> str:
    """A page of My learning. `title` says nothing sensitive."""
    return page(title, template=f"mine/{template}", **values)
