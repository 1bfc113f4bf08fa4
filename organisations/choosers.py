"""Choosing a person or a unit in the back office: by searching, since a nation doesn't fit in a list.

What can be searched is what `rules` says. A field refuses what isn't among its own rows, and shows no
name of it either.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets.chooser import BaseChooser

from . import rules
from .enums import PARENT_KINDS
from .models import Employment, OrgUnit, Person

# --- Fields -----------------------------------------------------------------------------------------------


class ScopedChooser(BaseChooser):
    """The button that opens the search. `rows` are the field's own, whatever was sent."""

    show_edit_link = False
    rows: QuerySet = Person.objects.none()

    def get_instance(self, value: Any) -> Any:
        if value is None or isinstance(value, self.model_class):
            return value
        try:
            return self.rows.filter(pk=value).first()
        except (TypeError, ValueError):
            return None


class PersonChooser(ScopedChooser):
    model = Person
    icon = "user"
    choose_one_text = _("Choose a person")
    choose_another_text = _("Choose another person")
    chooser_modal_url_name = "person_chooser:choose"


class InviteeChooser(PersonChooser):
    chooser_modal_url_name = "invitee_chooser:choose"


class UnitChooser(ScopedChooser):
    model = OrgUnit
    icon = "site"
    choose_one_text = _("Choose a unit")
    choose_another_text = _("Choose another unit")
    chooser_modal_url_name = "unit_chooser:choose"

    def get_display_title(self, instance: Any) -> str:
        return f"{instance.name} · {instance.get_kind_display()}"


class ParentChooser(UnitChooser):
    """Among the units of those kinds under which one of this `kind` can lie."""

    chooser_modal_url_name = "parent_chooser:choose"
    kind = ""

    def get_chooser_modal_url(self) -> str:
        return f"{super().get_chooser_modal_url()}?{urlencode({'kind': self.kind})}"


class ChooserField(forms.ModelChoiceField):
    """A choice among its queryset, which its widget shares."""

    def _set_queryset(self, queryset: QuerySet | None) -> None:
        super()._set_queryset(queryset)  # type: ignore[misc]  # Django's own, behind the property
        self.widget.rows = self.queryset

    queryset = property(forms.ModelChoiceField._get_queryset, _set_queryset)  # type: ignore[attr-defined]


class PersonField(ChooserField):
    widget = PersonChooser


class InviteeField(ChooserField):
    widget = InviteeChooser


class UnitField(ChooserField):
    widget = UnitChooser


class ParentField(ChooserField):
    """What a unit may lie under."""

    widget = ParentChooser

    def offer(self, user: Any, unit: OrgUnit) -> None:
        """Only what the user administers, and what fits the unit's kind."""
        self.widget.kind = unit.kind
        self.queryset = rules.administered_units(user).of_kind(*PARENT_KINDS[unit.kind])


# --- What the search finds ----------------------------------------------------------------------------------


class WordsForm(BaseFilterForm):
    """Every word that is written stands in one of the fields."""

    fields_searched: tuple[str, ...] = ()
    q = forms.CharField(label=_("Search for"), required=False, max_length=100)

    def filter(self, objects: QuerySet) -> QuerySet:
        words = self.cleaned_data["q"].split()
        for word in words:
            found = Q()
            for name in self.fields_searched:
                found |= Q(**{f"{name}__icontains": word})
            objects = objects.filter(found)
        self.is_searching, self.search_query = bool(words), " ".join(words)
        return objects


class PersonWordsForm(WordsForm):
    fields_searched = ("given_name", "family_name")


class UnitWordsForm(WordsForm):
    fields_searched = ("name", "official_name", "code")


class ParentWordsForm(UnitWordsForm):
    """Every search says again which kind of unit the parent is for."""

    kind = forms.CharField(required=False, widget=forms.HiddenInput)


class Scoped:
    """A view of what the user may choose among, and of nothing else."""

    rows: Callable[[Any], QuerySet] | None = None
    request: HttpRequest

    def allowed(self) -> QuerySet:
        return self.rows(self.request.user) if self.rows else Person.objects.none()

    def get_object_list(self) -> QuerySet:
        return self.allowed()

    def get_object(self, pk: str) -> Any:
        return get_object_or_404(self.allowed(), pk=pk)

    def can_create(self) -> bool:
        """People and units are made on their own pages."""
        return False


