"""Serving the app with waitress, and the demo: people and progress to look at, on this machine only."""

from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import click
from waitress.server import create_server

from course.catalogue.library import load
from course.learning import demo
from course.learning.database import new_sessions, open_engine, upgrade
from course.web.app import create_app, warm
from course.web.config import Config, from_environment, kept_secret

THREADS = 2
"""Pages are work for the processor, of which Python uses one: more threads make each page wait for the others, and
one alone would let a large file hold up everybody. For more at once, run more workers.
"""


class CannotServe(Exception):
    """Why the course cannot be served as asked, and what to do."""


def serve(instance: Path, *, host: str, port: int) -> None:
    """Serve until stopped. Raises WrongDatabase, BrokenContent or CannotServe."""
    _listen(from_environment(instance), host=host, port=port)


def serve_demo(instance: Path, *, host: str, port: int) -> None:
    """Serve demo people and progress from a database of their own, with sign-ins made on this machine."""
    if not _is_this_machine(host):
        raise CannotServe("The demo's sign-ins are printed, so it is served to this machine only: leave --host out.")
    folder = instance / "demo"
    config = from_environment(folder, environ={})
    engine = open_engine(config.database_url)
    upgrade(engine)
    password = kept_secret(folder / "password", length=9)
    with new_sessions(engine)() as session:
        sign_ins = demo.fill(session, load(), datetime.now(UTC), lambda name: password)
    click.echo("Everybody in the demo is invented, and so is every letter in it: it sends no e-mail.")
    click.echo(f"Sign in with the password {password} as:")
    for sign_in in sign_ins:
        click.echo(f"  {sign_in.email:<34} {sign_in.name}, {sign_in.what}")
    _listen(config, host=host, port=port)


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _listen(config: Config, *, host: str, port: int) -> None:
    # Plain http to this same machine is the one place where a cookie must do without Secure.
    app = create_app(replace(config, secure_cookies=not _is_this_machine(host)))
    try:
        server = create_server(app, host=host, port=port, ident=None, threads=THREADS)
    except OSError as error:
        raise CannotServe(f"Cannot listen on {host}:{port}: {error.strerror}. Choose another with --port.") from error
    warm(app)
    port = getattr(server, "effective_port", port)  # port 0 asks for any that is free
    click.echo(f"The course is at http://{host}:{port} (Ctrl+C stops it).")
    server.run()
