"""Counting words, and the reading time that follows from them."""

import re

_MARKS = re.compile(r"[*_>`\\\\]|^- ", re.MULTILINE)
_WORD = re.compile(r"[^\W_][\w'’-]*")
_SENTENCE_END = re.compile(r"[.!?…]+[”’)]*\s+|\n\s*\n|\n(?=[->] )")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(
    r"(?<=[^aeioutd])ed$|(?<=[^aeiouscgzx])(?<!ch|sh)es$|(?<=[^aeiou])(?<![^aeiou]l)e$"
    r"|(?<=^som)e(?=[btw])|(?<=^saf)e(?=g)|(?<=^hom)e(?=[lw])|(?<=^car)e(?=[fgl])|(?<=[aeiou][^aeiou])e(?=(?:ly|ful|less|ment)$)"
)
_TWO_SOUNDS = re.compile(
    r"(?<![cts])ia|(?<![cst])io(?![nu])|(?<![cgtx])iou|(?<![ct])ie(?=n[ct]|t)|eo(?!us|p)|(?<![gq])ua|[aeouy]ing$"
)


def words_in(*texts: str) -> int:
    """How many words a reader meets, Markdown marks aside."""
    return sum(len(_WORD.findall(text)) for text in texts)


def words_only(text: str) -> str:
    """Prose as one line of plain text, for where no Markdown is read."""
    return " ".join(_MARKS.sub("", text).split())


def reading_age(text: str) -> float:
    """The age at which pupils read `text` with ease: its Flesch-Kincaid grade (1975), which starts at five, and 5."""
    words = _WORD.findall(text)
    if not words:
        return 0.0
    sentences = sum(bool(_WORD.search(s)) for s in _SENTENCE_END.split(text))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables_in, words)) / len(words) - 15.59 + 5


def syllables_in(word: str) -> int:
    """An estimate, good enough for means: groups of vowels, less silent ones, and one more where two are sounded."""
    letters = re.sub(r"[’']s?$|[^a-z]", "", word.lower())
    sounded = _SILENT.sub("", letters)
    return max(1, len(_VOWELS.findall(sounded)) + len(_TWO_SOUNDS.findall(sounded)))
