"""How the LRS misbehaves: what a test asks for happens to the next requests in turn, then all is well again."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from tests.lrs.requests import Reply, Request

Refusal = Callable[[dict[str, Any]], str | None]


@dataclass
class Hanging:
    """A request that is not answered until `let_go`; `reached` is set once it has arrived."""

    reached: Event = field(default_factory=Event)
    _free: Event = field(default_factory=Event)

    def let_go(self) -> None:
        self._free.set()

    def wait(self) -> None:
        self.reached.set()
        self._free.wait(60)


@dataclass(frozen=True)
class Mishap:
    """What goes wrong with one request: before it is carried out or, with `after`, once it has been."""

    at: str
    after: bool = False
    reply: Reply | None = None
    drop: bool = False
    hang: Hanging | None = None


class Trouble:
    """A queue of mishaps, and statements that are refused for good. `at` is the resource that they happen to."""

    def __init__(self) -> None:
        self.refuse: Refusal | None = None
        """Why a statement is refused, or None: every batch that has it is answered 400."""
        self._coming: deque[Mishap] = deque()
        self._hanging: list[Hanging] = []

    def answer(self, status: int, *, times: int = 1, at: str = "statements", body: str = "", **headers: str) -> None:
        """The next `times` requests are answered so and not carried out; retry_after= is the header Retry-After."""
        named = {name.replace("_", "-").title(): value for name, value in headers.items()}
        self._coming.extend([Mishap(at, reply=Reply(status, body.encode(), named))] * times)

    def drop(self, *, times: int = 1, at: str = "statements", after: bool = False) -> None:
        """The line is cut without an answer, before or after the request is carried out."""
        self._coming.extend([Mishap(at, after=after, drop=True)] * times)

    def hang(self, *, at: str = "statements", after: bool = False) -> Hanging:
        """The next request is not answered until let go, before or after it is carried out."""
        hanging = Hanging()
        self._hanging.append(hanging)
        self._coming.append(Mishap(at, after=after, hang=hanging))
        return hanging

    def stop(self) -> None:
        """What was asked for and has not happened yet will not."""
        self._coming.clear()

    def next_for(self, request: Request) -> Mishap | None:
        """The mishap that waits for this request, taken out of the queue."""
        for mishap in self._coming:
            if mishap.at == request.path:
                self._coming.remove(mishap)
                return mishap
        return None

    def end(self) -> None:
        """Let everything go that still hangs."""
        for hanging in self._hanging:
            hanging.let_go()
