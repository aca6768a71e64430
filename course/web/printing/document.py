"""Making a PDF from a Typst template and values: for assistive technology and print, equal bytes for equal values."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from course.web.printing.lettering import FONTS, fonts, forget, spell_lacking, spell_unusual


def pdf(template: Path, values: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """The document that `template` makes of `values`, as PDF/UA-1 and to the byte the same for the same of both.

    The template reads `json(bytes(sys.inputs.values))`; texts are values and are never read as its markup. `values`
    may hold texts, numbers, lists and mappings of them; `fonts` is added. Characters that the fonts lack are written
    by number (“[U+674E]”), since PDF/UA asks that every one is shown; `sys.inputs.spelled` is then “yes” and the
    template says so. Raises ValueError for a `made_at` without a time zone.
    """
    if made_at.tzinfo is None:
        raise ValueError("made_at needs a time zone")
    try:
        return _set(template, dict(values) | {"fonts": FONTS}, made_at)
    finally:
        forget()


def _set(template: Path, values: Mapping[str, Any], made_at: datetime) -> bytes:
    as_it_is = _written(values, _fold)
    for spell in (_fold, lambda text: spell_lacking(_fold(text))):
        written = _written(values, spell)
        try:
            return _compile(template, written, made_at, is_spelled=written != as_it_is)
        except typst.TypstError:
            continue
    return _compile(template, _written(values, lambda text: spell_unusual(_fold(text))), made_at, is_spelled=True)


def _compile(template: Path, written: str, made_at: datetime, *, is_spelled: bool) -> bytes:
    return typst.compile(
        template,
        font_paths=fonts(),
        sys_inputs={"values": written, "spelled": "yes" if is_spelled else ""},
        pdf_standards="ua-1",
        timestamp=made_at.astimezone(UTC).replace(microsecond=0),  # a PDF has none
    )


def _fold(text: str) -> str:
    """`text` on one line, as HTML would show it."""
    return re.sub(r"[\t-\r ]+", " ", text)


def _written(value: object, spell: Callable[[str], str]) -> str:
    """JSON in which every text is spelled so."""
    return json.dumps(_spelled(value, spell))


def _spelled(value: object, spell: Callable[[str], str]) -> object:
    match value:
        case str():
            return spell(value)
        case dict():
            return {key: _spelled(inner, spell) for key, inner in value.items()}
        case list() | tuple():
            return [_spelled(inner, spell) for inner in value]
        case frozenset():
            return sorted(value)
        case _:
            return value
