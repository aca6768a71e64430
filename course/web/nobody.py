"""What a request is answered that was under way while somebody’s data was erased."""

from flask import Flask, abort
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from course.learning.mine.erased import NobodyNow
from course.learning.people import find_person
from course.web.database import database
from course.web.security import login


def answer_nobody(app: Flask) -> None:
    """Answer what the database refused to keep: they are signed out, and for others there is no such page."""

    @app.errorhandler(NobodyNow)
    def _answer(_: NobodyNow) -> AnyResponse:
        session = database()
        session.rollback()
        if current_user.is_authenticated:
            person = find_person(session, current_user.person.id)
            if person is None or person.left_at is None:
                abort(404)
        return login.unauthorized()  # type: ignore[no-any-return]  # flask-login has no types
