"""Which area, and which day: what both pages of coverage ask for."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organisations.days import today
from organisations.enums import AreaKind
from organisations.models import Area

DAYS_AHEAD = 90
#: The day the municipalities of today came to be. The map can't show an earlier one.
EARLIEST = dt.date(2007, 1, 1)


class CoverageForm(forms.Form):
    """Which area, and which day."""

    omraade = forms.ChoiceField(label=gettext_lazy("Area"), required=False)
    dag = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        help_text=gettext_lazy("Any day since 2007, and up to 90 days ahead."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Write the day as year-month-day, like 2026-11-22.")},
    )

    def __init__(self, data: Any, *, areas: list[Area]) -> None:
        super().__init__(data)
        by_kind = [
            (AreaKind(kind).label, [(area.code, area.name) for area in areas if area.kind == kind])
            for kind in AreaKind.values
        ]
        cast("forms.ChoiceField", self.fields["omraade"]).choices = [
            ("", _("All of Denmark")),
            *[(label, choices) for label, choices in by_kind if choices],
        ]

    def clean_dag(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["dag"]
        if day is None:
            return None
        last = today() + dt.timedelta(days=DAYS_AHEAD)
        if day > last:
            raise forms.ValidationError(
                _("Choose a day up to %(day)s: further ahead too little is known."),
                code="too_far_ahead",
                params={"day": date_format(last)},
            )
        if day < EARLIEST:
            raise forms.ValidationError(
                _("Choose a day from %(day)s: that is when today's municipalities began."),
                code="too_early",
                params={"day": date_format(EARLIEST)},
            )
        return day
