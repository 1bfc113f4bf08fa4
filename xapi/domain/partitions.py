"""The statements table in pieces by number, for a store that outgrows its memory (PostgreSQL only).

Nothing else changes: the number is the primary key, ids are unique in a table of their own, and no row
refers to a statement by a foreign key. What splitting buys is in docs/adr/0008.
"""

from django.db import connection, transaction

from xapi.asking import ask

#: How many pieces lie ready beyond the one that is being filled.
AHEAD = 2
_SIZE = "SELECT obj_description('xapi_statement'::regclass, 'pg_class')"
_SAYS = "lindra: pieces of "


class NotPossible(Exception):
    """Why the table can't be split."""


def split(rows: int) -> None:
    """Make the present table the first piece, with pieces of `rows` statements after it.

    Nobody stores meanwhile; it takes the time of reading the table once. Raises NotPossible.
    """
    if connection.vendor != "postgresql":
        raise NotPossible("Only PostgreSQL can split a table; SQLite is for one machine and its thousands.")
    if rows < 1:
        raise NotPossible("A piece holds at least one statement.")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("LOCK TABLE xapi_statement IN ACCESS EXCLUSIVE MODE")
        if _piece_size():
            raise NotPossible("The statements table is split already.")
        [(last,)] = ask("SELECT coalesce(max(seq), 0) FROM xapi_statement")
        # A TOAST table's or a sequence's name stays; those of indexes and constraints are taken again.
        indexes = ask(
            "SELECT c.relname, pg_get_indexdef(i.indexrelid)"
            " FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE i.indrelid = 'xapi_statement'::regclass AND NOT i.indisprimary"
        )
        keys = ask(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = 'xapi_statement'::regclass AND contype IN ('p', 'f')"
        )
        cursor.execute("ALTER TABLE xapi_statement ALTER seq DROP IDENTITY IF EXISTS")
        cursor.execute("ALTER TABLE xapi_statement RENAME TO xapi_statement_0")
        for name, _definition in indexes:
            cursor.execute(f'ALTER INDEX "{name}" RENAME TO "{name}_0"')
        for name, _definition in keys:
            cursor.execute(f'ALTER TABLE xapi_statement_0 RENAME CONSTRAINT "{name}" TO "{name}_0"')
        cursor.execute("CREATE TABLE xapi_statement (LIKE xapi_statement_0) PARTITION BY RANGE (seq)")
        cursor.execute(f"COMMENT ON TABLE xapi_statement IS '{_SAYS}{rows:d}'")
        for name, definition in keys:
            cursor.execute(f'ALTER TABLE xapi_statement ADD CONSTRAINT "{name}" {definition}')
        for _name, definition in indexes:
            cursor.execute(definition)
        cursor.execute("CREATE SEQUENCE xapi_statement_seq_seq OWNED BY xapi_statement.seq")
        cursor.execute("SELECT setval('xapi_statement_seq_seq', %s, %s)", [max(last, 1), last > 0])
        end = (last // rows + 1) * rows
        cursor.execute(
            f"ALTER TABLE xapi_statement ATTACH PARTITION xapi_statement_0"
            f" FOR VALUES FROM (MINVALUE) TO ({end:d})"
        )
        make_ready()


def make_ready() -> int:
    """See that there are pieces ahead of what is stored, and return how many were made. Run by `tick`."""
    rows = _piece_size()
    if not rows:
        return 0
    made = 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE xapi_statement IN SHARE UPDATE EXCLUSIVE MODE")
        [(last,)] = ask("SELECT last_value FROM xapi_statement_seq_seq")
        [(reached,)] = ask(
            "SELECT max((regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \\(''?(\\d+)'))[1]::bigint)"
            " FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            " WHERE i.inhparent = 'xapi_statement'::regclass"
        )
        while reached <= last + AHEAD * rows:
            name = f"xapi_statement_{reached:d}"
            # Made first and attached then, so that whoever stores or reads needn't wait.
            cursor.execute(f"CREATE TABLE {name} (LIKE xapi_statement INCLUDING INDEXES)")
            cursor.execute(
                f"ALTER TABLE xapi_statement ATTACH PARTITION {name}"
                f" FOR VALUES FROM ({reached:d}) TO ({reached + rows:d})"
            )
            reached += rows
            made += 1
    return made


def _piece_size() -> int:
    """How many statements a piece holds; 0 where the table is whole."""
    if connection.vendor != "postgresql":
        return 0
    [(comment,)] = ask(_SIZE)
    return int(comment.removeprefix(_SAYS)) if comment and comment.startswith(_SAYS) else 0
