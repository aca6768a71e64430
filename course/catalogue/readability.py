"""Whether learners can read a module with ease: reading age, acronyms, words, quotation marks, paragraphs.

The rules are the content standard's (modules/README.md, "What makes it good"). The narrator answers for all of them;
the records of the vignette and the lines of the rewriting exercise have voices of their own and answer only for
typography and length.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from course.catalogue.files import Document, Problem
from course.catalogue.learner_text import PARTS, Part, Text, strings, texts_of
from course.catalogue.model import Term
from course.catalogue.text import reading_age, words_in
from course.story.checks import Place

OLDEST_READER = 14
LONGEST_PARAGRAPH = 90
FEWEST_WORDS = 100
"""A reading age is a mean: below this it says more about one sentence than about a part."""

KNOWN = frozenset("A&E BBC CCTV DC DS GP ID IT MP NHS NSPCC OK PC PE TV UK US".split())  # noqa: SIM905
"""Acronyms that everybody in England knows better than what they stand for."""
_ACRONYM = re.compile(r"(?<![\w’-])[A-Z](?:[A-Z]|&(?=[A-Z]))*[A-Z](?=s?\b)")
_SPELT_BEFORE = re.compile(r"\w \((?:the |or )?$")
_SPELT_AFTER = re.compile(r"s? \(\w")
_SPEECH = re.compile(r"“[^”]*”?|‘[^‘]*?’(?!\w)|^> .*$", re.MULTILINE)
_STRAIGHT = re.compile(r".{0,15}['\"].{0,15}")
_FORBIDDEN = re.compile(
    r"\b(hard[ -]to[ -]reach|failed to engage|lifestyle choices?|alleged(?:ly)?|promiscuous|just attention[ -]seeking"
    r"|domestics?(?! (?:abuse|violence|homicide)))\b",
    re.IGNORECASE,
)


def check_readability(documents: Mapping[str, Document], terms: Sequence[Term]) -> Iterator[Problem]:
    """Every fault of a module's text."""
    texts = texts_of(documents)
    for text in texts:
        yield from _straight_quotes(text.document, text.place, text.text)
        yield from _long_paragraphs(text)
    narrated = [text for text in texts if text.part.narrated]
    for text in narrated:
        yield from _forbidden(text)
    for part, of_part in groupby(narrated, key=lambda t: t.part):
        yield from _too_hard(part, list(of_part))
    if all(documents[part.file].value for part in PARTS if part.file != "rewrite"):  # else they may be spelt out there
        yield from _acronyms(narrated, terms)


def check_glossary(document: Document) -> Iterator[Problem]:
    """The typography of the glossary."""
    for place, text in strings(document.value):
        yield from _straight_quotes(document, place, text)


def _straight_quotes(document: Document, place: Place, text: str) -> Iterator[Problem]:
    for match in _STRAIGHT.finditer(text):
        yield document.problem(place, f"a straight quotation mark or apostrophe in “{match[0].strip()}”", "use ‘ ’ “ ”")


def _long_paragraphs(text: Text) -> Iterator[Problem]:
    for paragraph in re.split(r"\n\s*\n|\n(?=[->] )", text.text):
        if (words := words_in(paragraph)) > LONGEST_PARAGRAPH:
            start = " ".join(paragraph.split()[:6])
            yield text.problem(f"the paragraph “{start} …” has {words} words", f"keep to {LONGEST_PARAGRAPH}")


def _forbidden(text: Text) -> Iterator[Problem]:
    for match in _FORBIDDEN.finditer(_SPEECH.sub("", text.text)):
        do = "say what was seen or said; if a person in the story says it, put it in quotation marks"
        yield text.problem(f"the narrator says “{match[0]}”", do)


def _too_hard(part: Part, texts: Sequence[Text]) -> Iterator[Problem]:
    """A part that asks more of its readers than the standard allows, at its hardest place."""
    together = "\n\n".join(t.text for t in texts)
    age = reading_age(together)
    if words_in(together) >= FEWEST_WORDS and age > OLDEST_READER:
        # The passage to start with adds most to the whole: it is both hard and long.
        worst = max(texts, key=lambda t: (reading_age(t.text) - OLDEST_READER) * words_in(t.text))
        what = f"the {part.name} has a reading age of {age:.1f}, and this passage adds most to it"
        yield worst.problem(what, f"bring it to {OLDEST_READER} with shorter sentences and plainer words")


def _acronyms(texts: Sequence[Text], terms: Sequence[Term]) -> Iterator[Problem]:
    """Acronyms not spelt out where they are first met, or not in the glossary."""
    glossary = {word for term in terms for word in re.findall(r"[\w&]+", term.term)}
    words = {word.lower() for t in texts for word in re.findall(r"\w+", t.text) if not word.isupper()}
    met: set[tuple[str, Part | None]] = set()
    for text in texts:
        for match in _ACRONYM.finditer(text.text):
            acronym, here = match[0], (match[0], text.part if text.part.handout else None)
            if acronym in KNOWN or acronym.lower() in words or here in met:  # BABY on a child's drawing is a word
                continue
            if not (_SPELT_BEFORE.search(text.text, 0, match.start()) or _SPELT_AFTER.match(text.text, match.end())):
                yield text.problem(f"{acronym} is not spelt out where it is first met", f"write: its words ({acronym})")
            if acronym not in glossary and not any(acronym == known for known, _ in met):
                yield text.problem(f"{acronym} is not in the glossary", "add it to modules/glossary.yaml")
            met.add(here)
