"""The page around everything: templates, style sheets with long-lived addresses, and the words of the footer."""

from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from flask import Blueprint, Flask, current_app, g, render_template, url_for
from jinja2 import ChoiceLoader

from course.catalogue.library import Library
from course.catalogue.progress import PARTS
from course.lesson import render
from course.lesson.govuk import GOVUK
from course.web.security import my_scope

LESSON = Path(render.__file__).parent


def library() -> Library:
    """The modules that this app serves."""
    return cast(Library, current_app.extensions["library"])


def page(title: str, content: str = "", *, template: str = "page.html", script: str = "", **values: Any) -> str:
    """A whole page. `title` goes into the browser's title bar and so says nothing sensitive.

    `script` names the one script of static/ that the page may run; a page without one may run none (decisions/0005).
    """
    g.may_run_script = bool(script)
    return render_template(template, title=title, content=content, script=script, **values)


def dress(app: Flask) -> None:
    """Give `app` its templates and style sheets."""
    lesson_templates = render.environment()
    loaders = [loader for loader in (app.jinja_loader, lesson_templates.loader, GOVUK) if loader]
    app.jinja_loader = ChoiceLoader(loaders)
    app.jinja_env.filters |= {name: lesson_templates.filters[name] for name in ("prose", "line", "linked")}
    app.jinja_env.globals["PARTS"] = PARTS
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.register_blueprint(
        Blueprint("lesson", __name__, static_folder=str(LESSON / "static"), static_url_path="/static/lesson")
    )
    sheets = [(LESSON / f"static/{name}.css", "lesson.static") for name in ("lesson", "steps", "course")]
    sheets.append((Path(app.static_folder or "") / "app.css", "static"))
    stamps = {path: sha256(path.read_bytes()).hexdigest()[:12] for path, _ in sheets}
    scripts = Path(app.static_folder or "").glob("*.js")
    script_stamps = {path.stem: sha256(path.read_bytes()).hexdigest()[:12] for path in scripts}
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 31536000

    @app.context_processor
    def _shared() -> dict[str, Any]:
        styles = [url_for(endpoint, filename=path.name, v=stamps[path]) for path, endpoint in sheets]
        return {
            "styles": styles,
            "library": library(),
            "is_lead": my_scope() is not None,
            "script_stamps": script_stamps,
        }
