"""A foreign LRS: Ralph, with its file store, takes what a push sends and gives it back."""

import json
import subprocess
from base64 import b64encode
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy.orm import Session, sessionmaker

from course.catalogue.events import Event
from course.learning import outbox as box
from course.learning.lrs import Lrs as Client
from course.learning.lrs import LrsAddress
from course.learning.sending import Sent, send_due
from course.learning.tables import Outgoing
from tests.xapi.conftest import Clock

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHON = ROOT / "build" / "ralph" / "bin" / "python"
USER, PASSWORD = "course", "a key of the tests"


@pytest.fixture(scope="module")
def ralph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LrsAddress]:
    assert PYTHON.exists(), "Ralph is not installed: run make test"
    folder = tmp_path_factory.mktemp("ralph")
    command = [PYTHON, Path(__file__).with_name("start_ralph.py"), folder, USER, PASSWORD]
    with (folder / "log").open("w") as log, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log) as process:
        assert process.stdout
        port = process.stdout.readline().decode().strip()
        assert port, (folder / "log").read_text()
        yield LrsAddress(f"http://127.0.0.1:{port}/xAPI/", USER, PASSWORD)
        process.terminate()


def kept(ralph: LrsAddress) -> dict[str, Any]:
    """Every statement that Ralph has, by id."""
    parts = urlsplit(ralph.endpoint)
    key = b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    headers = {"Authorization": f"Basic {key}", "X-Experience-API-Version": "1.0.3"}
    connection.request("GET", f"{parts.path}statements?limit=500", headers=headers)
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return {statement["id"]: statement for statement in answer["statements"]}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_ralph_has_each_statement_once_as_it_was_sent(
    ralph: LrsAddress,
    learn: Callable[..., object],
    outbox: Callable[[], list[Outgoing]],
    sessions: sessionmaker[Session],
    session: Session,
    whole_way: list[Event],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("course.learning.sending.BATCH", 4)  # several: its file store would by default take only one
    learn(whole_way)
    rows = outbox()
    assert send_due(sessions, Client(ralph), clock) == Sent(delivered=len(rows))
    found = kept(ralph)
    assert set(found) == {row.statement_id for row in rows}
    for row in rows:
        assert row.body.items() <= found[row.statement_id].items()
    assert box.counts(session) == (0, len(rows), 0)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_ralph_has_already_counts_as_delivered(
    ralph: LrsAddress,
    learn: Callable[..., object],
    outbox: Callable[[], list[Outgoing]],
    sessions: sessionmaker[Session],
    whole_way: list[Event],
    clock: Clock,
) -> None:
    learn(whole_way)
    rows, before = outbox(), len(kept(ralph))
    Client(ralph).send([row.body for row in rows[:3]])  # as a push does that is killed before it hears the answer
    assert send_due(sessions, Client(ralph), clock) == Sent(delivered=len(rows))
    assert len(kept(ralph)) == before + len(rows)
