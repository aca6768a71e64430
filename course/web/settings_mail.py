"""The settings of e-mail: MAIL_SERVER and what it needs beside it."""

from collections.abc import Mapping
from email.utils import parseaddr
from ipaddress import ip_address
from urllib.parse import urlsplit

from course.learning.desk.mail.mailbox import PORTS, SECURITIES, Mailbox, Security
from course.web.settings import WrongSetting, is_address

_BESIDE = ("MAIL_USER", "MAIL_PASSWORD", "MAIL_FROM", "MAIL_TLS", "MAIL_REPLY_TO")


def mailbox_from(environ: Mapping[str, str]) -> Mailbox | None:
    """Where letters are handed in, from MAIL_SERVER (a host or host:port; without it no e-mail is sent), MAIL_FROM,
    MAIL_USER with MAIL_PASSWORD, MAIL_TLS (starttls, tls or no; starttls unless the server is this machine) and
    MAIL_REPLY_TO. Raises WrongSetting.
    """
    server = environ.get("MAIL_SERVER", "").strip()
    if not server:
        if found := [name for name in _BESIDE if environ.get(name)]:
            raise WrongSetting(f"{found[0]} is set and MAIL_SERVER is not: set it, or none of them.")
        return None
    host, port = _host_and_port(server)
    tls = _security(environ.get("MAIL_TLS") or ("no" if _is_loopback(host) else "starttls"))
    user, password = environ.get("MAIL_USER", ""), environ.get("MAIL_PASSWORD", "")
    if bool(user) != bool(password):
        raise WrongSetting("MAIL_USER and MAIL_PASSWORD go together: set both, or neither.")
    if user and tls == "no" and not _is_loopback(host):
        raise WrongSetting("MAIL_TLS is no, so MAIL_PASSWORD would be sent for all to read: leave MAIL_TLS out.")
    if not public_address(environ):
        raise WrongSetting("MAIL_SERVER is set, so COURSE_URL must be: links in letters begin with it.")
    return Mailbox(
        host=host,
        port=port or PORTS[tls],
        sender=_sender(environ, "MAIL_FROM"),
        user=user,
        password=password,
        tls=tls,
        reply_to=_sender(environ, "MAIL_REPLY_TO") if environ.get("MAIL_REPLY_TO") else "",
    )


def public_address(environ: Mapping[str, str]) -> str:
    """COURSE_URL, the address that people open the course at, without a slash at its end; empty where it is not set."""
    address = environ.get("COURSE_URL", "").strip()
    if address and not is_address(address):
        raise WrongSetting(f"COURSE_URL is {address!r}: write it as https://course.example.org.")
    return address.rstrip("/")


def _host_and_port(server: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(f"//{server}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or port == 0 or server != parts.netloc or "@" in server or any(c.isspace() for c in server):
        raise WrongSetting(f"MAIL_SERVER is {server!r}: write it as mail.example.org or mail.example.org:587.")
    return host, port


def _security(value: str) -> Security:
    for security in SECURITIES:
        if value == security:
            return security
    raise WrongSetting(f"MAIL_TLS is {value!r}: it may be {', '.join(SECURITIES)}.")


def _sender(environ: Mapping[str, str], name: str) -> str:
    """An address, perhaps with a name before it, as in a From line."""
    value = environ.get(name, "").strip()
    address = parseaddr(value)[1]
    if not value.isprintable() or not address.isascii() or address.count("@") != 1 or " " in address:
        raise WrongSetting(f"{name} is {value!r}: write it as course@example.org, or Learning <course@example.org>.")
    return value


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
