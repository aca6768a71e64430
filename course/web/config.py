"""What the app is run with: from the environment, else defaults that work on one machine."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any


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
        }


def from_environment(instance: Path, environ: Mapping[str, str] = os.environ) -> Config:
    """Settings from DATABASE_URL, SECRET_KEY, LOCAL_FILE, RATE_LIMIT_STORAGE and TRUSTED_PROXIES.

    What is missing has a default below `instance`, which is made if need be; a key that had to be made is kept
    there, readable by its owner alone.
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
    )


def kept_secret(path: Path, *, length: int = 32) -> str:
    """The secret in `path`, made at the first call, with mode 600 from its first moment."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(length))
    return path.read_text().strip()
