"""The course's small Markdown as values that prose.typ sets: what a page shows of a text, a document shows too."""

from collections.abc import Iterator
from typing import Any

from lxml import html

from course.lesson import markdown

_KINDS = {"p": "paragraph", "blockquote": "quotation", "ul": "bullets", "ol": "numbers"}
_STYLES = {"em": "em", "strong": "strong"}


def prose(text: str) -> list[dict[str, Any]]:
    """Prose as blocks, made from the very HTML that a page has."""
    return _blocks(html.fragment_fromstring(str(markdown.prose(text)), create_parent="div"))


def line(text: str) -> list[dict[str, str]]:
    """One line as runs."""
    return list(_runs(html.fragment_fromstring(str(markdown.line(text)), create_parent="div"), ""))


def _blocks(parent: html.HtmlElement) -> list[dict[str, Any]]:
    found = [_block(child) for child in parent if child.tag in _KINDS]
    # The text of a short list item stands in it without a paragraph.
    return found or [{"is": "paragraph", "runs": list(_runs(parent, ""))}]


def _block(element: html.HtmlElement) -> dict[str, Any]:
    kind = _KINDS[str(element.tag)]
    if kind == "paragraph":
        return {"is": kind, "runs": list(_runs(element, ""))}
    if kind == "quotation":
        return {"is": kind, "blocks": _blocks(element)}
    return {"is": kind, "items": [_blocks(item) for item in element]}


def _runs(element: html.HtmlElement, style: str) -> Iterator[dict[str, str]]:
    if element.text:
        yield {"as": style, "text": element.text}
    for child in element:
        if child.tag == "br":
            yield {"as": "break", "text": ""}
        else:
            yield from _runs(child, _STYLES.get(str(child.tag), style))
        if child.tail:
            yield {"as": style, "text": child.tail}
