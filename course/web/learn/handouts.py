"""What a learner takes to their team: the facilitator's pack as a page, and pack and briefing as PDFs.

For everybody signed in, wherever they are in the module: a team need not wait until its facilitator has finished.
"""

from collections.abc import Callable
from threading import Lock

from flask import Response, current_app
from flask.blueprints import BlueprintSetupState

from course.catalogue.library import Library
from course.catalogue.model import Module
from course.web.addresses import module_called
from course.web.chrome import library, page
from course.web.learn.views import blueprint
from course.web.printing.handouts import briefing_pdf as make_briefing
from course.web.printing.handouts import facilitator_pdf as make_facilitator
from course.web.printing.session import session_of


class Handouts:
    """The PDFs that this process has made. There are at most two for each module, since one app has one library."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str, str, str], bytes] = {}
        self._one_at_a_time = Lock()

    def of(self, kind: str, module: Module, *, partnership: str, make: Callable[[], bytes]) -> bytes:
        """The document of this kind; made at the first call, by one of those who ask at once."""
        key = (kind, module.id, module.version, partnership)
        with self._one_at_a_time:
            if key not in self._made:
                self._made[key] = make()
            return self._made[key]


@blueprint.record
def _keep_handouts(state: BlueprintSetupState) -> None:
    state.app.extensions["handouts"] = Handouts()


@blueprint.get("/modules/<name>/facilitator")
def facilitator(name: str) -> str:
    """How to lead a session of 45 minutes on a module, and all that it needs."""
    module = module_called(name)
    session = session_of(library(), module)
    title = f"Module {module.number}: Facilitator’s pack"
    return page(title, template="learn/facilitator.html", module=module, session=session)


@blueprint.get("/modules/<name>/facilitator.pdf")
def facilitator_pdf(name: str) -> Response:
    """The same as a tagged PDF of four pages."""
    module = module_called(name)
    return _file("facilitators-pack", module, lambda known: make_facilitator(known, module, session_of(known, module)))


@blueprint.get("/modules/<name>/briefing.pdf")
def briefing_pdf(name: str) -> Response:
    """The seven-minute briefing as a tagged PDF of one page."""
    module = module_called(name)
    return _file("briefing", module, lambda known: make_briefing(known, module))


def _file(kind: str, module: Module, make: Callable[[Library], bytes]) -> Response:
    known, handouts = library(), current_app.extensions["handouts"]
    made = handouts.of(kind, module, partnership=known.partnership, make=lambda: make(known))
    response = Response(made, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=f"{kind}-{module.number:02}.pdf")
    return response
