"""A step's HTML without that in which the web app and a package may differ: addresses and hidden fields."""

import re
from typing import Any

from lxml import html


def without_addresses(section: str) -> str:
    """The HTML but for form actions and methods, hidden inputs, and where links lead; nothing else is set aside."""
    root = html.fragment_fromstring(section)
    for element in list(root.iter()):
        if element.tag == "form":
            element.attrib.pop("action")
            element.attrib.pop("method")
        if element.tag == "a":
            element.attrib.pop("href")
        if element.tag == "input" and element.get("type") == "hidden":
            element.drop_tree()
    return "\n".join(_lines(root))


def _lines(element: Any) -> list[str]:
    """One line for each tag and each run of text, so that a difference is easy to see."""
    attributes = "".join(f' {name}="{value or ""}"' for name, value in sorted(element.attrib.items()))
    lines = [f"<{element.tag}{attributes}>", *_words(element.text)]
    for child in element:
        lines += [*_lines(child), *_words(child.tail)]
    return [*lines, f"</{element.tag}>"]


def _words(text: str | None) -> list[str]:
    words = re.sub(r"\s+", " ", text or "").strip()
    return [words] if words else []


def without_keeping(reflection: str) -> str:
    """The reflection without what differs on purpose: the web app keeps what is written, a package does not.

    The sentence that says so, the last button, what only the web app has to save a draft and to warn of what is kept,
    and the package’s button for a file of one’s own.
    """
    root = html.fragment_fromstring(reflection)
    [said] = root.xpath("./p[starts-with(., 'What you write ')]")
    keeps = "is kept in your journal" in said.text_content()
    files, statuses = root.xpath(".//*[@data-keep-file]/.."), root.xpath(".//*[@role='status']")
    warnings = root.xpath(".//*[@data-warned]")
    assert (len(files), len(statuses)) == ((0, 1) if keeps else (1, 0)), "each says and has what is true of it"
    assert keeps or not warnings, "what is not kept is not warned of"
    [finish] = root.xpath(".//button[. = $text]", text="Keep this and finish" if keeps else "Finish the reflection")
    finish.text = said.text = "…"
    for element in [*files, *statuses, *warnings, *root.xpath(".//button[@formaction]")]:
        element.drop_tree()
    return str(html.tostring(root, encoding="unicode", with_tail=False))
