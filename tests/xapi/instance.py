"""A second Lindra in a process of its own, with an SQLite database of its own: only its record store."""

import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from django.conf import settings


class Instance:
    def __init__(self, database: Path, **environment: str) -> None:
        self.database = database
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.endpoint = f"http://127.0.0.1:{self.port}/xapi/"
        self.environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{database}",
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            **environment,
        }
        self.manage("migrate", "xapi", "-v", "0")

    def start(self, *arguments: str, module: str = "manage.py") -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, *module.split(), *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def serve(self) -> subprocess.Popen:
        """The server, once it answers."""
        process = self.start(
            *("config.wsgi:application", "--bind", f"127.0.0.1:{self.port}", "--threads", "2"),
            *("--no-control-socket",),
            module="-m gunicorn",
        )
        end = time.monotonic() + 60
        while True:
            assert process.poll() is None
            assert time.monotonic() < end
            try:
                urllib.request.urlopen(f"{self.endpoint}about", timeout=5).close()  # noqa: S310  (our own)
            except OSError:
                time.sleep(0.05)
            else:
                return process

    def rows(self, query: str) -> list[tuple]:
        connection = sqlite3.connect(self.database, timeout=20)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def write(self, statement: str) -> None:
        connection = sqlite3.connect(self.database, timeout=20)
        with connection:
            connection.execute(statement)
        connection.close()

    def count(self) -> int:
        return self.rows("SELECT count(*) FROM xapi_statement")[0][0]
