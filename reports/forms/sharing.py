"""A learner's forms: with whom she shares a reflection, and which colleague she asks for support."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.domain.sharing import LONGEST, Choice
from courses.enums import Audience
from organisations.models import Person
from organisations.validators import refuse_cpr_number


class ShareForm(forms.Form):
    """`choices` are those of today that aren't chosen yet."""

    with_whom = forms.ChoiceField(
        label=gettext_lazy("Who may read it?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose who may read it."),
            "invalid_choice": gettext_lazy("That can't be chosen any more. Choose one of those shown."),
        },
    )
    comment = forms.CharField(
        label=gettext_lazy("A line that goes with it"),
        help_text=gettext_lazy(
            "Only when you share by name. "
            "Never write anything that can identify a patient, and no CPR number."
        ),
        max_length=LONGEST,
        required=False,
        validators=[refuse_cpr_number],
    )

    def __init__(self, data: QueryDict | None = None, *, choices: Iterable[Choice]) -> None:
        super().__init__(data)
        self.by_key = {choice.key: choice for choice in choices}
        field = cast("forms.ChoiceField", self.fields["with_whom"])
        field.choices = [(key, in_words(choice)) for key, choice in self.by_key.items()]

    @property
    def chosen(self) -> Choice:
        return self.by_key[self.cleaned_data["with_whom"]]


def in_words(choice: Choice) -> str:
    """Whom she would share with: by name, so that she knows who reads it."""
    if choice.unit is None:
        return str(choice.audience.label)
    said = (
        _("Your leader in %(unit)s: %(names)s")
        if choice.audience == Audience.LEADER
        else _("Key persons near %(unit)s: %(names)s")
    )
    names = ", ".join(person.full_name for person in choice.readers)
    return said % {"unit": choice.unit.name, "names": names}


class AskColleagueForm(forms.Form):
    """`people` are the colleagues who may be asked."""

    colleague = forms.ModelChoiceField(
        label=gettext_lazy("Which colleague?"),
        help_text=gettext_lazy("Colleagues in your unit who have a log-in."),
        queryset=Person.objects.none(),
        to_field_name="public_id",
        empty_label=gettext_lazy("Choose a colleague"),
        error_messages={
            "required": gettext_lazy("Choose a colleague."),
            "invalid_choice": gettext_lazy("Choose a colleague who works in the same unit as you today."),
        },
    )

    def __init__(self, data: QueryDict | None = None, *, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        cast("forms.ModelChoiceField", self.fields["colleague"]).queryset = people
