"""The Packers of one process, and the files of an export made with them."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import cast

from flask import Flask, current_app

from course.catalogue.library import BrokenContent, Library, check_local, load
from course.catalogue.local import LocalFile
from course.catalogue.model import Module
from course.learning.exports import Made
from course.learning.tables import Export
from scorm_export.options import Options
from scorm_export.package import Packer
from scorm_export.standards import STANDARDS

OTHERS_KEPT = 3
"""Overlays beside the app's own whose rendered modules stay in memory, a few megabytes each."""


class Changed(Exception):
    """What an export recorded cannot be made any more, since the content or the course's own code has changed."""


@dataclass(frozen=True)
class Built:
    """How far the building of an export has come."""

    done: int
    of: int
    what: str
    file: str = ""
    made: Made | None = None


class Packers:
    """A Packer for each local overlay: the app's own for as long as the app runs, and those used last."""

    def __init__(self, own: Library, own_overlay: str) -> None:
        self.own_overlay = own_overlay
        self._own = Packer(own)
        self._others: OrderedDict[str, Packer] = OrderedDict()
        self._lock = Lock()

    def packer(self, overlay: str) -> Packer:
        """The Packer for an overlay's text; reading the course for a new one takes seconds. Raises BrokenContent."""
        if overlay == self.own_overlay:
            return self._own
        with self._lock:  # two requests for the same new overlay read the course once
            if overlay not in self._others:
                self._others[overlay] = Packer(library_with(overlay))
            self._others.move_to_end(overlay)
            while len(self._others) > OTHERS_KEPT:
                self._others.popitem(last=False)
            return self._others[overlay]


def open_packers(app: Flask, local_file: Path | None) -> None:
    """Make the app's own overlay the one to begin with. The modules are rendered when a package first needs them."""
    own_overlay = local_file.read_text(encoding="utf-8") if local_file else ""
    app.extensions["packers"] = Packers(app.extensions["library"], own_overlay)


def packers() -> Packers:
    """Those of this app."""
    return cast(Packers, current_app.extensions["packers"])


def library_with(overlay: str) -> Library:
    """The course as it reads with this overlay. Raises BrokenContent."""
    if not overlay:
        return load()
    with TemporaryDirectory() as folder:
        return load(local_file=_as_file(folder, overlay.encode()))


def checked_overlay(content: bytes) -> LocalFile:
    """An overlay as it came. Raises BrokenContent with every fault in it."""
    with TemporaryDirectory() as folder:
        return check_local(_as_file(folder, content))


def _as_file(folder: str, content: bytes) -> Path:
    path = Path(folder) / "local.yaml"
    path.write_bytes(content)
    return path


def modules_of(export: Export, library: Library) -> list[Module]:
    """The modules of an export, in order. Raises Changed where one is not there any more in that version."""
    versions = {module.id: module.version for module in library.modules}
    if any(versions.get(id_) != version for id_, version in export.modules.items()):
        raise Changed
    return [module for module in library.modules if module.id in export.modules]


def build(export: Export, packer: Packer) -> Iterator[Built]:
    """Make every file of an export, one at a time. Raises Changed and StateTooLarge."""
    modules = modules_of(export, packer.library)
    for done, group in enumerate(groups := _groups(export, modules)):
        if len(groups) == 1:
            yield from _rendered(packer, group)
        for file, content in _packed(export, packer, group):
            ids = [module.id for module in group]
            made = Made(size=len(content), sha256=sha256(content).hexdigest(), modules=ids)
            yield Built(done + 1, len(groups), file, file, made)


def _groups(export: Export, modules: Sequence[Module]) -> list[list[Module]]:
    return [list(modules)] if "one_package" in export.options else [[module] for module in modules]


def _rendered(packer: Packer, modules: Sequence[Module]) -> Iterator[Built]:
    """The modules of one package, which take longest; none of them is a file of its own."""
    for done, module in enumerate(modules):
        packer.steps(module)
        yield Built(done + 1, len(modules), f"{module.number}. {module.title}")


def _packed(export: Export, packer: Packer, modules: Sequence[Module]) -> Iterator[tuple[str, bytes]]:
    options = Options(**dict.fromkeys(export.options, True))
    return packer.packages(modules, STANDARDS[export.standard], options)


def content_of(export: Export, file: str) -> bytes:
    """A file of an export, made again. Raises Changed unless it is what was recorded, byte for byte."""
    made = export.files[file]
    try:
        packer = packers().packer(export.overlay)
    except BrokenContent as error:
        raise Changed from error
    modules = [module for module in modules_of(export, packer.library) if module.id in made["modules"]]
    content = dict(_packed(export, packer, modules)).get(file, b"")
    if sha256(content).hexdigest() != made["sha256"]:
        raise Changed
    return content
