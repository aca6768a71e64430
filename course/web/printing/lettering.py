"""The letters of a PDF: the fonts it is set in, and what to write for a character that none of them has."""

import re
from functools import cache, lru_cache

import typst

FONTS = ("Libertinus Serif", "DejaVu Sans Mono")
"""Those of Typst's own fonts that a document asks for, the first first. The others stand in for single characters."""
_PLAIN = re.compile("[ -~\u00a0-\u00ac\u00ae-\u017f‘’“”–—…\u200b]*")
"""What is always shown, in any order: ASCII, the letters of Western and Central Europe, our quotes and dashes."""
MOST_UNUSUAL = 150
"""Different characters in a text that are not surely shown: more than an alphabet has."""
_TRIAL = b"""#set document(title: "Trial")
#set text(font: json(bytes(sys.inputs.fonts)))
#sys.inputs.text *#sys.inputs.text*"""


@cache
def fonts() -> typst.Fonts:
    """Those in the wheel and no others, so that every machine makes the same bytes."""
    return typst.Fonts(include_system_fonts=False)


def forget() -> None:
    """Have Typst let go of what it remembers of earlier documents, for which it has no call.

    It remembers each until ten more are made, and ten large ones come to half a gigabyte. Empty ones take their place.
    """
    for _ in range(12):
        typst.compile(b"", font_paths=fonts())


def spell_lacking(text: str) -> str:
    """`text` with those characters by their Unicode number that the fonts cannot show as they stand in it.

    So “李 Wei” becomes “[U+674E] Wei”. Each text with unusual characters takes a few milliseconds, and so does each
    such character; of a text with very many of them every one is spelled, so that none can keep a processor for long.
    """
    if len({character for character in text if not _PLAIN.fullmatch(character)}) > MOST_UNUSUAL:
        return spell_unusual(text)
    if _is_shown(text):
        return text
    spelled = "".join(character if _is_shown(character) else _number(character) for character in text)
    return spelled if _is_shown(spelled) else spell_unusual(text)


def spell_unusual(text: str) -> str:
    """`text` with every character by its number that is not sure to be shown: for what `spell_lacking` cannot save."""
    return "".join(character if _PLAIN.fullmatch(character) else _number(character) for character in text)


def _number(character: str) -> str:
    return f"[U+{ord(character):04X}]"


@lru_cache(maxsize=4096)
def _is_shown(text: str) -> bool:
    """Whether there is a glyph for all of a text, upright and bold. Only making a document tells."""
    if _PLAIN.fullmatch(text):
        return True
    asked = {"text": text, "fonts": '["' + '","'.join(FONTS) + '"]'}
    try:
        typst.compile(_TRIAL, font_paths=fonts(), sys_inputs=asked, pdf_standards="ua-1", timestamp=0)
    except (typst.TypstError, UnicodeEncodeError):
        return False
    return True
