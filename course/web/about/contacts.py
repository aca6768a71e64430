"""What a partnership wrote about whom to reach, with its addresses as links."""

import re

from markupsafe import Markup

from course.lesson.markdown import line

_REACHED = re.compile(
    r"(?P<web>https?://[\w./~@:%+=#?-]*[\w/])|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(?P<phone>\b0(?:[ ]?\d){9,10}\b)",
    re.ASCII,
)


def linked(text: str) -> Markup:
    """A line of Markdown as HTML in which web addresses, e-mail addresses and telephone numbers are links."""
    return Markup(_REACHED.sub(_link, line(text)))  # noqa: S704 (cleaned by nh3, and what is found has no HTML in it)


def _link(found: re.Match[str]) -> str:
    words = found[0]
    schemes = {"web": words, "mail": f"mailto:{words}", "phone": f"tel:{words.replace(' ', '')}"}
    return f'<a class="govuk-link" href="{schemes[str(found.lastgroup)]}">{words}</a>'
