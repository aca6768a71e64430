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

    Two sentences that say so, two words on the button, and the package's button for a file of one's own.
    """
    kept = "What you write is kept for you alone. It is in no report and no export, and no manager or training lead "
    ours = (
        "What you write stays on this screen. It is not saved and not sent to anybody. Copy it, or keep it as a file, "
    )
    file = (
        '<p><button class="govuk-button govuk-button--secondary" type="button" data-keep-file="reflection.txt">'
        "Keep what I wrote as a file</button></p>"
    )
    assert (f"{kept}can open it." in reflection) != (f"{ours}before you go on." in reflection)
    assert (file in reflection) == (ours in reflection)
    reflection = reflection.replace(f"{kept}can open it.", "…").replace(f"{ours}before you go on.", "…")
    reflection = reflection.replace(">Keep this and finish<", ">…<").replace(">Finish the reflection<", ">…<")
    return reflection.replace(file, "")
