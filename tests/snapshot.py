"""A whole database, kept aside and put back: what takes long to load is loaded once a process."""

import sqlite3
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils import timezone

#: A table, its columns and its rows.
Rows = tuple[str, list[str], list[tuple[Any, ...]]]


def all_rows() -> list[Rows]:
    """What stands in the tables of a database that is nearly empty."""
    quote, kept = connection.ops.quote_name, []
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
            cursor.execute("SELECT * FROM " + quote(table))  # noqa: S608  (a name of the schema)
            if rows := cursor.fetchall():
                kept.append((table, [column[0] for column in cursor.description], rows))
    return kept


@transaction.atomic  # keys to other tables are checked when all rows are there
def insert_rows(kept: list[Rows]) -> None:
    """Put the rows into empty tables as they were, without anybody being told."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table, columns, rows in kept:
            names, marks = ", ".join(map(quote, columns)), ", ".join(["%s"] * len(columns))
            insert = f"INSERT INTO {quote(table)} ({names}) VALUES ({marks})"  # noqa: S608  (names of the schema)
            cursor.executemany(insert, rows)


#: By what loads it, when and into which database: the tables it changes, before and after, and what it gave.
_LOADED: dict[tuple[Any, ...], tuple[list[Rows], list[Rows], Any]] = {}


def loaded_once(load: Callable[[], Any]) -> Any:
    """What `load` gives, and what it makes of the tables: it works once a process and day.

    Later tests get its rows as they were, if the tables that it changes are what it found the first time.
    Where the clock stands, only those for whom it stands at the same instant.
    """
    now = timezone.now()
    key = (load, now if now == timezone.now() else now.date(), connection.settings_dict["NAME"])
    if key in _LOADED:
        before, after, given = _LOADED[key]
        if [_rows_of(table) for table, _columns, _rows in before] == before:
            _replace(after)
            return given
        return load()
    before = {table: _rows_of(table) for table in _tables()}
    given = load()
    after = {table: _rows_of(table) for table in _tables()}
    changed = [table for table in before if before[table] != after[table]]
    _LOADED[key] = ([before[table] for table in changed], [after[table] for table in changed], given)
    return given


def _tables() -> list[str]:
    """Those of models, but for SQLite's index of words, which follows the rows that it is about."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(name for name in names if not name.endswith("_fts"))


def _rows_of(table: str) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM " + connection.ops.quote_name(table))  # noqa: S608  (a name of the schema)
        return table, [column[0] for column in cursor.description], sorted(cursor.fetchall(), key=repr)


@transaction.atomic  # keys to other tables are checked when all rows are there
def _replace(rows: list[Rows]) -> None:
    """Put these rows in the place of all that the tables hold; what is numbered goes on after them."""
    with connection.cursor() as cursor:
        for table, _columns, _rows in rows:
            cursor.execute("DELETE FROM " + connection.ops.quote_name(table))  # noqa: S608  (likewise)
    insert_rows([row for row in rows if row[2]])
    tables = {table for table, _columns, _rows in rows}
    numbered = [
        model for model in apps.get_models(include_auto_created=True) if model._meta.db_table in tables
    ]
    with connection.cursor() as cursor:
        for reset in connection.ops.sequence_reset_sql(no_style(), numbered):
            cursor.execute(reset)
    ContentType.objects.clear_cache()


class Snapshot:
    """The test database as it was when this was made. Nothing that was written since outlives `put_back`."""

    def __init__(self) -> None:
        connection.ensure_connection()
        self.name = connection.settings_dict["NAME"]
        if connection.vendor == "sqlite":
            self.kept = sqlite3.connect(":memory:")
            connection.connection.backup(self.kept)
        else:
            _copy_database(self.name, f"{self.name}_kept")

    def put_back(self) -> None:
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            self.kept.backup(connection.connection)
        else:
            _copy_database(f"{self.name}_kept", self.name)
        # What processes remember of rows that are others now.
        ContentType.objects.clear_cache()
        cache.clear()

    def forget(self) -> None:
        if connection.vendor == "sqlite":
            self.kept.close()
        else:
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{self.name}_kept" WITH (FORCE)')


def _copy_database(source: str, target: str) -> None:
    """PostgreSQL copies a database in which nobody works: the connections of earlier requests end first."""
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [source])
        cursor.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
