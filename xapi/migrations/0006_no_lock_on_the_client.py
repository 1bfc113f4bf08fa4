import django.db.models.deletion
from django.db import migrations, models


class AlterFieldOnPostgreSQL(migrations.AlterField):
    """SQLite would copy the whole table, and begin its numbers anew behind the last statement that is left."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == 'postgresql':
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == 'postgresql':
            super().database_backwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):

    dependencies = [
        ('xapi', '0005_clients_forwarding_imports_removals'),
    ]

    operations = [
        AlterFieldOnPostgreSQL(
            model_name='statement',
            name='client',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='xapi.client'),
        ),
    ]
