"""Where everybody is in every module, as this process knows it."""

from typing import cast

from flask import current_app

from course.learning.desk.standing.board import Board


def board() -> Board:
    """The board of this process: the same for leads and for learners."""
    return cast(Board, current_app.extensions["board"])
