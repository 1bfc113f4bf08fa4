"""The back office of this room: approving a module version, answering reports of errors, local guides."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.permissions import register_permission_policy

from organisations.rules import administers_everything, keeps_guides, units_with_own_guides
from organisations.viewsets import AdministeredPolicy, AdministeredViewSet, everything, once_a_request

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


class ApprovalPolicy(AdministeredPolicy):
    """Administrators of the whole platform register an approval; versions are made by publishing only.

    Whoever writes or reviews modules sees what was approved, and what is due.
    """

    def __init__(self) -> None:
        super().__init__(ModuleVersion, rows=everything(ModuleVersion), runs=administers_everything)

    def user_has_permission(self, user: Any, action: str) -> bool:
        if action == "view":
            return once_a_request(user, sees_versions)
        return action == "change" and once_a_request(user, administers_everything)


register_permission_policy(ModuleVersion, ApprovalPolicy())


class TitleColumn(Column):
    """The newest title of the version, in the editor's language where there is one."""

    def get_value(self, instance: Any) -> str:
        editions = sorted(instance.editions.all(), key=lambda edition: edition.number)
        language = (get_language() or "da")[:2]
        fitting = [edition for edition in editions if edition.language == language] or editions
        return fitting[-1].title if fitting else ""


class ReviewColumn(Column):
    """Whether the day of the next review has passed."""

    def get_value(self, instance: Any) -> Any:
        return _("Should have been reviewed") if instance.is_overdue else ""


class ModuleVersionViewSet(AdministeredViewSet):
    model = ModuleVersion
    icon = "check"
    menu_label = _("Clinical approval")
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


class ErrorReportPolicy(AdministeredPolicy):
    """Who answers reports of errors. They are made by learners, and never taken away."""

    def __init__(self) -> None:
        super().__init__(ErrorReport, rows=everything(ErrorReport), runs=answers_error_reports)

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in {"view", "change"} and once_a_request(user, answers_error_reports)


register_permission_policy(ErrorReport, ErrorReportPolicy())


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


def kept_guides(user: Any) -> QuerySet:
    return LocalGuide.objects.filter(unit__in=units_with_own_guides(user))


class LocalGuidePolicy(AdministeredPolicy):
    """Local editors and administrators, each within their units."""

    def __init__(self) -> None:
        super().__init__(LocalGuide, rows=kept_guides, runs=keeps_guides)

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in {"view", "add", "change"} and once_a_request(user, keeps_guides)


register_permission_policy(LocalGuide, LocalGuidePolicy())


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


class ModulePolicy(AdministeredPolicy):
    """Educators, for the modules whose pages they may edit. Modules are made by publishing, and never go."""

    def __init__(self) -> None:
        super().__init__(Module, rows=modules_to_edit, runs=writes_modules)

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in {"view", "change"} and once_a_request(user, writes_modules)


register_permission_policy(Module, ModulePolicy())


class ModuleTitleColumn(Column):
    """The newest title, in the editor's language where there is one."""

    def get_value(self, instance: Any) -> str:
        language = (get_language() or "da")[:2]
        editions = sorted(
            (edition for version in instance.versions.all() for edition in version.editions.all()),
            key=lambda edition: (edition.language == language, edition.version_id, edition.number),
        )
        return editions[-1].title if editions else ""


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
        ModuleTitleColumn("title", label=_("Title")),
        StandingColumn("standing", label=_("What holds for it")),
        PathsColumn("paths", label=_("Learning paths")),
    ]
    search_fields = ["code"]


class PathPolicy(AdministeredPolicy):
    """Educators put the modules of the learning paths in order. Paths belong to no single unit."""

    def __init__(self) -> None:
        super().__init__(LearningPath, rows=everything(LearningPath), runs=writes_modules)

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in {"view", "change"} and once_a_request(user, writes_modules)


register_permission_policy(LearningPath, PathPolicy())


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
    menu_label = _("Learning paths")
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
    list_display = ["name", PlacesColumn("places", label=_("Modules"))]
