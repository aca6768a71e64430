"""The course's small Markdown as safe HTML: paragraphs, lists, emphasis and quotations, nothing else.

HTML in the text is shown as text; nh3 then lets through only the few elements that this can make.
"""

from functools import cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_BLOCKS = MarkdownIt("zero", {"typographer": False}).enable(
    ["list", "blockquote", "emphasis", "escape", "newline", "paragraph"]
)
_TAGS = {"p", "ul", "ol", "li", "em", "strong", "blockquote", "br"}


@cache
def prose(text: str) -> Markup:
    """Prose as block HTML."""
    return Markup(nh3.clean(_BLOCKS.render(text), tags=_TAGS, attributes={}))  # noqa: S704 (cleaned by nh3)


@cache
def line(text: str) -> Markup:
    """One line as inline HTML."""
    return Markup(nh3.clean(_BLOCKS.renderInline(text), tags={"em", "strong"}, attributes={}))  # noqa: S704
