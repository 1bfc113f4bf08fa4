"""The back office of this room: approving a module version, answering reports of errors, local guides."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.permissions import register_permission_policy

from organisations.rules import administers_everything, keeps_guides, units_with_own_guides
from organisations.viewsets import AdministeredPolicy, AdministeredViewSet, everything, once_a_request

from . import forms
from .models import Edition, ErrorReport, LocalGuide, ModuleVersion
from .rules import answers_error_reports, sees_versions


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
    list_display = ["__str__", "changed_on", "kept_by", "is_shown"]
    list_filter = ["topic"]
    search_fields = ["unit__name", "text"]
