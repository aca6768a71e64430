"""What an address names: a module by its folder, and which page of a list."""

from flask import abort, request

from course.catalogue.library import NoSuchModule
from course.catalogue.model import Module
from course.web.chrome import library


def module_called(name: str) -> Module:
    """The module with this folder name; 404 for any other."""
    try:
        module = library().find(name)
    except NoSuchModule:
        abort(404)
    return module if module.folder == name else abort(404)


def page_number() -> int:
    """Which page of a list `page` asks for: 1 where it is missing or no number that a list could have."""
    return request.args.get("page", 1, type=_page)


def _page(text: str) -> int:
    number = int(text)
    if not 0 < number < 2**24:
        raise ValueError(text)
    return number
