"""What a partnership wrote about whom to reach, with its addresses as links."""

import re

from markupsafe import Markup

from course.lesson.markdown import line

_REACHED = re.compile(
    r"""
    (?P<web>https?://[\w./~@:%+=#?-]*[\w/])
    |(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
    |(?P<phone>
        (?:\b0|\+44(?:[ ]?\(0\))?)(?:[ -]?\d){9,10}\b
        |\(0\d{2,4}\)(?:[ -]?\d){5,8}\b
        |(?<![\w.,+-])999(?![\w-]|[ .,]\d)
    )
    """,
    re.ASCII | re.VERBOSE,
)
"""What to link. Of short numbers 999 alone: 101 and 111 can be the number of a house."""


def linked(text: str) -> Markup:
    """A line of Markdown as HTML in which web addresses, e-mail addresses and telephone numbers are links."""
    return Markup(_REACHED.sub(_link, line(text)))  # noqa: S704 (cleaned by nh3, and what is found has no HTML in it)


def _link(found: re.Match[str]) -> str:
    words = found[0]
    number = re.sub("[^+0-9]", "", words.replace("+44 (0)", "+44").replace("+44(0)", "+44"))
    schemes = {"web": words, "mail": f"mailto:{words}", "phone": f"tel:{number}"}
    return f'<a class="govuk-link" href="{schemes[str(found.lastgroup)]}">{words}</a>'
