"""Units, and what is the same for all of them: professions and areas."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.permissions import register_permission_policy

from .. import forms, rules
from ..models import Area, OrgUnit, Profession
from .base import AdministeredPolicy, AdministeredViewSet, everything
from .places import (
    CorrectPlaceView,
    EndPlaceView,
    MoveView,
    PlacesPanel,
    PlaceView,
    ReopenPlaceView,
    WithdrawPlaceView,
)

register_permission_policy(OrgUnit, AdministeredPolicy(OrgUnit, rows=rules.administered_units))
for shared in (Profession, Area):
    register_permission_policy(
        shared, AdministeredPolicy(shared, rows=everything(shared), runs=rules.administers_everything)
    )

#: The pages that change a unit's places: name, address, what is shown and what is sent.
PLACE_VIEWS: list[tuple[str, str, type[PlaceView], type[forms.PlaceForm]]] = [
    ("move", "move/<int:pk>/", MoveView, forms.MoveForm),
    ("end_place", "end-place/<int:pk>/", EndPlaceView, forms.EndPlaceForm),
    ("correct_place", "place/<int:pk>/<int:place>/correct/", CorrectPlaceView, forms.CorrectPlaceForm),
    ("reopen_place", "place/<int:pk>/<int:place>/reopen/", ReopenPlaceView, forms.ReopenPlaceForm),
    ("withdraw_place", "place/<int:pk>/<int:place>/withdraw/", WithdrawPlaceView, forms.WithdrawPlaceForm),
]


class OrgUnitViewSet(AdministeredViewSet):
    model = OrgUnit
    icon = "site"
    add_form, edit_form = forms.NewUnitForm, forms.UnitForm
    list_display = ["name", "kind", "code", "sor", "verification"]
    list_filter = ["kind", "verification"]
    search_fields = ["name", "official_name", "code", "sor", "cvr"]

    def get_edit_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        fields = [FieldPanel(name) for name in forms.UnitForm.Meta.fields]
        panel = ObjectList(
            [
                PlacesPanel(heading=_("Its places in the tree"), icon="site"),
                MultiFieldPanel(fields, heading=_("The unit"), icon="edit"),
            ]
        )
        return super().get_edit_view_kwargs(panel=panel.bind_to_model(OrgUnit), **kwargs)

    def get_urlpatterns(self) -> list[Any]:
        places = [
            path(address, self.place_view(view, form, name), name=name)
            for name, address, view, form in PLACE_VIEWS
        ]
        return [*super().get_urlpatterns(), *places]

    def place_view(
        self, view: type[PlaceView], form: type[forms.PlaceForm], name: str
    ) -> Callable[..., HttpResponse]:
        kwargs = super().get_edit_view_kwargs(
            form_class=form, template_name=view.template_name, edit_url_name=self.get_url_name(name)
        )
        return self.construct_view(view, **kwargs)


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
