"""A push in a process of its own, for a test to kill: python pusher.py DATABASE ENDPOINT USER PASSWORD NOW."""

import sys
from datetime import datetime

from course.learning.database import new_sessions, open_engine
from course.learning.lrs import Lrs, LrsAddress
from course.learning.sending import send_due

database, endpoint, user, password, now = sys.argv[1:]
send_due(
    new_sessions(open_engine(database)),
    Lrs(LrsAddress(endpoint, user, password)),
    lambda: datetime.fromisoformat(now),
)
