"""Everything that `make test` runs: on SQLite, on PostgreSQL and in a browser where there is one.

Arguments go to pytest: `make test ARGS="tests/config -k health"`.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from tests.browser import NO_CHROMIUM, chromium

ROOT = Path(__file__).resolve().parents[1]
POSTGRES = os.environ.get("TEST_DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/test"
#: Two processes keep a laptop usable; more than eight gain nothing here.
PROCESSES = min(max(os.cpu_count() or 2, 2), 8)


def postgres_answers() -> str:
    """Why PostgreSQL can't be used; empty if it can."""
    try:
        psycopg.connect(POSTGRES, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        return str(error).strip().splitlines()[0]
    return ""


def run(name: str, database_url: str, *which: str) -> tuple[str, bool]:
    print(f"\n== Tests on {name} ==", flush=True)
    start = time.monotonic()
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
    }
    how = ["-n", str(PROCESSES), "--dist=worksteal", "-q", *which, *sys.argv[1:]]
    command = [sys.executable, "-m", "pytest", *how]
    passed = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0
    word = "passed" if passed else "FAILED"
    return f"{name}: {word} in {time.monotonic() - start:.0f} seconds", passed


def main() -> int:
    trouble = postgres_answers()
    results = [run("SQLite", "sqlite:///var/test.sqlite3")]
    if not trouble:
        # A browser is driven on one database, the quicker: on both it takes longer than anybody waits.
        results.append(run("PostgreSQL", POSTGRES, "-m", "not browser"))
    print()
    for line, _passed in results:
        print(line)
    if trouble:
        print(f"PostgreSQL: skipped, none answers at TEST_DATABASE_URL ({trouble})")
    print(f"Browser: {'driven, ' + path if (path := chromium()) else 'skipped, ' + NO_CHROMIUM}")
    return 0 if all(passed for _line, passed in results) else 1


if __name__ == "__main__":
    raise SystemExit(main())
