"""Counting words, and the reading time that follows from them."""

import re

_MARKS = re.compile(r"[*_>`\\\\]|^- ", re.MULTILINE)
_WORD = re.compile(r"[^\W_][\w'’-]*")


def words_in(*texts: str) -> int:
    """How many words a reader meets, Markdown marks aside."""
    return sum(len(_WORD.findall(text)) for text in texts)


def words_only(text: str) -> str:
    """Prose as one line of plain text, for where no Markdown is read."""
    return " ".join(_MARKS.sub("", text).split())
