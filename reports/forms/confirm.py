"""Which of the practice tasks that wait are confirmed."""

from django import forms
from django.utils.translation import gettext_lazy as _


class TasksField(forms.MultipleChoiceField):
    """One statement or several. Whether each is one that waits for the user is the view's to ask."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: str) -> bool:
        return True


class ConfirmForm(forms.Form):
    task = TasksField(
        label=_("Practice tasks"),
        error_messages={"required": _("Choose at least one task, then press the button again.")},
    )
