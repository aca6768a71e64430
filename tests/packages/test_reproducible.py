"""The same content is the same package to the byte; whatever an overlay holds is text in it and nothing more."""

from datetime import date
from pathlib import Path

import pytest

from course.catalogue.library import Library, load
from scorm_export.guide import PRESETS, guide
from scorm_export.options import Options
from scorm_export.package import Packer
from scorm_export.standards import STANDARDS, find_standard
from tests.factories import write_content
from tests.packages.conftest import unzipped
from tests.packages.made import KINDS, every_kind

NASTY = "</title><script>alert(1)</script><img src=x onerror=alert(2)> & “Ýork” \\' \""


@pytest.fixture(scope="module")
def two_packers(library: Library) -> list[Packer]:
    """Each renders everything for itself."""
    return [Packer(library), Packer(load())]


@every_kind
def test_one_module_and_all_fourteen_are_the_same_bytes_from_another_rendering(
    two_packers: list[Packer], kind: str
) -> None:
    name, options = KINDS[kind]
    whole = Options(one_package=True, third_edition=options.third_edition)
    one, other = (
        [
            p.package(p.library.modules[:1], find_standard(name), options),
            p.package(p.library.modules, find_standard(name), whole),
        ]
        for p in two_packers
    )
    assert one == other


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder: Path = tmp_path_factory.mktemp("a folder with spaces é")
    local = folder / "löcal überlay.yaml"
    quoted = NASTY.replace("'", "''")
    local.write_text(f"partnership: '{quoted}'\nvalues:\n  front-door: '{quoted}'\n", encoding="utf-8")
    return load(write_content(folder / "cóntent", numbers=(3, 13)), local_file=local)


@pytest.mark.parametrize("standard", STANDARDS)
@pytest.mark.parametrize("one_package", [False, True])
def test_script_in_an_overlay_is_shown_as_text(nasty: Library, standard: str, one_package: bool) -> None:
    packer = Packer(nasty)
    options = Options(one_package=one_package)
    for _, package in packer.packages(nasty.modules, find_standard(standard), options):
        files = unzipped(package)
        texts = {name: text.decode() for name, text in files.items() if name.endswith((".html", ".xml", ".js"))}
        assert "alert(1)" in texts["index.html"]  # it is there, as text
        for name, text in texts.items():
            assert "<script>alert" not in text, name
            assert "<img" not in text, name


@pytest.mark.parametrize("preset", PRESETS)
def test_script_in_a_file_name_or_partnership_is_text_in_the_guide(nasty: Library, preset: str) -> None:
    html = guide(
        nasty,
        preset=preset,
        standard_name="scorm12",
        standard_title="SCORM 1.2",
        files=[NASTY],
        today=date(2026, 11, 27),
    )
    assert "<script>alert" not in html
    assert "<img" not in html
