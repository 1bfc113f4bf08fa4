"""A guide says when it was last made sure that it holds; the advice card is one of its topics."""

from django.db import migrations, models


def checked_when_changed(apps, _schema_editor):
    apps.get_model("courses", "LocalGuide").objects.update(checked_on=models.F("changed_on"))


class Migration(migrations.Migration):
    dependencies = [("courses", "0007_first_answers_and_archivings")]

    operations = [
        migrations.AlterField(
            model_name="localguide",
            name="topic",
            field=models.CharField(
                choices=[
                    ("advice", "Advice day and night"),
                    ("equipment", "Equipment and aids"),
                    ("medicine", "Medicine at home"),
                    ("volunteers", "Volunteers"),
                    ("phone", "Phone numbers"),
                    ("night", "Evening, night and weekend"),
                    ("bereavement", "Those left behind"),
                ],
                max_length=20,
                verbose_name="topic",
            ),
        ),
        migrations.AddField(
            model_name="localguide",
            name="checked_on",
            field=models.DateField(null=True, verbose_name="checked on"),
        ),
        migrations.RunPython(checked_when_changed, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="localguide",
            name="checked_on",
            field=models.DateField(verbose_name="checked on"),
        ),
    ]
