"""The app, put together: a table of contents."""

from datetime import UTC, datetime
from threading import Thread

from flask import Flask

from course.catalogue.library import load
from course.learning.database import check_version, new_sessions, open_engine
from course.learning.desk.standing.board import Board
from course.web import about, account, chrome, errors, lead, learn, mine, packages, security, shown
from course.web.config import Config
from course.web.database import close_session
from course.web.nobody import answer_nobody


def create_app(config: Config) -> Flask:
    """The course as a WSGI app.

    Raises BrokenContent where the content files have problems, and WrongDatabase where the database's version is
    not this code's: a course with a gap in it must not start.
    """
    app = Flask(__name__, instance_path=str(config.instance.resolve()))
    app.config.from_mapping(config.for_flask())
    app.extensions["library"] = load(local_file=config.local_file)
    app.extensions["board"] = Board(app.extensions["library"].modules)
    app.extensions["telling"] = config.telling(app.extensions["library"].address) if config.lrs else None
    engine = open_engine(config.database_url)
    check_version(engine)
    app.extensions["sessions"] = new_sessions(engine)
    app.teardown_appcontext(close_session)
    security.protect(app, trusted_proxies=config.trusted_proxies)
    chrome.dress(app)
    errors.explain(app)
    answer_nobody(app)
    app.register_blueprint(account.blueprint)
    app.register_blueprint(about.blueprint)
    app.register_blueprint(learn.blueprint)
    app.register_blueprint(mine.blueprint)
    app.register_blueprint(shown.blueprint)
    app.register_blueprint(lead.blueprint)
    packages.open_packers(app, config.local_file)
    app.register_blueprint(packages.blueprint)
    return app


def warm(app: Flask) -> Thread:
    """Begin to read where everybody is, in a thread of its own, so that the first lead after a start need not wait."""

    def read() -> None:
        try:
            with app.extensions["sessions"]() as session:
                app.extensions["board"].warm(session, datetime.now(UTC))
        except Exception:
            app.logger.exception("Cannot read where everybody is yet; the first lead who looks will wait for it.")

    thread = Thread(target=read, name="warm", daemon=True)
    thread.start()
    return thread
