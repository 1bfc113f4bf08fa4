"""The embedded default: one web process, one worker, one SQLite file. `make run` ends here."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils import translation

from config.demo import LOGINS, PASSWORD

from .tick import tick

#: Seconds between two ticks, before a worker that fell is started again, to start, and to stop.
TICK_EVERY, RESTART_AFTER, START_WITHIN, STOP_WITHIN = 60, 5, 60, 10


class Command(BaseCommand):
    help = "Serve the site on HOST and PORT with one worker beside it, until Ctrl-C."
    # The database may not be there yet, and `prepare` sees to its migrations.
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument(
            "--prepare", action="store_true", help="first migrate, and load what comes with Lindra"
        )

    def handle(self, *args: Any, host: str, port: int, prepare: bool, **options: Any) -> None:
        refuse_taken_port(host, port)
        if prepare:
            call_command("migrate", interactive=False, verbosity=0)
            for name in [*settings.LOADS, *(["load_demo"] if settings.DEMO else [])]:
                call_command(name)
        House(host, port, self.stdout).run()


def refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Can't serve on {host}:{port}: {error.strerror or error}.\n"
                f"Something else may be using it. Stop that, or choose another: make run PORT={port + 1}"
            ) from error


class House:
    """The web process and the worker, as children that end with their parent."""

    def __init__(self, host: str, port: int, out: Any) -> None:
        self.address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self.url = f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{port}"  # noqa: S104
        self.out = out
        self.stopping = False

    def run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        # One process and a few threads: SQLite has one writer at a time, and more gain nothing.
        # With PostgreSQL, WEB_CONCURRENCY says how many processes.
        self.web = start(
            *("-m", "gunicorn", "config.wsgi:application", "--bind", self.address),
            *("--threads", "4", "--log-level", "warning", "--no-control-socket"),
        )
        self.children = [self.web]
        try:
            if self._answers():
                self._greet()
                self._watch()
        finally:
            self._end()
        if not self.stopping:
            raise CommandError("The web process ended by itself; what it said stands above.")

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    @property
    def _is_up(self) -> bool:
        return not self.stopping and self.web.poll() is None

    def _answers(self) -> bool:
        end = time.monotonic() + START_WITHIN
        while self._is_up and time.monotonic() < end:
            try:
                urllib.request.urlopen(f"{self.url}/healthz/live", timeout=5).close()  # noqa: S310  (our own)
            except OSError:
                time.sleep(0.2)
            else:
                return True
        return False

    def _greet(self) -> None:
        lines = ["", f"Lindra: {self.url}"]
        if settings.DEMO:
            lines.append(f"Demo log-ins, all with the password {PASSWORD}:")
            width = max(len(login.email) for login in LOGINS)
            with translation.override("en"):
                lines += [f"  {login.email:<{width}}  {login.does}" for login in LOGINS]
        lines += ["Stop with Ctrl-C. What is there is kept.", ""]
        self.out.write("\n".join(lines))
        self.out.flush()

    def _watch(self) -> None:
        worker: subprocess.Popen[bytes] | None = None
        next_tick = next_start = time.monotonic()
        while self._is_up:
            now = time.monotonic()
            if worker is None and now >= next_start:
                worker = start("manage.py", "project", "--follow")
                self.children = [self.web, worker]
            if worker is not None and worker.poll() is not None:
                self.out.write(f"The worker ended ({worker.returncode}); it is started again.")
                worker, next_start = None, now + RESTART_AFTER
            if now >= next_tick:
                close_old_connections()
                tick()
                next_tick = now + TICK_EVERY
            time.sleep(0.3)

    def _end(self) -> None:
        for child in self.children:
            if child.poll() is None:
                child.terminate()
        end = time.monotonic() + STOP_WITHIN
        for child in self.children:
            try:
                child.wait(timeout=max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()


def start(*arguments: str) -> subprocess.Popen[bytes]:
    """A child of this Python. In a session of its own: Ctrl-C reaches the parent, who ends the children."""
    return subprocess.Popen([sys.executable, *arguments], cwd=settings.BASE_DIR, start_new_session=True)  # noqa: S603
