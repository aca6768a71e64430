"""A real mail server on this machine that keeps what it gets, refuses whom a test names, or breaks off."""

import asyncio
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from threading import Thread
from typing import Any, cast

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from course.learning.desk.mail.mailbox import Mailbox

CERTIFICATE = Path(__file__).with_suffix(".pem")
"""A key and a certificate for 127.0.0.1 that protect nothing."""


@dataclass
class Post:
    """What arrived, and how the server answers."""

    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    """Address to what the server says to it, such as `550 No such user`."""
    refuses_sender: str = ""
    """What it says to whoever sends, if it takes nothing from them."""
    breaks_off_before: str = ""
    """The address at which the connection is cut, before the letter is handed over."""
    breaks_off_after: str = ""
    """The address at which it is cut once the whole letter has arrived, in place of an answer."""
    encrypts: bool = False
    """Whether it offers STARTTLS, with a certificate that only CERTIFICATE vouches for."""
    encrypted: list[bool] = field(default_factory=list)
    """Of each letter, whether it came encrypted."""
    connections: int = 0
    port: int = 0

    @property
    def mailbox(self) -> Mailbox:
        return Mailbox(host="127.0.0.1", port=self.port, sender="course@example.org", tls="no")

    def to(self, address: str) -> EmailMessage:
        """The one letter to this address."""
        [number] = [n for n, recipient in enumerate(self.recipients) if recipient == address]
        return self.letters[number]


class _Keeper:
    """What aiosmtpd asks at each step."""

    def __init__(self, post: Post) -> None:
        self.post = post

    async def handle_EHLO(self, server: Any, session: Session, envelope: Envelope, name: str, answers: Any) -> Any:
        self.post.connections += 1
        session.host_name = name
        return answers

    async def handle_MAIL(self, server: Any, session: Session, envelope: Envelope, sender: str, options: Any) -> str:
        envelope.mail_from = sender
        return self.post.refuses_sender or "250 OK"

    async def handle_RCPT(self, server: Any, session: Session, envelope: Envelope, to: str, options: Any) -> str:
        if to == self.post.breaks_off_before:
            server.transport.abort()
        if said := self.post.refuses.get(to):
            return said
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        self.post.letters.append(cast(EmailMessage, message_from_bytes(cast(bytes, envelope.content), policy=default)))
        self.post.recipients += envelope.rcpt_tos
        self.post.encrypted.append(session.ssl is not None)
        if self.post.breaks_off_after in envelope.rcpt_tos:
            server.transport.abort()
        return "250 OK"


async def _start(post: Post) -> asyncio.Server:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)

    loop = asyncio.get_running_loop()

    def talk() -> SMTP:
        return SMTP(
            _Keeper(post), hostname="mail.example.org", loop=loop, tls_context=context if post.encrypts else None
        )

    server = await loop.create_server(talk, "127.0.0.1", 0)
    post.port = server.sockets[0].getsockname()[1]
    return server


async def _stop(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {cast("asyncio.Task[None]", asyncio.current_task())}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@pytest.fixture
def mail() -> Iterator[Post]:
    """A mail server with an empty letter box."""
    post, loop = Post(), asyncio.new_event_loop()
    # All of it in its own thread: in this one a browser's loop may be running.
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(_start(post), loop).result(10)
    yield post
    asyncio.run_coroutine_threadsafe(_stop(server), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()
