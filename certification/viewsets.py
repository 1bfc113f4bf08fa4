"""The back office of this room: for administrators of the whole platform. Nothing is deleted."""

from typing import Any

from django.db.models import Model
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.permissions import register_permission_policy

from organisations.rules import administers_everything
from organisations.viewsets import AdministeredPolicy, AdministeredViewSet, everything

from . import forms
from .models import KeyPersonEducation, RelevanceDecision, Target, UnitReport


class KeyPersonPolicy(AdministeredPolicy):
    """Administrators of the whole platform; what else than looking is said by `writes`."""

    def __init__(self, model: type[Model], *, writes: set[str]) -> None:
        super().__init__(model, rows=everything(model), runs=administers_everything)
        self.actions = frozenset({"view", *writes})

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in self.actions and administers_everything(user)


register_permission_policy(Target, KeyPersonPolicy(Target, writes={"add", "change"}))
register_permission_policy(RelevanceDecision, KeyPersonPolicy(RelevanceDecision, writes={"add"}))
register_permission_policy(UnitReport, KeyPersonPolicy(UnitReport, writes=set()))
register_permission_policy(KeyPersonEducation, KeyPersonPolicy(KeyPersonEducation, writes={"add"}))


class TargetViewSet(AdministeredViewSet):
    model = Target
    icon = "tasks"
    inspect_view_enabled = True
    add_form, edit_form = forms.NewTargetForm, forms.TargetForm
    related = ("area", "profession")
    list_display = ["code", "area", "unit_kind", "profession", "minimum", "starts_on", "ends_on"]
    list_filter = ["area", "unit_kind"]
    search_fields = ["code", "text_da", "text_en"]


class RelevanceDecisionViewSet(AdministeredViewSet):
    model = RelevanceDecision
    icon = "help"
    inspect_view_enabled = True
    add_form = edit_form = forms.RelevanceDecisionForm
    related = ("unit", "decided_by")
    list_display = ["unit", "is_relevant", "why", "decided_by", "starts_on", "ends_on"]
    list_filter = ["is_relevant"]
    search_fields = ["unit__name", "why"]


class UnitReportViewSet(AdministeredViewSet):
    model = UnitReport
    icon = "doc-full"
    inspect_view_enabled = True
    add_form = edit_form = forms.UnitReportForm
    related = ("unit", "reported_by")
    list_display = ["unit", "as_of", "reported_by", "reported_at"]
    search_fields = ["unit__name"]


class KeyPersonEducationViewSet(AdministeredViewSet):
    model = KeyPersonEducation
    icon = "openquote"
    inspect_view_enabled = True
    add_form = edit_form = forms.KeyPersonEducationForm
    related = ("person",)
    list_display = ["person", "kind", "provider", "completed_on"]
    list_filter = ["kind"]
    search_fields = ["person__given_name", "person__family_name", "provider"]


class KeyPersonsAndTargets(ViewSetGroup):
    menu_label = _("Key persons and targets")
    menu_icon = "tasks"
    menu_order = 310

    @cached_property
    def items(self) -> tuple[AdministeredViewSet, ...]:
        return (TargetViewSet(), RelevanceDecisionViewSet(), UnitReportViewSet(), KeyPersonEducationViewSet())
