"""What the app is run with: from the environment, else defaults that work on one machine."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from course.learning.desk.mail.mailbox import Mailbox
from course.learning.lrs import LrsAddress
from course.statements.profile import Profile
from course.statements.xapi import Telling
from course.web.settings import WrongSetting, is_address, one_of
from course.web.settings_mail import mailbox_from, public_address

__all__ = ["Config", "WrongSetting", "from_environment", "kept_secret"]


@dataclass(frozen=True)
class Config:
    """Settings of one running app."""

    instance: Path
    database_url: str
    secret_key: str
    local_file: Path | None = None
    secure_cookies: bool = True
    """Off only where the course is served over plain http to the same machine, as `course run` does."""
    rate_limit_storage: str = "memory://"
    """Where sign-in attempts are counted. With more than one worker, a storage that they share."""
    trusted_proxies: int = 0
    """How many reverse proxies stand before the app, whose X-Forwarded headers are believed."""
    lrs: LrsAddress | None = None
    """The LRS that XapiStatements are kept for; `course xapi push` sends them."""
    xapi_choices: bool = False
    xapi_by_email: bool = False
    mailbox: Mailbox | None = None
    """The mail server that letters are handed to. None: the course sends no e-mail."""
    course_url: str = ""
    """The public address without a slash at its end; known wherever e-mail is sent."""
    reminders_opt_out: bool = False
    """Whether learners may switch their reminders off."""

    def telling(self, address: str) -> Telling:
        """What is told to an LRS, with ids under the partnership's address."""
        return Telling(Profile(address), choices=self.xapi_choices, by_email=self.xapi_by_email)

    def for_flask(self) -> dict[str, Any]:
        """The same for Flask and its extensions."""
        return {
            "SECRET_KEY": self.secret_key,
            "SESSION_COOKIE_NAME": "course",
            "SESSION_COOKIE_SECURE": self.secure_cookies,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
            "WTF_CSRF_TIME_LIMIT": None,  # a learner may leave a step open over lunch; the token dies with the session
            "MAX_CONTENT_LENGTH": 256 * 1024,
            "RATELIMIT_STORAGE_URI": self.rate_limit_storage,
            "RATELIMIT_HEADERS_ENABLED": False,
            "MAILBOX": self.mailbox,
            "COURSE_URL": self.course_url,
            "REMINDERS_OPT_OUT": self.reminders_opt_out,
        }


def from_environment(instance: Path, environ: Mapping[str, str] = os.environ) -> Config:
    """Settings from DATABASE_URL, SECRET_KEY, LOCAL_FILE, RATE_LIMIT_STORAGE and TRUSTED_PROXIES, and for xAPI from
    XAPI_ENDPOINT with XAPI_USER and XAPI_PASSWORD, XAPI_ACTOR (pseudonym or email) and XAPI_CHOICES (no or yes); for
    e-mail from MAIL_SERVER and what settings_mail.py says of it, COURSE_URL, and REMINDERS_OPT_OUT (no or yes).

    What is missing has a default below `instance`, which is made if need be; a key that had to be made is kept
    there, readable by its owner alone. Raises WrongSetting for one of xAPI or e-mail that cannot be used.
    """
    instance.mkdir(parents=True, exist_ok=True)
    local = Path(environ.get("LOCAL_FILE", "local.yaml"))
    return Config(
        instance=instance,
        database_url=environ.get("DATABASE_URL") or f"sqlite:///{(instance / 'course.sqlite').resolve()}",
        secret_key=environ.get("SECRET_KEY") or kept_secret(instance / "secret_key"),
        local_file=local if local.exists() or "LOCAL_FILE" in environ else None,
        rate_limit_storage=environ.get("RATE_LIMIT_STORAGE", "memory://"),
        trusted_proxies=int(environ.get("TRUSTED_PROXIES", "0")),
        lrs=_lrs(environ),
        xapi_choices=one_of(environ, "XAPI_CHOICES", no="no", yes="yes"),
        xapi_by_email=one_of(environ, "XAPI_ACTOR", no="pseudonym", yes="email"),
        mailbox=mailbox_from(environ),
        course_url=public_address(environ),
        reminders_opt_out=one_of(environ, "REMINDERS_OPT_OUT", no="no", yes="yes"),
    )


def _lrs(environ: Mapping[str, str]) -> LrsAddress | None:
    endpoint, user, password = (environ.get(f"XAPI_{name}", "") for name in ("ENDPOINT", "USER", "PASSWORD"))
    if not endpoint:
        if user or password:
            raise WrongSetting("XAPI_USER or XAPI_PASSWORD is set and XAPI_ENDPOINT is not: set it, or none of them.")
        return None
    if not is_address(endpoint):
        raise WrongSetting(
            f"XAPI_ENDPOINT is {endpoint!r}: write it as https://lrs.example.org/xapi/, as the LRS shows it."
        )
    if not user or not password:
        raise WrongSetting("XAPI_ENDPOINT is set, so XAPI_USER and XAPI_PASSWORD must be: the LRS shows them as a key.")
    return LrsAddress(endpoint, user, password)


def kept_secret(path: Path, *, length: int = 32) -> str:
    """The secret in `path`, made at the first call, with mode 600 from its first moment."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(length))
    return path.read_text().strip()
