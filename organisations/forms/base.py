"""What every form of the back office stands on."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from wagtail.admin.forms.models import WagtailAdminModelForm

from .. import rules
from ..typed_days import say_how_days_are_written


def show_refusal(form: forms.BaseForm, refusal: ValidationError) -> None:
    """Say in the form why the domain refused: at the field that the refusal names, else at the top."""
    for field, errors in getattr(refusal, "error_dict", {None: refusal}).items():
        form.add_error(field if field in form.fields else None, errors)


class DomainForm(WagtailAdminModelForm):
    """A form whose writing is a domain function; `for_user` is who sent it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_how_days_are_written(self)

    @property
    def runs_everything(self) -> bool:
        return rules.administers_everything(self.for_user)

    def write(self) -> Any:
        """Write what the valid form says, and return the row. May raise ValidationError."""
        return self.save()

    def logged(self) -> dict[str, str] | None:
        """What the history keeps of it, beside what was done, by whom and when."""
        return None


class DatedForm(DomainForm):
    """What exists from one day to another, as far as either is known."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        first, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and end and end <= first:
            self.add_error("ends_on", gettext("The end comes after the first day."))
        return cleaned
