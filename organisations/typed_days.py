"""How a day is typed in the back office. What may be typed is said in config/formats."""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

#: How a day is typed. The calendar beside the field writes it so too.
AS_TYPED = _("Write the day like 1-12-2026.")


def say_how_days_are_written(form: forms.BaseForm) -> None:
    """Every field for a day has the same calendar, says how a day is typed, and repeats it when refusing."""
    for field in form.fields.values():
        if isinstance(field, forms.DateField):
            if not isinstance(field.widget, AdminDateInput):
                field.widget = AdminDateInput()
                field.widget.is_required = field.required
            field.help_text = format_lazy("{} {}", field.help_text, AS_TYPED) if field.help_text else AS_TYPED
            field.error_messages["invalid"] = _("That isn't a day. Write it like 1-12-2026.")
        elif isinstance(field, forms.DateTimeField):
            field.error_messages["invalid"] = _(
                "That isn't a day and an hour. Write them like 1-12-2026 14:30."
            )
