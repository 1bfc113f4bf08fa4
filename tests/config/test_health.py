"""Whether the site says that it is well, and what it says when it isn't."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

ROOT = Path(__file__).resolve().parents[2]
#: Nothing listens on port 1.
UNREACHABLE = "postgres://nobody:secret-word@127.0.0.1:1/nothing"


def ask_with_unreachable_database(*addresses: str) -> list[str]:
    """What a process whose database is down answers: status, then the body, of each address."""
    program = """
import sys, django
django.setup()
from django.test import Client
client = Client(raise_request_exception=False)
for address in sys.argv[1:]:
    response = client.get(address)
    print(response.status_code, response.content.decode().replace("\\n", " "))
"""
    environment = {
        **os.environ,
        "DATABASE_URL": UNREACHABLE,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
    }
    command = [sys.executable, "-c", program, *addresses]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_live_asks_nothing_of_the_database(client):
    response = client.get("/healthz/live")
    assert (response.status_code, response.content) == (200, b"alive\n")


@pytest.mark.django_db
def test_ready_when_the_database_has_every_migration(client):
    response = client.get("/healthz/ready")
    assert (response.status_code, response.content) == (200, b"ready\n")


@pytest.mark.django_db
def test_not_ready_while_a_migration_waits(client):
    [last] = MigrationLoader(connection).graph.leaf_nodes("organisations")
    MigrationRecorder(connection).record_unapplied(*last)
    response = client.get("/healthz/ready")
    assert (response.status_code, response.content) == (503, b"not ready: migrations are waiting (1)\n")


def test_with_the_database_down_the_probes_answer_and_pages_say_so_plainly():
    live, ready, page, missing = ask_with_unreachable_database(
        "/healthz/live", "/healthz/ready", "/moduler/", "/findes-ikke/"
    )
    assert live == "200 alive "
    assert ready == "503 not ready: the database does not answer "
    for answer in (page, missing):
        assert answer.startswith("503 ")
        assert [
            word for word in ("Traceback", "OperationalError", "secret-word", "psycopg") if word in answer
        ] == []
