"""A strict LRS of the project's own on 127.0.0.1, that keeps every request and can misbehave.

    with Lrs() as lrs:
        lrs.address, lrs.user, lrs.password            where a client sends to
        lrs.statements, lrs.states, lrs.requests       what arrived
        lrs.trouble.answer(503, times=2)               what goes wrong next
        lrs.routes["fetch"] = handle                   a resource of a test's own: (lrs, request) -> Reply

xAPI 1.0.3 as its specification reads it most narrowly: what a lenient LRS lets through is refused here.
"""

from tests.lrs.requests import Reply, Request
from tests.lrs.server import Lrs

__all__ = ["Lrs", "Reply", "Request"]
