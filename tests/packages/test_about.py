"""What a package says of itself: the words an LMS shows, and an identity that stays from version to version."""

import re
from dataclasses import replace

import pytest
from lxml import etree

from course.catalogue.library import Library
from course.catalogue.model import Change, Module
from course.statements.profile import Profile
from scorm_export.about import about
from scorm_export.package import Packer
from tests.packages.made import Made, both_scorms, every_extent, every_kind, made, make, packer
from tests.packages.schemas import problems

AWKWARD = "Zoë & René: “no” < 'yes' > \"maybe\" — £5 &amp; ]]>"


def _altered(module: Module, **changes: object) -> Module:
    return replace(module, about=module.about.model_copy(update=changes))


@every_kind
def test_any_title_and_text_arrive_as_they_were_written(small: Library, kind: str) -> None:
    prose = AWKWARD.replace("> ", "").replace(">", "")  # a mark of Markdown's, which is taken out of prose
    module = _altered(small.modules[0], title=AWKWARD, overview=prose)
    it = make(Packer(small), [module], kind)
    assert problems(it.manifest, it.files) == []
    assert it.titles == {AWKWARD}
    assert set(_descriptions(it)) == {prose}


def _descriptions(it: Made) -> list[str]:
    return ["".join(e.itertext()).strip() for root in it.descriptions for e in root.iter("{*}description")]


@every_kind
@every_extent
def test_a_description_is_plain_words_and_never_too_long(kind: str, extent: str) -> None:
    for described in _descriptions(made(kind, extent)):
        assert 50 < len(described) <= 1000
        assert not re.search(r"[*_>`{}\n]", described)


def test_a_long_description_is_cut_at_a_word(small: Library) -> None:
    told = about(small, [_altered(small.modules[0], overview="**Safeguarding** children. " * 60)]).description
    assert 900 < len(told) <= 1000
    assert re.fullmatch(r"(Safeguarding|children\.|…)( (Safeguarding|children\.|…))*", told)


@both_scorms
def test_an_lms_is_told_how_long_it_takes_and_what_it_is_about(kind: str) -> None:
    it = made(kind, "one")
    root = etree.fromstring(it.files["metadata.xml"]) if "metadata.xml" in it.files else it.manifest
    texts = {etree.QName(e).localname.lower(): "".join(e.itertext()).strip() for e in root.iter(etree.Element)}
    assert re.fullmatch(r"PT\d+M", texts["typicallearningtime"])
    assert texts["language"] == "en-GB"
    assert len(list(root.iter("{*}keyword"))) >= 3
    assert texts["version"] == packer().library.modules[2].version


@every_kind
def test_every_module_is_another_package_to_an_lms(library: Library, kind: str) -> None:
    every = [frozenset(_own_identifiers(make(packer(), [module], kind))) for module in library.modules]
    assert len(frozenset[str]().union(*every)) == sum(map(len, every))


@every_kind
def test_the_next_version_is_the_same_package_to_an_lms(small: Library, kind: str) -> None:
    """Replacing a package keeps the learners' records, which hang on its identifiers."""
    module = small.modules[0]
    newest = Change(version="9.9", date=module.about.ledger[-1].date, kind="substance", what="Another.")
    later = _altered(module, title="Another title", overview="Another text.", ledger=(*module.about.ledger, newest))
    before, after = (make(Packer(small), [m], kind) for m in (module, later))
    assert _identifiers(before) == _identifiers(after)
    assert ("9.9" in before.text, "9.9" in after.text) == (False, kind != "xapi")


def _identifiers(it: Made) -> list[str]:
    names = ("id", "identifier", "identifierref", "default")
    return [value for e in it.manifest.iter(etree.Element) for name in names if (value := e.get(name))]


def _own_identifiers(it: Made) -> list[str]:
    """Those that hold outside the package: identifiers of a manifest, and IRIs."""
    return [i for i in _identifiers(it) if "://" in i or i == it.manifest.get("identifier")]


def test_options_change_no_identifier(library: Library) -> None:
    plain = make(packer(), [library.modules[0]], "scorm2004")
    chosen = make(packer(), [library.modules[0]], "scorm2004-3rd", interactions=True, passed=True, score=True)
    assert _identifiers(plain) == _identifiers(chosen)


@pytest.mark.parametrize("kind", ["cmi5", "xapi"])
def test_ids_lie_under_the_partnerships_own_address(small: Library, kind: str) -> None:
    own = replace(small, address="https://children.example.org")
    it = make(Packer(own), [small.modules[0]], kind)
    ids = [e.get("id", "") for e in it.manifest.iter(etree.Element) if e.get("id")]
    assert ids
    assert [i for i in ids if not i.startswith("https://children.example.org/")] == []


def test_a_selection_is_known_by_its_modules_and_not_by_their_order(library: Library) -> None:
    first, second, third, *_ = library.modules
    one, again = about(library, [first, second]), about(library, [second, first])
    other, whole = about(library, [first, third]), about(library, library.modules[::-1])
    assert (one.id, one.activity, one.version) == (again.id, again.activity, again.version)
    assert len({one.id, other.id, whole.id}) == len({one.activity, other.activity, whole.activity}) == 3
    assert (whole.id, whole.activity) == ("course", Profile(library.address).course)


def test_the_version_of_a_course_changes_when_that_of_a_module_does(library: Library) -> None:
    first, *rest = library.modules
    newest = Change(version="9.9", date=first.about.ledger[-1].date, kind="wording", what="A word.")
    later = _altered(first, ledger=(*first.about.ledger, newest))
    before, after = about(library, [first, *rest]), about(library, [later, *rest])
    assert (before.id, before.version == after.version) == (after.id, False)
