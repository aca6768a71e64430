"""My learning: the way to everything that is mine."""

from course.web.mine.blueprint import blueprint, my_page

LINKS = (
    ("mine.journal", "My journal", "What you wrote in the reflections, for you alone."),
    ("mine.plan", "My action plan", "What you said you would do, by when, and the check six weeks after a module."),
    ("mine.cards", "Decision cards", "A decision of two minutes, now and then, to keep what you learnt."),
    ("mine.record", "My record and certificates", "The modules that you completed, for your professional record."),
    (
        "mine.confirmations",
        "People who told me that we talked",
        "If somebody names you as their manager, confirm it here.",
    ),
    ("mine.data", "My data", "What this course keeps about you, to take away, correct or erase."),
    ("about.get_help", "Help", "How to use the course, and whom to ask."),
)
"""Endpoint, its name on screen, and what is there."""


@blueprint.get("/")
def hub() -> str:
    """Everything that is mine, a line each."""
    return my_page("My learning", "hub.html", links=LINKS)
