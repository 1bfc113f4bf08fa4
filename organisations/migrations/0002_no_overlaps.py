"""On PostgreSQL, the database too refuses intervals that overlap. Elsewhere this does nothing.

The domain functions check the same under a lock and answer with a sentence; these constraints hold
against whoever goes around them. They need the extension btree_gist. Where the database user may
not create it, they are left out and the operator is told.
"""

from django.db import Error, migrations, transaction

#: Table, name of the constraint, and what must be equal for two intervals to be in each other's way.
CONSTRAINTS = [
    ("organisations_employment", "employment_no_overlap", ["person_id", "unit_id", "profession_id"]),
    (
        "organisations_rolegrant",
        "rolegrant_no_overlap",
        ["person_id", "role", "COALESCE(unit_id, 0)", "COALESCE(area_id, 0)"],
    ),
    ("organisations_unitparent", "unitparent_no_overlap", ["unit_id"]),
    ("organisations_areamembership", "areamembership_no_overlap", ["area_id", "unit_id"]),
]


def _has_btree_gist(schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'btree_gist'")
        return cursor.fetchone() is not None


def add(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    except Error as error:
        if not _has_btree_gist(schema_editor):
            print(
                "\n  Notice: the PostgreSQL extension btree_gist can't be created "
                f"({str(error).splitlines()[0]}). The constraints against overlaps are left out; the "
                "platform checks them itself. To have them, let a superuser create the extension in the "
                "database before the first migration."
            )
            return
    for table, name, same in CONSTRAINTS:
        equal = ", ".join(f"({column}) WITH =" for column in same)
        schema_editor.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} "
            f"EXCLUDE USING gist ({equal}, daterange(starts_on, ends_on) WITH &&)"
        )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, name, _same in CONSTRAINTS:
        schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial")]
    operations = [migrations.RunPython(add, drop)]
