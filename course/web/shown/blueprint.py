"""The blueprint of what is shown by a link alone."""

from flask import Blueprint

blueprint = Blueprint("shown", __name__, template_folder="templates")
