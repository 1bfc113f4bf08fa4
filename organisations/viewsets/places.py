"""Where a unit lies in the tree: the list on its page, and the pages that change it."""

from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.forms import Media
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import Panel
from wagtail.admin.widgets.button import Button

from .. import forms, rules
from ..days import today
from ..enums import PARENT_KINDS
from ..models import UnitParent
from ..querysets import OrgUnitQuerySet
from .base import DomainEditView

# --- The list ---------------------------------------------------------------------------------------------


class PlaceRow(NamedTuple):
    """One place as the list shows it: what may be done with it, and where its parent is edited."""

    place: UnitParent
    is_past: bool
    is_coming: bool
    parent_url: str
    actions: list[tuple[Any, str]]


class PlacesPanel(Panel):
    """The unit's places: coming, present and past. What the user doesn't administer has no actions."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "organisations/panels/places.html"

        @property
        def media(self) -> Media:
            return Media(css={"all": ["organisations/places.css"]})

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            unit, user = self.instance, self.request.user
            places = list(unit.parent_links.select_related("parent").order_by("-starts_on"))
            mine = set(rules.administered_places(user).filter(unit=unit).values_list("pk", flat=True))
            begun_on = {place.starts_on for place in places}
            rows = [_row(place, is_mine=place.pk in mine, begun_on=begun_on) for place in places]
            can_move = bool(PARENT_KINDS[unit.kind]) and rules.movable_units(user).filter(pk=unit.pk).exists()
            goes_on = any(row.actions and not row.is_past for row in rows)
            return context | {
                "unit": unit,
                "rows": rows,
                "has_parents": bool(PARENT_KINDS[unit.kind]),
                "above": next((row.place for row in rows if not row.is_past and not row.is_coming), None),
                "move_url": reverse("orgunit:move", args=[unit.pk]) if can_move else "",
                "end_url": reverse("orgunit:end_place", args=[unit.pk]) if goes_on else "",
            }


def _row(place: UnitParent, *, is_mine: bool, begun_on: set[Any]) -> PlaceRow:
    now = today()
    is_coming = place.starts_on > now
    actions = [(pgettext_lazy("a place", "Correct"), "orgunit:correct_place")]
    if is_coming:
        actions.append((pgettext_lazy("a place", "Take back"), "orgunit:withdraw_place"))
    if place.ends_on is not None and place.ends_on not in begun_on:
        actions.append((_("Take back the end"), "orgunit:reopen_place"))
    return PlaceRow(
        place,
        is_past=place.ends_on is not None and place.ends_on <= now,
        is_coming=is_coming,
        parent_url=reverse("orgunit:edit", args=[place.parent_id]) if is_mine else "",
        actions=[
            (label, reverse(name, args=[place.unit_id, place.pk])) for label, name in actions if is_mine
        ],
    )


# --- The pages ----------------------------------------------------------------------------------------------


class PlaceView(DomainEditView):
    """Says what follows, and does it when that has been seen. A refusal is shown, and nothing is lost."""

    template_name = "organisations/place.html"
    error_message = _("Nothing is changed yet.")
    actions = ["edit"]
    explanation: Any = ""
    warning: Any = ""
    consequences: Any = None
    form: forms.PlaceForm

    def get_queryset(self) -> OrgUnitQuerySet:
        return rules.movable_units(self.request.user)

    def form_valid(self, form: forms.PlaceForm) -> HttpResponse:  # type: ignore[override]  # its own forms
        self.form = form
        if form.is_confirmed:
            return super().form_valid(form)
        try:
            form.rehearse()
        except ValidationError as refusal:
            forms.show_refusal(form, refusal)
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)
        self.consequences = form.follows()
        return self.render_to_response(self.get_context_data(form=form))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {
                "url": reverse(self.index_url_name),
                "label": capfirst(self.model._meta.verbose_name_plural),
            },
            {"url": reverse("orgunit:edit", args=[self.object.pk]), "label": str(self.object)},
            {"url": "", "label": self.page_title},
        ]

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def get_edit_url(self) -> str:
        return self.request.path

    def get_success_url(self) -> str:
        """Back to the unit, if it is still hers."""
        if rules.administered_units(self.request.user).filter(pk=self.object.pk).exists():
            return reverse("orgunit:edit", args=[self.object.pk])
        return reverse(self.index_url_name)

    def get_success_buttons(self) -> list[Button]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if not self.form.fields and not self.form.errors:
            self.consequences = self.form.follows()
        return context | {
            "place": self.form.place,
            "consequences": self.consequences,
            "choice": self.form.choice if self.consequences else "",
            "explanation": self.explanation,
            "warning": self.warning,
            "back": reverse("orgunit:edit", args=[self.object.pk]),
        }


class MoveView(PlaceView):
    log_action = "organisations.unit_moved"
    page_title = _("Move the unit")
    submit_button_label = _("Move the unit")
    success_message = _("The move of %(object)s is recorded.")
    explanation = _("Everything that lies under the unit comes along. The days before keep what they were.")


class EndPlaceView(PlaceView):
    log_action = "organisations.place_ended"
    page_title = _("End its place")
    submit_button_label = _("End its place")
    success_message = _("The end of the place of %(object)s is recorded.")
    warning = _(
        "From that day the unit lies under nothing. Leaders above it no longer see its people, and no "
        "municipality, hospital or region counts it. Whoever administers a unit above it no longer finds it "
        "here: only an administrator of the whole platform can give it a place again."
    )
    explanation = _(
        "If the unit goes elsewhere, move it instead. If it closes, write the day under “Exists until” too."
    )


class OnePlaceView(PlaceView):
    """About one of the unit's places, under a unit that the user administers too."""

    def get_queryset(self) -> OrgUnitQuerySet:
        return rules.administered_units(self.request.user)

    @cached_property
    def place(self) -> UnitParent:
        places = rules.administered_places(self.request.user).select_related("parent")
        return get_object_or_404(places, unit=self.object, pk=self.kwargs["place"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "place": self.place}


class CorrectPlaceView(OnePlaceView):
    log_action = "organisations.place_corrected"
    page_title = _("Correct the place")
    submit_button_label = _("Correct the place")
    success_message = _("The place of %(object)s is corrected.")
    warning = _(
        "Only for a place that was recorded wrongly: the unit never lay there. What is said of all the days "
        "of the place changes. If the unit has moved, move it instead."
    )


class ReopenPlaceView(OnePlaceView):
    log_action = "organisations.place_reopened"
    page_title = _("Take back the end")
    submit_button_label = _("Take back the end")
    success_message = _("The place of %(object)s goes on.")


class WithdrawPlaceView(OnePlaceView):
    log_action = "organisations.place_withdrawn"
    page_title = _("Take back the coming place")
    submit_button_label = _("Take back the coming place")
    success_message = _("The coming place of %(object)s is taken back.")
