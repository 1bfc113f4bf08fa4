"""A server process on a PostgreSQL database of its own, and clients in another that keep it busy."""

import base64
import contextlib
import http.client
import json
import multiprocessing
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]
POSTGRES = os.environ.get("TEST_DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/test"
KEY, SECRET = "bench", "bench-secret-that-protects-nothing"  # a database that is thrown away
SECRET_KEY = "only-for-the-bench"  # likewise
HEADERS = {
    "Authorization": "Basic " + base64.b64encode(f"{KEY}:{SECRET}".encode()).decode(),
    "X-Experience-API-Version": "2.0.0",
    "Content-Type": "application/json",
}


@contextlib.contextmanager
def postgres_database(name: str) -> Iterator[str]:
    """The address of an empty, migrated database; durable as in production."""
    parts = urlsplit(POSTGRES)
    address = urlunsplit(parts._replace(path=f"/{name}"))
    with psycopg.connect(POSTGRES, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}"')
    try:
        manage("migrate", "--verbosity=0", database=address)
        manage(
            "create_xapi_client",
            "Bench",
            "--scope=all",
            f"--key={KEY}",
            f"--secret={SECRET}",
            database=address,
        )
        yield address
    finally:
        with psycopg.connect(POSTGRES, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def environment(database: str, settings: str = "config.settings.production") -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": settings,
        "SECRET_KEY": SECRET_KEY,
        "EMAIL_URL": "dummymail://",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECURE_SSL_REDIRECT": "false",
    }


def manage(*arguments: str, database: str, **settings: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(database, **settings),
        check=True,
        stdout=subprocess.DEVNULL,
    )


@contextlib.contextmanager
def serving(
    database: str,
    *,
    workers: int = 2,
    silent: bool = False,
    application: str = "config.wsgi:application",
    **settings: str,
) -> Iterator[int]:
    """The port of gunicorn with so many workers, in a process group of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"),
            *("--workers", str(workers), "--threads", "8", "--log-level", "warning"),
            *("--keep-alive", "30", "--no-control-socket"),
        ],
        cwd=ROOT,
        env=environment(database, **settings),
        start_new_session=True,
        stderr=subprocess.DEVNULL if silent else None,
    )
    try:
        wait_for(port)
        yield port
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)


def wait_for(port: int) -> None:
    for _try in range(200):
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            with contextlib.closing(connection):
                connection.request("GET", "/xapi/about")
                if connection.getresponse().status == http.HTTPStatus.OK:
                    return
        time.sleep(0.1)
    raise SystemExit("The server didn't start.")


@dataclass
class Load:
    """What so many clients got through: requests a second, and how long the slowest twentieth took."""

    rate: float
    p50: float
    p95: float
    errors: list[str]

    def __str__(self) -> str:
        text = f"{self.rate:.0f} a second, p50 {self.p50 * 1000:.1f} ms, p95 {self.p95 * 1000:.1f} ms"
        return f"{text}, {len(self.errors)} errors, first: {self.errors[0]}" if self.errors else text


Request = tuple[str, str, bytes | None]


def load(
    port: int,
    make: Callable[[int, int], list[Request]],
    *,
    clients: int,
    seconds: float,
    rounds: float = float("inf"),
    prepared: int = 0,
) -> Load:
    """Each client sends what `make(client, round)` gives, over one connection, from a second process.

    Until the seconds are over, or the rounds. So many rounds are `prepared` before the clock starts, where
    making what is sent would take the server's time.
    """
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_drive, args=(theirs, port, make, clients, seconds, rounds, prepared))
    process.start()
    times, elapsed, errors = ours.recv()
    process.join()
    times.sort()
    p95 = times[int(len(times) * 0.95)] if times else 0
    return Load(len(times) / elapsed, statistics.median(times or [0]), p95, errors)


class Wire:
    """One connection that asks and reads, and does nothing else.

    The standard library's client takes a third of a millisecond an answer to read its headers, on the same
    two cores as the server.
    """

    HEADERS = "".join(f"{name}: {value}\r\n" for name, value in {"Host": "127.0.0.1", **HEADERS}.items())

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self.socket.close()

    def ask(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        """The status and the body of the answer, which says its length or has none."""
        sent = body or b""
        head = f"{method} {path} HTTP/1.1\r\n{self.HEADERS}Content-Length: {len(sent)}\r\n\r\n"
        self.socket.sendall(head.encode() + sent)
        said = b""
        while b"\r\n\r\n" not in said:
            said += self._more()
        head_said, _end, said = said.partition(b"\r\n\r\n")
        length = re.search(rb"\r\ncontent-length: *(\d+)", head_said, re.IGNORECASE)
        pieces, missing = [said], (int(length[1]) if length else 0) - len(said)
        while missing > 0:
            pieces.append(self._more())
            missing -= len(pieces[-1])
        return int(head_said[9:12]), b"".join(pieces)

    def _more(self) -> bytes:
        piece = self.socket.recv(1 << 20)
        if not piece:
            raise ConnectionError("The server closed the connection.")
        return piece


def _drive(pipe, port, make, clients, seconds, rounds, prepared):
    times: list[float] = []
    errors: list[str] = []
    ready = {(client, turn): make(client, turn) for client in range(clients) for turn in range(prepared)}
    rounds = min(rounds, prepared or rounds)
    end = time.perf_counter() + seconds

    def one(client: int) -> None:
        turn = 0
        with Wire(port) as wire:
            while time.perf_counter() < end and turn < rounds:
                for request in ready.get((client, turn)) or make(client, turn):
                    start = time.perf_counter()
                    status, said = wire.ask(*request)
                    times.append(time.perf_counter() - start)
                    if status >= http.HTTPStatus.BAD_REQUEST:
                        errors.append(f"{status} {said[:200]!r}")
                turn += 1

    began = time.perf_counter()
    threads = [threading.Thread(target=one, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pipe.send((times, time.perf_counter() - began, errors))


def resident(port: int) -> float:
    """What the server's processes hold in memory together, in MB; what they share counts more than once."""
    pages = 0
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"127.0.0.1:{port}" in (entry / "cmdline").read_text():
                pages += int((entry / "statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def dumps(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
