"""A database of its own for a benchmark, thrown away afterwards, and words for what was measured."""

import contextlib
import os
import statistics
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit, urlunsplit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402


@contextlib.contextmanager
def scratch_database() -> Iterator[str]:
    """The name of the vendor, with an empty, migrated database behind it."""
    old = setup_databases(verbosity=0, interactive=False)
    try:
        yield connection.vendor
    finally:
        teardown_databases(old, verbosity=0)


def address() -> str:
    """Where another process finds the same database."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def seconds(work: Callable[[], object], *, times: int) -> float:
    """The median of so many runs, after one that isn't counted."""
    work()
    runs = []
    for _run in range(times):
        start = time.perf_counter()
        work()
        runs.append(time.perf_counter() - start)
    return statistics.median(runs)


def say(what: str, ours: float, peer: str, theirs: float, *, count: int = 1) -> None:
    """One line: what was compared, the rates, and the ratio."""
    print(
        f"{what}: {ours / count * 1000:.2f} ms, {peer}: {theirs / count * 1000:.2f} ms, "
        f"ratio {ours / theirs:.1f}"
    )