def with_todays_work(people: QuerySet, user: Any) -> QuerySet:
    """People with what `WorkColumn` shows of them: as much as the user administers."""
    visible: QuerySet[Employment] = rules.administered_employments(user).current()
    jobs = visible.select_related("unit", "profession")
    return people.prefetch_related(Prefetch("employments", queryset=jobs, to_attr="todays_work"))


class WorkColumn(Column):
    """Where a person works today, as what: people of the same name are told apart by it."""

    def __init__(self) -> None:
        super().__init__("work", label=_("Works in"))

    def get_value(self, instance: Any) -> str:
        return ", ".join(f"{job.unit} ({job.profession})" for job in instance.todays_work)


class ScopedPeople(Scoped):
    filter_form_class = PersonWordsForm

    def get_object_list(self) -> QuerySet:
        return with_todays_work(self.allowed(), self.request.user)

    @property
    def columns(self) -> list[Column]:
        return [*super().columns, WorkColumn()]  # type: ignore[misc]


class ScopedUnits(Scoped):
    filter_form_class = UnitWordsForm

    @property
    def columns(self) -> list[Column]:
        kind = Column("kind", label=_("Kind"), accessor="get_kind_display")
        return [*super().columns, kind]  # type: ignore[misc]


class ChoosePeople(ScopedPeople, chooser.ChooseView):
    """The search for people."""


class ChoosePeopleResults(ScopedPeople, chooser.ChooseResultsView):
    """What it found."""


class ChooseUnits(ScopedUnits, chooser.ChooseView):
    """The search for units."""


class ChooseUnitsResults(ScopedUnits, chooser.ChooseResultsView):
    """What it found."""


class ScopedParents(ScopedUnits):
    """Units that are over or haven't begun, too: a unit moves from a day that may be past or coming."""

    filter_form_class = ParentWordsForm

    def get_object_list(self) -> QuerySet:
        kinds = PARENT_KINDS.get(self.request.GET.get("kind", ""), set())
        units: QuerySet = super().get_object_list().filter(kind__in=kinds)
        return units

    @property
    def columns(self) -> list[Column]:
        ends = Column("ends_on", label=_("Exists until"), accessor=lambda unit: unit.ends_on or "")
        return [*super().columns, ends]


class ChooseParents(ScopedParents, chooser.ChooseView):
    """The search for what a unit may lie under."""


class ChooseParentsResults(ScopedParents, chooser.ChooseResultsView):
    """What it found."""


class Chosen(Scoped, chooser.ChosenView):
    """The one that was chosen."""

    def get_display_title(self, instance: Any) -> str:
        kind = getattr(instance, "get_kind_display", None)
        return f"{instance} · {kind()}" if kind else str(instance)


class ScopedChooserViewSet(ChooserViewSet):
    """`rows` says among which rows a user chooses."""

    register_widget = False
    chosen_view_class = Chosen
    rows: Callable[[Any], QuerySet]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(rows=self.rows, **kwargs)

    def get_urlpatterns(self) -> list[Any]:
        open_to_all = {"create", "chosen_multiple"}
        return [pattern for pattern in super().get_urlpatterns() if pattern.name not in open_to_all]


class PersonChooserViewSet(ScopedChooserViewSet):
    model = Person
    icon = "user"
    choose_one_text = _("Choose a person")
    choose_view_class = ChoosePeople
    choose_results_view_class = ChoosePeopleResults
    rows = staticmethod(rules.administered_people)


class InviteeChooserViewSet(PersonChooserViewSet):
    rows = staticmethod(rules.people_to_invite)


def _existing_units(user: Any) -> QuerySet[OrgUnit]:
    units: QuerySet[OrgUnit] = rules.administered_units(user).existing()
    return units


class UnitChooserViewSet(ScopedChooserViewSet):
    model = OrgUnit
    icon = "site"
    choose_one_text = _("Choose a unit")
    choose_view_class = ChooseUnits
    choose_results_view_class = ChooseUnitsResults
    rows = staticmethod(_existing_units)


class ParentChooserViewSet(UnitChooserViewSet):
    choose_view_class = ChooseParents
    choose_results_view_class = ChooseParentsResults
    rows = staticmethod(rules.administered_units)
