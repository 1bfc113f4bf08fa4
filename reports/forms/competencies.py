"""A leader signs off a competency; a person says how far she is herself."""

from typing import cast

from django import forms
from django.http import QueryDict
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from competencies.enums import ATTENDED, Rank, SignOffBasis
from competencies.models import Competency, SelfAssessment
from organisations.days import today
from organisations.validators import refuse_cpr_number

from .key_persons import DayInput

#: What a person says of a competency that she doesn't have.
NOT_YET = _("Not yet")


class SignOffForm(forms.Form):
    """Which level of one competency, what that rests on, and on which day it was seen."""

    level = forms.TypedChoiceField(
        label=_("Level"),
        widget=forms.RadioSelect,
        coerce=int,
        error_messages={"required": _("Choose the level that fits.")},
    )
    basis = forms.ChoiceField(
        label=_("What the confirmation rests on"),
        widget=forms.RadioSelect,
        choices=SignOffBasis.choices,
        error_messages={"required": _("Choose what the confirmation rests on.")},
    )
    attended = forms.CharField(
        label=_("Which course or education, and where"),
        help_text=_(
            "Needed where it rests on a course or an education; leave it empty otherwise. "
            "Nothing about patients, and no CPR number."
        ),
        max_length=200,
        required=False,
        validators=[refuse_cpr_number],
        widget=forms.TextInput({"data-only-with": "basis", "data-answers": " ".join(ATTENDED)}),
    )
    seen_on = forms.DateField(
        label=_("Day"),
        help_text=_("The day on which you saw it, or on which the course ended."),
        widget=DayInput(),
        initial=today,
    )

    def __init__(self, data: QueryDict | None = None, *, competency: Competency) -> None:
        super().__init__(data)
        field = cast("forms.TypedChoiceField", self.fields["level"])
        field.choices = _levels_of(competency)

    def clean(self) -> None:
        """A text that would not be kept is said, never dropped."""
        basis = self.cleaned_data.get("basis")
        if self.cleaned_data.get("attended") and basis and basis not in ATTENDED:
            said = _(
                "The text is kept only with a course or an education. Choose one of them above, or delete it."
            )
            self.add_error("attended", said)


class SelfAssessmentForm(forms.Form):
    """One question for each of some competencies; one that is left out stays as it was."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        competencies: list[Competency],
        said: dict[int, SelfAssessment],
    ) -> None:
        super().__init__(data)
        self.competencies = {competency.code: competency for competency in competencies}
        for code, competency in self.competencies.items():
            self.fields[code] = forms.TypedChoiceField(
                label=competency.title,
                help_text=escape(competency.text),
                widget=forms.RadioSelect,
                choices=[(int(Rank.NONE), NOT_YET), *_levels_of(competency)],
                coerce=int,
                empty_value=None,
                required=False,
                initial=said[competency.pk].level if competency.pk in said else None,
            )

    @property
    def levels(self) -> dict[Competency, int]:
        """What was chosen, of the competencies that something was chosen for."""
        return {
            competency: self.cleaned_data[code]
            for code, competency in self.competencies.items()
            if self.cleaned_data[code] is not None
        }


def _levels_of(competency: Competency) -> list[tuple[int, str]]:
    """The levels of the competency, each with what the framework says that it looks like."""
    return [(row.number, f"{Rank(row.number).label}: {row.text}") for row in competency.level_texts.all()]
