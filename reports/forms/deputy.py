"""A leader's form: who stands in, from when to when."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from organisations.days import today
from organisations.models import Person

from .key_persons import DayInput


class DeputyForm(forms.Form):
    """Who, and the first and the last day."""

    person = forms.ModelChoiceField(
        label=_("Who stands in"),
        help_text=_("People who work in the unit, and leaders beside and above it."),
        queryset=Person.objects.none(),
        to_field_name="public_id",
        empty_label=_("Choose a person"),
        error_messages={"required": _("Choose who stands in.")},
    )
    starts_on = forms.DateField(
        label=_("First day"),
        widget=DayInput(),
        initial=today,
        error_messages={"required": _("Write the first day.")},
    )
    last_day = forms.DateField(
        label=_("Last day"), widget=DayInput(), error_messages={"required": _("Write the last day.")}
    )

    def __init__(self, data: QueryDict | None = None, *, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        cast("forms.ModelChoiceField", self.fields["person"]).queryset = people
