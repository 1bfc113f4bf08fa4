"""`kill -9` in the middle of posting: what was acknowledged is there afterwards, once, and nothing drifts.

Each round starts where the last one was shot. `KILLS=20` shoots twenty times instead of three.
"""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.bench import server
from tests.factories.xapi import a_statement

KILLS = int(os.environ.get("KILLS") or 3)
CLIENTS = 4
LEARNERS = [uuid.UUID(int=number) for number in range(1, 6)]

pytestmark = [
    # These start servers and databases of their own: once is enough, beside the tests on PostgreSQL.
    pytest.mark.skipif(connection.vendor != "postgresql", reason="asked of PostgreSQL only"),
]


class Posting:
    """Clients that post batches until told to stop, and remember what was acknowledged."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.acknowledged: set[str] = set()
        self.going = True
        self.threads = [threading.Thread(target=self._post) for _ in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def _post(self) -> None:
        while self.going:
            batch = [a_statement(LEARNERS[n % 5], id=str(uuid.uuid4())) for n in range(5)]
            there = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
            with contextlib.closing(there), contextlib.suppress(OSError, http.client.HTTPException):
                there.request("POST", "/xapi/statements", json.dumps(batch), server.HEADERS)
                answer = there.getresponse()
                if answer.status == http.HTTPStatus.OK:
                    self.acknowledged.update(json.loads(answer.read()))
            time.sleep(0.005)

    def until(self, count: int) -> None:
        """Wait until so many more are acknowledged."""
        wanted, end = len(self.acknowledged) + count, time.monotonic() + 60
        while len(self.acknowledged) < wanted:
            assert time.monotonic() < end, "nothing is acknowledged any more"
            time.sleep(0.01)

    def stop(self) -> None:
        self.going = False
        for thread in self.threads:
            thread.join()


def assert_whole(database: str, acknowledged: set[str]) -> None:
    with psycopg.connect(database) as asked:
        stored = [str(row[0]) for row in asked.execute("SELECT uuid FROM xapi_statement")]
        claimed = {str(row[0]) for row in asked.execute("SELECT uuid FROM xapi_statementid")}
    assert len(acknowledged) > KILLS * 5
    assert acknowledged <= set(stored), "acknowledged, and gone"
    assert len(stored) == len(set(stored)), "stored twice"
    assert claimed == set(stored)
    server.manage("project", database=database)
    server.manage("rebuild", "--check", database=database)


def workers_of(port: int) -> list[int]:
    """The processes that listen on the port, but for the one that started them."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"127.0.0.1:{port}" in (entry / "cmdline").read_text():
                process = int(entry.name)
                found[process] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    return [process for process, parent in found.items() if parent in found]


def test_shooting_web_processes_loses_and_doubles_nothing():
    with server.postgres_database("lindra_kills") as database, server.serving(database, silent=True) as port:
        posting = Posting(port)
        try:
            for _kill in range(KILLS):
                posting.until(20)
                os.kill(workers_of(port)[0], signal.SIGKILL)
        finally:
            posting.stop()
        assert_whole(database, posting.acknowledged)


@pytest.fixture
def own_postgres() -> Iterator["OwnPostgres"]:
    """A database server that may be shot."""
    # Debian keeps the programs of each version apart.
    found = [shutil.which("initdb"), *sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))]
    programs = next((each for each in found if each), None)
    if programs is None:
        pytest.skip("initdb isn't installed")
    with tempfile.TemporaryDirectory() as folder:
        own = OwnPostgres(Path(programs).parent, Path(folder))
        try:
            yield own
        finally:
            own.shoot()


class OwnPostgres:
    def __init__(self, programs: Path, folder: Path) -> None:
        # PostgreSQL refuses to run as root.
        self.user = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
        if self.user:
            shutil.chown(folder, "postgres")
        self.programs, self.data = programs, folder / "data"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", f"--pgdata={self.data}")
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        self.start()

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self.programs / program, *arguments], check=True, capture_output=True, cwd="/", **self.user
        )

    def start(self) -> None:
        self.process = subprocess.Popen(
            [
                *(self.programs / "postgres", "-D", self.data, "-p", str(self.port), "-k", self.data),
                *("-c", "listen_addresses=127.0.0.1"),
            ],
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **self.user,
        )
        for _try in range(300):
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(self.url, connect_timeout=2).close()
                return
            time.sleep(0.1)
        raise AssertionError("PostgreSQL didn't come back")

    def shoot(self) -> None:
        # Its children are in sessions of their own; they end when they see that it is gone.
        children = subprocess.run(
            ["/bin/ps", "-o", "pid=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=False,
        ).stdout.split()
        for process in (self.process.pid, *map(int, children)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.process.wait()


def test_shooting_postgresql_loses_and_doubles_nothing(own_postgres, monkeypatch):
    monkeypatch.setattr(server, "POSTGRES", own_postgres.url)
    with server.postgres_database("lindra_kills") as database, server.serving(database, silent=True) as port:
        posting = Posting(port)
        try:
            for _kill in range(KILLS):
                posting.until(20)
                own_postgres.shoot()
                own_postgres.start()
        finally:
            posting.stop()
        assert_whole(database, posting.acknowledged)
