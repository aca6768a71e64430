"""The SHA-256 of each module’s content as it is served, so that two servers, or two days, can be compared."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from course.catalogue.library import Library
from course.catalogue.model import Module

LOCAL = "What the partnership has filled in"


def content_hashes(library: Library) -> Mapping[str, str]:
    """Module id to the SHA-256 of its content, and one for what the partnership has filled in, under LOCAL.

    It is of canonical JSON: keys sorted, no space, UTF-8. Too slow for a request, so made when a server starts.
    """
    return {module.id: _hash(_content(module)) for module in library.modules} | {LOCAL: _hash(library.words)}


def _content(module: Module) -> dict[str, Any]:
    """All that an author wrote for it."""
    files = {
        "module": module.about,
        "vignette": module.vignette,
        "scenario": module.story.scenario,
        "self_assessment": module.self_assessment,
        "team": module.team,
        "briefing": module.briefing,
        "rewrite": module.rewrite,
        "later": module.later,
    }
    return {name: file.model_dump(mode="json") for name, file in files.items() if file is not None}


def _hash(content: Any) -> str:
    written = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(written.encode()).hexdigest()
