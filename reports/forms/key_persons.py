"""A leader's forms: appoint a key person, and end an appointment."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from certification.enums import EducationKind
from organisations.days import today
from organisations.models import OrgUnit
from organisations.validators import refuse_cpr_number

#: How far ahead a leader plans; later is most likely a mistyped year.
MOST_DAYS_AHEAD = 366


class DayInput(forms.DateInput):
    """The browser's own date field, which speaks ISO whatever the page's language."""

    input_type = "date"

    def __init__(self, **attrs: str) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class AppointForm(forms.Form):
    """From when, of which of the units, and with which education, if any."""

    unit = forms.ModelChoiceField(
        label=_("Key person of"), queryset=OrgUnit.objects.none(), to_field_name="public_id", empty_label=None
    )
    starts_on = forms.DateField(label=_("From"), widget=DayInput(), initial=today)
    educated_on = forms.DateField(
        label=_("Key-person education completed on"),
        help_text=_("Leave it empty if she or he has not completed one yet."),
        widget=DayInput(),
        required=False,
    )
    education_kind = forms.ChoiceField(
        label=_("Which education"),
        help_text=_("Only when you wrote a day above."),
        choices=EducationKind.choices,
        required=False,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        units: QuerySet[OrgUnit],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, prefix="appoint", initial=initial)
        field = cast("forms.ModelChoiceField", self.fields["unit"])
        field.queryset = units
        if len(units) == 1:
            field.initial = units[0].public_id
            field.widget = forms.HiddenInput()

    def clean_starts_on(self) -> dt.date:
        starts_on: dt.date = self.cleaned_data["starts_on"]
        if starts_on > today() + dt.timedelta(days=MOST_DAYS_AHEAD):
            raise ValidationError(_("The day is more than a year ahead. Check the year."))
        return starts_on


class EndAppointmentForm(forms.Form):
    """The first day without the appointment, and why, if it is worth saying."""

    on = forms.DateField(label=_("First day without the task"), widget=DayInput(), initial=today)
    reason = forms.CharField(
        label=_("Why it ends"),
        help_text=_("Nothing about patients, and nothing about health or other private matters."),
        max_length=200,
        required=False,
        validators=[refuse_cpr_number],
    )

    def __init__(self, data: QueryDict | None = None, *, appointment: str) -> None:
        super().__init__(data, prefix=f"end-{appointment}")
