"""Packages for an LMS: documents, scripts and a manifest, put together for one standard."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from course.catalogue.library import Library
from course.catalogue.model import Module
from course.statements.profile import LANGUAGE
from scorm_export.about import about
from scorm_export.document import LESSON, Setting, Steps, document, environment, steps_of
from scorm_export.options import Options
from scorm_export.shell import file_of, shell
from scorm_export.standards.schemas import schema_files
from scorm_export.standards.standard import Standard
from scorm_export.state import check_state
from scorm_export.zip import zipped

STATIC = Path(__file__).parent / "static"
PLAIN = Options()


class Packer:
    """Makes packages from one library. A module's steps are rendered once, for every standard and option."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._rendered: dict[str, Steps] = {}

    def steps(self, module: Module) -> Steps:
        if module.id not in self._rendered:
            self._rendered[module.id] = steps_of(self.library, module)
        return self._rendered[module.id]

    def packages(
        self, modules: Sequence[Module], standard: Standard, options: Options = PLAIN
    ) -> Iterator[tuple[str, bytes]]:
        """File name and bytes of each package, one at a time: one for each module, or one of them all."""
        groups = [modules] if options.one_package else [[module] for module in modules]
        for group in groups:
            name = about(self.library, group, one_package=True).id if options.one_package else group[0].folder
            yield f"{name}-{standard.name}.zip", self.package(group, standard, options)

    def package(self, modules: Sequence[Module], standard: Standard, options: Options = PLAIN) -> bytes:
        """The zip of one package. Several modules, or one that is asked for so, stand in a shell."""
        check_state(modules)
        setting = Setting(
            self.library, about(self.library, modules, one_package=options.one_package), standard, options
        )
        if options.one_package or len(modules) > 1:
            pages = self._course(modules, setting)
        else:
            pages = self._module(modules[0], setting)
        files = {name: text.encode() for name, text in pages.items()}
        files |= {name: _static(LESSON / "static" / name) for name in ("lesson.css", "steps.css")}
        files["check.js"] = _static(STATIC / "check.js")
        if schemas := schema_files(standard, options):
            files |= {**schemas, "metadata.xml": _described(setting, "lom.xml").encode()}
        manifest = _described(setting, standard.template, sorted(files))
        return zipped({standard.manifest: manifest.encode(), **files})

    def _module(self, module: Module, setting: Setting) -> dict[str, str]:
        steps = self.steps(module)
        return {
            "index.html": document(steps, setting, rest_file="steps.js"),
            "steps.js": steps.rest,
            "lesson.js": _scripts("player", setting.standard.launch),
        }

    def _course(self, modules: Sequence[Module], setting: Setting) -> dict[str, str]:
        pages = {
            "index.html": shell(modules, setting),
            "course.js": _scripts("shell", setting.standard.launch),
            "course.css": _static(LESSON / "static/course.css").decode(),
            "lesson.js": _scripts("player", "inside"),
        }
        for module in modules:
            steps, rest_file = self.steps(module), f"{module.folder}.js"
            pages[file_of(module)] = document(steps, setting, rest_file=rest_file, inside=True)
            pages[rest_file] = steps.rest
        return pages


def package(library: Library, modules: Sequence[Module], standard: Standard, options: Options = PLAIN) -> bytes:
    """The zip of one package, made on its own."""
    return Packer(library).package(modules, standard, options)


def _described(setting: Setting, template: str, files: Sequence[str] = ()) -> str:
    """A manifest, or the metadata beside one."""
    return (
        environment()
        .get_template(template)
        .render(
            about=setting.about,
            files=files,
            options=setting.options,
            language=LANGUAGE,
            duration=f"PT{setting.about.minutes}M",
            activity_type=setting.about.type,
        )
    )


def _scripts(*names: str) -> str:
    return "".join(_static(STATIC / f"{name}.js").decode() for name in names)


@cache
def _static(path: Path) -> bytes:
    return path.read_bytes()
