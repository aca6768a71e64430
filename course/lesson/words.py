"""Which words of the glossary a text uses."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from course.catalogue.model import Module, Term

_ACRONYM_BEHIND = re.compile(r"(.+) \(([A-Z]{2,})\)")
_WORD = re.compile(r"[\w’-]+")


@dataclass(frozen=True, eq=False)
class Words:
    """A glossary made ready to be looked for: forms by their first word, so that a page costs one walk."""

    by_first_word: Mapping[str, Sequence[tuple[str, int]]]
    """The first word of a form, in lower case, to each form and its term's place in the glossary."""
    glossary: Sequence[Term]

    def used_in(self, text: str) -> list[Term]:
        """The terms whose forms stand in `text` as whole words, in the glossary's order."""
        found = set()
        for word in _WORD.finditer(text):
            for form, place in self.by_first_word.get(word[0].lower(), ()):
                end = word.start() + len(form)
                stands = text[word.start() : end]
                # Acronyms as they are written, everything else in either case.
                if (stands if form.isupper() else stands.lower()) == form and not _WORD.match(text, end):
                    found.add(place)
        return [self.glossary[place] for place in sorted(found)]


@lru_cache(maxsize=64)
def used_in_module(words: Words, module: Module) -> tuple[Term, ...]:
    """The terms that a module uses anywhere; looked for once, in all of its texts."""
    files = (module.about, module.vignette, module.story.scenario, module.self_assessment, module.briefing, module.team)
    return tuple(words.used_in(" ".join(file.model_dump_json() for file in files)))


@cache
def words_of(glossary: tuple[Term, ...]) -> Words:
    """The words of a glossary; everyday ones are left out, since they mostly mean what they always mean."""
    by_first_word: dict[str, list[tuple[str, int]]] = {}
    for place, term in enumerate(glossary):
        for form in () if term.ordinary else _forms(term):
            first = _WORD.match(form)
            by_first_word.setdefault(first[0].lower() if first else form, []).append((form, place))
    return Words(by_first_word, glossary)


def _forms(term: Term) -> Iterable[str]:
    split = _ACRONYM_BEHIND.fullmatch(term.term)
    for form in (*(split.groups() if split else (term.term,)), *term.also):
        yield form if form.isupper() else form.lower()
