"""A leader's form: which module, whom, by when, and a line that goes with it."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from courses.domain.assignments import LONGEST
from organisations.days import today
from organisations.models import Person
from organisations.validators import refuse_cpr_number

from .key_persons import MOST_DAYS_AHEAD, DayInput


class AssignForm(forms.Form):
    """`modules` are pairs of key and title, `shown` pairs of person and words, of the `people` it may be."""

    module = forms.ChoiceField(label=_("Module"), error_messages={"required": _("Choose a module.")})
    people = forms.ModelMultipleChoiceField(
        label=_("Who"),
        queryset=Person.objects.none(),
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one person.")},
    )
    wanted_by = forms.DateField(label=_("Wanted by"), widget=DayInput(), required=False)
    note = forms.CharField(
        label=_("A line that goes with it"),
        help_text=_(
            "Whoever is asked reads it on My page. Nothing about patients, and nothing about health or "
            "other private matters."
        ),
        max_length=LONGEST,
        required=False,
        validators=[refuse_cpr_number],
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        modules: Iterable[tuple[str, str]],
        people: QuerySet[Person],
        shown: Iterable[tuple[Person, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        cast("forms.ChoiceField", self.fields["module"]).choices = [("", _("Choose a module")), *modules]
        field = cast("forms.ModelMultipleChoiceField", self.fields["people"])
        field.queryset = people
        field.choices = [(person.public_id, words) for person, words in shown]

    def clean_wanted_by(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["wanted_by"]
        if day is not None and day > today() + dt.timedelta(days=MOST_DAYS_AHEAD):
            raise ValidationError(_("The day is more than a year ahead. Check the year."))
        return day
