"""Runs Ralph on a free port of this machine, which it prints: python start_ralph.py FOLDER USER PASSWORD.

Run by the Python of Ralph's own environment; nothing of the course is there.
"""

import json
import os
import socket
import sys
from pathlib import Path

import bcrypt

folder, user, password = Path(sys.argv[1]), *sys.argv[2:]
(folder / "store").mkdir()
agent = {"objectType": "Agent", "account": {"homePage": "https://learn.example.org", "name": user}}
hashed = bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()
(folder / "auth.json").write_text(json.dumps([{"username": user, "hash": hashed, "agent": agent, "scopes": ["all"]}]))
os.environ |= {
    "RALPH_APP_DIR": str(folder),
    "RALPH_AUTH_FILE": str(folder / "auth.json"),
    "RALPH_RUNSERVER_BACKEND": "fs",
    "RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH": str(folder / "store"),
}
os.chdir(folder)

import uvicorn  # noqa: E402 (Ralph reads its settings when it is imported)
from ralph.backends.data.base import BaseOperationType  # noqa: E402
from ralph.backends.lrs.fs import FSLRSBackend  # noqa: E402

FSLRSBackend.default_operation_type = BaseOperationType.APPEND  # its own default refuses the second batch
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
uvicorn.Server(uvicorn.Config("ralph.api:app", log_level="warning")).run(sockets=[listening])
