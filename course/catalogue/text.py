"""Counting words, and the reading time that follows from them."""

import re

_WORD = re.compile(r"[^\W_][\w'’-]*")


def words_in(*texts: str) -> int:
    """How many words a reader meets, Markdown marks aside."""
    return sum(len(_WORD.findall(text)) for text in texts)
