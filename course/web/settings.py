"""Reading one setting of the environment, or saying in one line what is wrong with it."""

from collections.abc import Mapping
from urllib.parse import urlsplit


class WrongSetting(Exception):
    """A setting that cannot be used; the message is one line and says which and what it may be."""


def is_address(text: str) -> bool:
    """Whether this is a whole http or https address, without a query, a fragment or a password."""
    try:
        parts = urlsplit(text)
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    has_more = parts.query or parts.fragment or parts.username is not None or any(c.isspace() for c in text)
    return is_whole and parts.scheme in ("http", "https") and not has_more


def one_of(environ: Mapping[str, str], name: str, *, no: str, yes: str) -> bool:
    """Whether a setting says `yes`; where it is missing or empty it says `no`."""
    value = environ.get(name) or no
    if value not in (no, yes):
        raise WrongSetting(f"{name} is {value!r}: it may be {no} (which it is without this setting) or {yes}.")
    return value == yes
