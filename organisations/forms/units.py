"""Units, and what is the same for all of them: professions and areas."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .. import rules
from ..choosers import UnitField
from ..days import today
from ..domain import units
from ..models import Area, OrgUnit, Profession
from .base import DatedForm, DomainForm


class UnitForm(DatedForm):
    """A unit's names, identifiers and contact point. Kind and code stay what they are."""

    class Meta:
        model = OrgUnit
        fields = [
            "name",
            "official_name",
            "cvr",
            "sor",
            "population",
            "contact_name",
            "contact_phone",
            "contact_email",
            "starts_on",
            "ends_on",
        ]
        help_texts = {
            "ends_on": _(
                "The first day on which the unit no longer exists. "
                "Its place in the tree doesn't end by itself."
            )
        }


class NewUnitForm(UnitForm):
    """A unit and its place in the tree."""

    parent = UnitField(OrgUnit.objects.all(), label=_("Lies under"), required=False)
    placed_from = forms.DateField(label=_("Lies there from"), initial=today)

    class Meta(UnitForm.Meta):
        fields = ["kind", "code", *UnitForm.Meta.fields]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = rules.administered_units(self.for_user).existing()
        self.fields["parent"].required = not self.runs_everything

    def write(self) -> OrgUnit:
        unit = units.create_unit(**{name: self.cleaned_data[name] for name in self._meta.fields})
        if self.cleaned_data["parent"]:
            units.place_unit(
                unit, parent=self.cleaned_data["parent"], starts_on=self.cleaned_data["placed_from"]
            )
        return unit


class ProfessionForm(DomainForm):
    class Meta:
        model = Profession
        fields = ["name_da", "name_en", "authorisation_education_code", "order"]


class NewProfessionForm(ProfessionForm):
    class Meta(ProfessionForm.Meta):
        fields = ["code", *ProfessionForm.Meta.fields]


class AreaForm(DatedForm):
    class Meta:
        model = Area
        fields = ["name", "region_code", "starts_on", "ends_on", "source", "note"]


class NewAreaForm(AreaForm):
    class Meta(AreaForm.Meta):
        fields = ["kind", "code", *AreaForm.Meta.fields]
