"""Units, and what is the same for all of them: professions and areas."""

from wagtail.permissions import register_permission_policy

from .. import forms, rules
from ..models import Area, OrgUnit, Profession
from .base import AdministeredPolicy, AdministeredViewSet, everything

register_permission_policy(OrgUnit, AdministeredPolicy(OrgUnit, rows=rules.administered_units))
for shared in (Profession, Area):
    register_permission_policy(
        shared, AdministeredPolicy(shared, rows=everything(shared), runs=rules.administers_everything)
    )


class OrgUnitViewSet(AdministeredViewSet):
    model = OrgUnit
    icon = "site"
    add_form, edit_form = forms.NewUnitForm, forms.UnitForm
    list_display = ["name", "kind", "code", "sor", "verification"]
    list_filter = ["kind", "verification"]
    search_fields = ["name", "official_name", "code", "sor", "cvr"]


class ProfessionViewSet(AdministeredViewSet):
    model = Profession
    icon = "tag"
    add_form, edit_form = forms.NewProfessionForm, forms.ProfessionForm
    list_display = ["name_da", "name_en", "code", "authorisation_education_code"]
    search_fields = ["name_da", "name_en", "code"]


class AreaViewSet(AdministeredViewSet):
    model = Area
    icon = "globe"
    add_form, edit_form = forms.NewAreaForm, forms.AreaForm
    list_display = ["name", "kind", "code", "starts_on", "ends_on", "verification"]
    list_filter = ["kind", "verification"]
    search_fields = ["name", "code"]
