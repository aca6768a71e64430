"""Content files: YAML read strictly, with the line of every value kept, and made into models.

YAML 1.2 core rules on top of PyYAML: `no`, `12:30` and `2026-11-23` stay text, only true and false are
booleans; duplicate keys, anchors and tags are refused.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from course.story.checks import Place

Model = TypeVar("Model", bound=BaseModel)

DEEPEST = 30
"""Lists and mappings within one another."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # libyaml's is eight times as fast
    """PyYAML with YAML 1.2's core schema in place of 1.1's guesses."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 (PyYAML's own form)


for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", "tf"),
    ("tag:yaml.org,2002:null", r"^(?:null|~|)$", "n~"),
    ("tag:yaml.org,2002:int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
    ("tag:yaml.org,2002:float", r"^[-+]?(?:[0-9]+\.[0-9]+)$", "-+0123456789"),
):
    _Loader.add_implicit_resolver(_tag, re.compile(_pattern), [*_first, ""] if "null" in _tag else list(_first))


@dataclass(frozen=True)
class Problem:
    """Something for an author to mend."""

    file: str
    line: int
    what: str
    do: str

    def __str__(self) -> str:
        stop = "" if self.do.endswith("?") else "."
        return f"{self.file}:{self.line}: {self.what}. {self.do[:1].upper()}{self.do[1:]}{stop}"


@dataclass
class Document:
    """A YAML file's value, and where each part of it stands."""

    name: str
    value: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line_of(self, place: Place) -> int:
        """The line of `place`, or of the nearest thing around it that the file has."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def problem(self, place: Place, what: str, do: str) -> Problem:
        """A problem at `place`."""
        return Problem(self.name, self.line_of(place), what, do)


def read(path: Path, name: str) -> Document:
    """Read one file. Faults of form are in the result's `problems`; a file that is not YAML has no value."""
    document = Document(name)
    try:
        text = path.read_text(encoding="utf-8")
        _refuse_marks(text)
        loader = _Loader(text)
        node = loader.get_single_node()
        document.value = None if node is None else _value(document, loader, node, ())
    except FileNotFoundError:
        document.problems.append(Problem(name, 1, "the file is missing", "write it (see modules/README.md)"))
    except UnicodeDecodeError:
        document.problems.append(Problem(name, 1, "the file is not UTF-8", "save it as UTF-8"))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = f"this is not valid YAML: {error.problem or error.context}"
        do = "check the indentation, and quote text that has a colon or starts with a special character"
        document.problems.append(Problem(name, mark.line + 1 if mark else 1, what, do))
    except yaml.YAMLError as error:
        document.problems.append(Problem(name, 1, f"this is not valid YAML: {error}", "remove the character"))
    return document


def _refuse_marks(text: str) -> None:
    """Anchors, aliases and tags hide what is meant; mostly they are a word with a mark that lacks its quotes.

    Nesting that no file of ours has is refused here too, where it has cost nothing yet: composed, a few kilobytes of
    brackets take minutes or the stack.
    """
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            mark = event.start_mark
            raise yaml.MarkedYAMLError(problem="it is nested too deeply", problem_mark=mark)  # type: ignore[arg-type]
        if getattr(event, "anchor", None) or getattr(event, "tag", None):
            mark = event.start_mark
            raise yaml.MarkedYAMLError(problem="text begins with &, * or !", problem_mark=mark)  # type: ignore[arg-type]


def _value(document: Document, loader: _Loader, node: yaml.Node, place: Place) -> Any:
    document.lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_value(document, loader, item, (*place, i)) for i, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(document, loader, node, place)
    return loader.construct_object(node)


def _mapping(document: Document, loader: _Loader, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in found:
            what = f"{key!r} stands twice here (first on line {document.lines[(*place, key)]})"
            document.problems.append(Problem(document.name, line, what, "keep one of the two"))
            continue
        document.lines[(*place, key)] = line
        found[key] = _value(document, loader, value_node, (*place, key))
    return found


def as_model(kind: type[Model], document: Document) -> tuple[Model | None, list[Problem]]:
    """A document as a model, or every way in which it is not one."""
    if document.problems and document.value is None:
        return None, document.problems
    try:
        return kind.model_validate(document.value), document.problems
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False)
        inside = {tuple(f["loc"])[:n] for f in faults for n in range(len(f["loc"]))}
        return None, document.problems + [
            document.problem(place, *_in_words(place, fault["type"], fault["msg"]))
            for fault in faults
            # A list is also called too short when items of it are faulty: only those are the author's concern.
            if (place := tuple(fault["loc"])) not in inside or fault["type"] != "too_short"
        ]


def _in_words(place: tuple[str | int, ...], type_: str, message: str) -> tuple[str, str]:
    name = ".".join(str(p) for p in place) or "the file"
    known = {
        "missing": (f"{name} is missing", "add it"),
        "model_type": (f"{name} is not a set of keys", "write it as lines of key: value"),
        "extra_forbidden": (
            f"{name} is not a key of this file",
            "check its spelling against modules/README.md",
        ),
        "string_too_short": (f"{name} is empty", "write it"),
        "string_type": (f"{name} is not text", "put it in quotes"),
        "string_pattern_mismatch": (f"{name} is not an id", "use lower case words joined by hyphens"),
    }
    return known.get(type_, (f"{name}: {message}", "see modules/README.md"))
