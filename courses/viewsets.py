"""The back office of this room: versions, reports of errors, local guides, modules and learning paths."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.ui.tables import TitleColumn as LinkColumn
from wagtail.permissions import register_permission_policy

from organisations.bilingual import language_in_use
from organisations.rules import administers_everything, keeps_guides, units_with_own_guides
from organisations.viewsets import AdministeredPolicy, AdministeredViewSet, everything

from . import forms
from .models import (
    Archiving,
    Edition,
    ErrorReport,
    LearningPath,
    LocalGuide,
    Module,
    ModuleVersion,
    PathModule,
)
from .rules import answers_error_reports, modules_to_edit, sees_versions, writes_modules


def kept_guides(user: Any) -> QuerySet:
    return LocalGuide.objects.filter(unit__in=units_with_own_guides(user))


CHANGE = frozenset({"change"})
# Administrators of the whole platform register an approval; versions are made by publishing only. Whoever
# writes or reviews modules sees what was approved, and what is due.
register_permission_policy(
    ModuleVersion,
    AdministeredPolicy(
        ModuleVersion,
        rows=everything(ModuleVersion),
        runs=administers_everything,
        sees=sees_versions,
        actions=CHANGE,
    ),
)
# Local editors and administrators, each within their units.
register_permission_policy(
    LocalGuide, AdministeredPolicy(LocalGuide, rows=kept_guides, runs=keeps_guides, sees=keeps_guides)
)
# Reports are made by learners, modules and paths by publishing and loading: none is added or taken away here.
# A module is an educator's whose page she may edit; reports and paths belong to no single unit.
for model, rows, educators in (
    (ErrorReport, everything(ErrorReport), answers_error_reports),
    (Module, modules_to_edit, writes_modules),
    (LearningPath, everything(LearningPath), writes_modules),
):
    register_permission_policy(
        model, AdministeredPolicy(model, rows=rows, runs=educators, sees=educators, actions=CHANGE)
    )


class TitleColumn(Column):
    """The newest title of a version or of a module, in the editor's language where there is one."""

    def get_value(self, instance: Any) -> str:
        versions: Any = [instance] if isinstance(instance, ModuleVersion) else instance.versions.all()
        language = language_in_use()
        editions = sorted(
            (edition for version in versions for edition in version.editions.all()),
            key=lambda edition: (edition.language == language, edition.version_id, edition.number),
        )
        return editions[-1].title if editions else ""


class ReviewColumn(Column):
    """Whether the day of the next review has passed."""

    def get_value(self, instance: Any) -> Any:
        return _("Should have been reviewed") if instance.is_overdue else ""


class ModuleVersionViewSet(AdministeredViewSet):
    model = ModuleVersion
    icon = "check"
    menu_order = 250
    add_to_admin_menu = True
    add_form = edit_form = forms.ApprovalForm
    related = (
        "module",
        "approved_by",
        Prefetch("editions", queryset=Edition.objects.defer("content", "grading")),
    )
    list_display = [
        "__str__",
        TitleColumn("title", label=_("Title")),
        "published_at",
        "approved_by",
        "approved_on",
        "review_due_on",
        ReviewColumn("review", label=_("Review")),
    ]
    list_filter = ["approved_on"]


class WordsColumn(Column):
    """The first words of what was reported. Not by whom: an answer needs no name."""

    def get_value(self, instance: Any) -> Any:
        return Truncator(instance.text).words(12) if instance.text else _("Erased")


class AnsweredColumn(Column):
    def get_value(self, instance: Any) -> Any:
        return _("Answered") if instance.is_answered else _("Waits for an answer")


class ErrorReportViewSet(AdministeredViewSet):
    model = ErrorReport
    icon = "warning"
    menu_label = _("Reports of errors")
    menu_order = 240
    add_to_admin_menu = True
    add_form = edit_form = forms.AnswerForm
    related = (Prefetch("edition", queryset=Edition.objects.defer("content", "grading")),)
    list_display = [
        "__str__",
        WordsColumn("words", label=_("What is wrong")),
        AnsweredColumn("state", label=_("State")),
        "created_at",
        "answered_at",
    ]


class LocalGuideViewSet(AdministeredViewSet):
    model = LocalGuide
    icon = "site"
    menu_label = _("Local guides")
    menu_order = 230
    add_to_admin_menu = True
    add_form, edit_form = forms.NewGuideForm, forms.GuideForm
    related = ("unit", "kept_by")
    list_display = ["__str__", "checked_on", "kept_by", BooleanColumn("is_shown", label=_("Shown"))]
    list_filter = ["topic"]
    search_fields = ["unit__name", "text"]
    # The index doesn't know the units' names.
    search_backend_name = None


class StandingColumn(Column):
    """Offered, archived or replaced: since when, by whom, and what was chosen."""

    def get_value(self, instance: Any) -> Any:
        if not instance.standing:
            return _("It is offered")
        (row,) = instance.standing
        values = {"day": date_format(localtime(row.decided_at)), "by": row.replaced_by}
        if row.replaced_by is None:
            said = gettext("Archived %(day)s") % values
        elif row.counts:
            said = gettext("Replaced by %(by)s; its completion counts. %(day)s") % values
        else:
            said = gettext("Replaced by %(by)s; its completion doesn't count. %(day)s") % values
        return f"{said}, {row.decided_by}" if row.decided_by else said


class PathsColumn(Column):
    """The learning paths that hold it, whether or not it is offered."""

    def get_value(self, instance: Any) -> str:
        return ", ".join(place.path.name for place in instance.places.all())


class ModuleViewSet(AdministeredViewSet):
    model = Module
    name = "modules"
    icon = "folder-open-inverse"
    menu_label = _("Modules in use")
    menu_order = 220
    add_to_admin_menu = True
    add_form = edit_form = forms.ArchivingForm
    related = (
        Prefetch("versions__editions", queryset=Edition.objects.defer("content", "grading")),
        Prefetch(
            "archivings",
            queryset=Archiving.objects.standing().select_related("decided_by", "replaced_by"),
            to_attr="standing",
        ),
        "places__path",
    )
    list_display = [
        "__str__",
        TitleColumn("title", label=_("Title")),
        StandingColumn("standing", label=_("What holds for it")),
        PathsColumn("paths", label=_("Learning paths")),
    ]
    search_fields = ["code"]


class PlacesColumn(Column):
    """The modules in their order; those that aren't offered any more say so."""

    def get_value(self, instance: Any) -> str:
        return ", ".join(
            gettext("%(module)s (archived)") % {"module": place.module}
            if place.module.standing
            else str(place.module)
            for place in instance.places.all()
        )


class PathViewSet(AdministeredViewSet):
    model = LearningPath
    name = "paths"
    icon = "list-ol"
    menu_order = 225
    add_to_admin_menu = True
    add_form = edit_form = forms.PathForm
    related = (
        Prefetch(
            "places",
            queryset=PathModule.objects.order_by("order")
            .select_related("module")
            .prefetch_related(
                Prefetch("module__archivings", queryset=Archiving.objects.standing(), to_attr="standing")
            ),
        ),
    )
    list_display = [
        LinkColumn("name", label=_("Name"), url_name="paths:edit"),
        PlacesColumn("places", label=_("Modules")),
    ]
