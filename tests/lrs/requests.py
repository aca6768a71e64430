"""What a client asked, whole, and what it is answered."""

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Request:
    """One request. `path` is below the LRS's address; `headers` have lower-case names."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body read as JSON; raises Refused for what is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise Refused(400, "the body is not JSON") from None


@dataclass(frozen=True)
class Reply:
    """What is answered; `headers` besides those of every answer."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, value: Any, status: int = 200, **headers: str) -> "Reply":
        """A reply of JSON."""
        return cls(status, json.dumps(value).encode(), {"Content-Type": "application/json", **headers})


class Refused(Exception):
    """The request is refused, with a status and the reason in words."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


def only(request: Request, *names: str) -> None:
    """Refuse a query parameter that the resource does not know."""
    if unknown := sorted(set(request.query) - set(names)):
        raise Refused(400, f"unknown parameters: {', '.join(unknown)}")
