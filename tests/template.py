"""A database as the migrations made it: made once for all the processes of a run, each of which copies it."""

import fcntl
import os
import shutil
from pathlib import Path
from tempfile import gettempdir

from django.db import connection


def begin_as_a_copy(run: str) -> None:
    """Let this process's test database begin as a copy: the migrations take a processor most of a minute.

    The first process of the run that gets here makes what is copied; the others wait for it.
    """
    name = _name(run)
    with _mark(run).open("a+") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        if not mark.seek(0, os.SEEK_END):
            _make(name)
            mark.write("made")
    test = connection.settings_dict["TEST"]
    test["MIGRATE"] = False  # nothing is left to do
    if connection.vendor == "postgresql":
        test["TEMPLATE"] = name
        return
    create = connection.creation._create_test_db

    def copy(*args: object, **how: object) -> str:
        shutil.copyfile(name, created := create(*args, **how))
        return created

    connection.creation._create_test_db = copy


def drop(run: str) -> None:
    """Leave nothing of it, if a test of the run asked for a database."""
    if _mark(run).exists():
        _mark(run).unlink()
        connection.creation._destroy_test_db(_name(run), verbosity=0)


def _name(run: str) -> str:
    if connection.vendor == "sqlite":
        return str(Path(gettempdir()) / f"lindra-template-{run}.sqlite3")
    # The same in every run: what a killed one left is overwritten.
    return f"test_{connection.settings_dict['NAME']}_template"


def _mark(run: str) -> Path:
    """A file that is locked while the database is made, and empty until it is."""
    return Path(gettempdir()) / f"lindra-template-{run}.mark"


def _make(name: str) -> None:
    database = connection.settings_dict
    ours, theirs = database["NAME"], database["TEST"]["NAME"]
    database["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()  # PostgreSQL copies no database in use, and SQLite's file is whole only then
    database["NAME"], database["TEST"]["NAME"] = ours, theirs
