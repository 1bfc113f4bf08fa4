"""Questions put to the database by hand, where the store is hot.

On PostgreSQL the parameters travel beside the text and in binary, which Django's own cursors don't do:
they write each value into the text, and a batch then costs three times as much
(tests/bench/bench_store.py). Where `prepare_threshold` is set for the connection, a text that
returns is planned once.
"""

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import psycopg
from django.db import InterfaceError, OperationalError, connection

Answer = TypeVar("Answer")


def ask(text: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The rows of an answer. Counted and wrapped like any question that Django asks."""
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(text, parameters)
            return cursor.fetchall()
    connection.close_if_health_check_failed()
    if connection.connection is None:
        connection.ensure_connection()
    connection.validate_no_broken_transaction()
    bare: Any = psycopg.Cursor(connection.connection)
    if connection.queries_logged or connection.execute_wrappers:
        watched = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
        with watched(bare) as cursor:
            cursor.execute(_in_binary(text), parameters)
            return cursor.fetchall()
    # What Django's own wrapper of a cursor would do costs as much as a small question.
    with connection.wrap_database_errors:
        return bare.execute(_in_binary(text), parameters).fetchall()


@functools.lru_cache(maxsize=512)
def _in_binary(text: str) -> str:
    return text.replace("%s", "%b")


def tried(question: Callable[[], Answer]) -> Answer:
    """What the first question of a request answers. It tries the connection, which else costs one of its own.

    If the database cut the connection since the last request, a new one is asked the same again: only
    for a question that changes nothing.
    """
    if connection.in_atomic_block:
        return question()
    connection.health_check_done = True  # type: ignore[attr-defined]  # the stubs lack it
    try:
        return question()
    except (InterfaceError, OperationalError):
        connection.close()
        return question()
