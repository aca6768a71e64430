"""Packages of every standard and their manifests, made once for all the tests that read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import pytest
from lxml import etree

from course.catalogue.library import load
from course.catalogue.model import Module
from scorm_export.options import Options
from scorm_export.package import Packer
from scorm_export.standards import find_standard
from tests.packages.conftest import unzipped

KINDS = {
    "scorm12": ("scorm12", Options()),
    "scorm2004": ("scorm2004", Options()),
    "scorm2004-3rd": ("scorm2004", Options(third_edition=True)),
    "cmi5": ("cmi5", Options()),
    "xapi": ("xapi", Options()),
}
"""Every manifest there is: a standard, and SCORM 2004 in both editions."""

every_kind = pytest.mark.parametrize("kind", KINDS)
every_extent = pytest.mark.parametrize("extent", ["one", "several", "all"])
both_scorms = pytest.mark.parametrize("kind", [k for k in KINDS if k.startswith("scorm")])
both_editions = pytest.mark.parametrize("kind", ["scorm2004", "scorm2004-3rd"])


@dataclass(frozen=True)
class Made:
    """A package and its manifest."""

    manifest: etree._Element
    files: Mapping[str, bytes]

    @property
    def text(self) -> str:
        return etree.tostring(self.manifest, encoding="unicode")

    @property
    def descriptions(self) -> list[etree._Element]:
        """The manifest, and the metadata that a SCORM 2004 package has beside it."""
        beside = self.files.get("metadata.xml")
        return [self.manifest, *([etree.fromstring(beside)] if beside else [])]

    @property
    def titles(self) -> set[str]:
        """Every title and name that an LMS could show."""
        found = [t for root in self.descriptions for e in root.iter("{*}title", "{*}name") for t in [e, *e]]
        return {e.text for e in found if e.text and e.text.strip()}

    def one(self, path: str, **namespaces: str) -> etree._Element:
        """The one element at `path`."""
        (found,) = self.manifest.iterfind(path, namespaces)
        return found


@cache
def packer() -> Packer:
    """Of the course's own modules."""
    return Packer(load())


def make(packer: Packer, modules: Sequence[Module], kind: str, **options: bool) -> Made:
    """A package of that kind, with more options than the kind has by itself."""
    name, chosen = KINDS[kind]
    standard = find_standard(name)
    files = unzipped(packer.package(modules, standard, replace(chosen, **options)))
    return Made(etree.fromstring(files[standard.manifest]), files)


@cache
def made(kind: str, extent: str) -> Made:
    """A package of one module, of several or of all."""
    modules = packer().library.modules
    return make(packer(), {"one": modules[2:3], "several": modules[3:6], "all": modules}[extent], kind)
