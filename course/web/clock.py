"""The one place that asks what time it is."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

from flask import current_app


def now() -> datetime:
    """This moment, in UTC. With CLOCK in the app's settings, what that says: so a test can play a year."""
    clock = cast(Callable[[], datetime] | None, current_app.config.get("CLOCK"))
    return clock() if clock else datetime.now(UTC)
