"""A whole database, kept aside and put back: what takes long to load is loaded once a process."""

import sqlite3
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection, transaction

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
