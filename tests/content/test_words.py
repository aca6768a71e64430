"""A learner finds the words of a page explained on it, and no others."""

from course.catalogue.model import Term
from course.lesson.words import words_of

GLOSSARY = (
    Term(term="alternative provision (AP)", means="Schooling elsewhere."),
    Term(term="contact", means="A message.", ordinary=True),
    Term(term="DNA", means="Did not attend."),
    Term(term="section 47 enquiries", means="Enquiries.", also=("section 47",)),
)


def used_in(text: str) -> list[str]:
    return [t.term for t in words_of(GLOSSARY).used_in(text)]


def test_a_word_is_found_in_each_of_its_forms_and_only_whole() -> None:
    assert used_in("He is in alternative provision.") == ["alternative provision (AP)"]
    assert used_in("The AP rang. Section 47 was opened.") == ["alternative provision (AP)", "section 47 enquiries"]
    assert used_in("Maps and gaps; section 471; dna; MDNA") == []
    assert used_in("DNA x 3") == ["DNA"]


def test_an_everyday_word_is_not_explained_at_every_turn() -> None:
    assert used_in("No contact, no contacts.") == []


def test_an_empty_glossary_finds_nothing() -> None:
    assert words_of(()).used_in("Anything at all") == []
