"""The back office's forms. Each writes through the domain, as the user who sent it."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from organisations.choosers import PersonField, UnitField
from organisations.forms import DomainForm
from organisations.models import OrgUnit, Profession
from organisations.rules import person_of

from .domain.education import record_education
from .domain.key_persons import KEY_PERSON_PROFESSIONS
from .domain.reporting import decide_relevance
from .domain.targets import Decision, adopt_target, end_target
from .models import KeyPersonEducation, RelevanceDecision, Target, UnitReport


class NewTargetForm(DomainForm):
    """A target, with the decision that adopted it."""

    class Meta:
        model = Target
        fields = [
            "area",
            "code",
            "text_da",
            "text_en",
            "unit_kind",
            "profession",
            "minimum",
            "relevant_only",
            "decision_da",
            "decision_en",
            "source_year",
            "starts_on",
            "ends_on",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["profession"].queryset = Profession.objects.filter(code__in=KEY_PERSON_PROFESSIONS)

    def write(self) -> Target:
        said = dict(self.cleaned_data)
        decision = Decision(
            text_da=said.pop("decision_da"), text_en=said.pop("decision_en"), year=said.pop("source_year")
        )
        return adopt_target(said.pop("area"), decision=decision, **said)


class TargetForm(DomainForm):
    """The end of a target. What was adopted stays as it is: another number is another target."""

    class Meta:
        model = Target
        fields = ["ends_on"]

    def clean_ends_on(self) -> dt.date:
        day: dt.date | None = self.cleaned_data["ends_on"]
        if day is None:
            raise ValidationError(_("Give the first day on which the target is no longer in force."))
        return day

    def write(self) -> Target:
        return end_target(Target.objects.get(pk=self.instance.pk), on=self.cleaned_data["ends_on"])


class RelevanceDecisionForm(DomainForm):
    """Whether a unit is a relevant one from a day, and why."""

    class Meta:
        model = RelevanceDecision
        fields = ["unit", "is_relevant", "why", "starts_on"]
        field_classes = {"unit": UnitField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = OrgUnit.objects.existing()

    def write(self) -> RelevanceDecision:
        return decide_relevance(
            self.cleaned_data.pop("unit"), **self.cleaned_data, by=person_of(self.for_user)
        )


class UnitReportForm(DomainForm):
    """A report is made where the key persons are kept, by whoever leads the unit. Here it is only read."""

    class Meta:
        model = UnitReport
        fields: list[str] = []


class KeyPersonEducationForm(DomainForm):
    """An education that a key person has completed."""

    class Meta:
        model = KeyPersonEducation
        fields = ["person", "kind", "provider", "completed_on"]
        field_classes = {"person": PersonField}

    def write(self) -> KeyPersonEducation:
        return record_education(
            self.cleaned_data.pop("person"), **self.cleaned_data, by=person_of(self.for_user)
        )
