"""What this room adds to the back office."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.action_menu import (
    ActionMenuItem,
    CancelWorkflowMenuItem,
    PageLockedMenuItem,
    SubmitForModerationMenuItem,
    WorkflowMenuItem,
)
from wagtail.admin.auth import user_has_any_page_permission
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import RecentEditsPanel
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import Locale, Page, PageLogEntry
from wagtail.snippets.models import register_snippet

from courses.rules import sees_versions

from . import translations
from .domain.due import modules_to_review
from .domain.schedule import HELD_BACK, held_back
from .models import ModuleIndexPage, ModulePage
from .viewsets import GlossaryViewSet, ModuleViewSet

register_snippet(GlossaryViewSet)


@hooks.register("register_admin_viewset")
def modules() -> ModuleViewSet:
    return ModuleViewSet()


@hooks.register("insert_editor_js")
def clipboard() -> SafeString:
    """The script that copies blocks between modules, with its words."""
    return format_html(
        '<script src="{}" data-copy="{}" data-done="{}" data-copied="{}" data-paste="{}"></script>',
        static("content/clipboard.js"),
        pgettext("editor", "Copy"),
        pgettext("editor", "Copied"),
        _("It is copied. Open another module to paste it there."),
        _("Paste what was copied here"),
    )


class ReviewDuePanel(Component):
    """On the editors' front page: the modules that should be reviewed, and those that soon should."""

    name = "review_due"
    template_name = "content/panels/review_due.html"
    order = 150

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        pages = ModulePage.objects.live().filter(locale=Locale.get_default())
        return {"due": modules_to_review(pages)}


class HeldBackPanel(Component):
    """On the editors' front page: the modules whose hour came when something was missing."""

    name = "held_back"
    template_name = "content/panels/held_back.html"
    order = 140

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"held_back": held_back().select_related("page")}


@hooks.register("register_log_actions")
def tell_in_the_history(actions: LogActionRegistry) -> None:
    @actions.register_action(HELD_BACK)
    class HeldBack(LogFormatter):
        label = _("Hold back")

        def format_message(self, log_entry: PageLogEntry) -> str:
            missing = " ".join(log_entry.data["missing"])
            return gettext("Not published at its hour. Something was missing: %(missing)s") % {
                "missing": missing
            }


class WithdrawModule(CancelWorkflowMenuItem):
    label = _("Withdraw it from the review")


class ApproveModule(WorkflowMenuItem):
    """A step of the review as the first of the buttons. Enter in a field still saves the draft."""

    template_name = "content/panels/approve_button.html"


class SubmitModule(SubmitForModerationMenuItem):
    """The button that sends a module to its review, by what it does."""

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        return {**context, "label": _("Submit for clinical approval")}


@hooks.register("construct_page_action_menu")
def submit_module(menu_items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    """Of a module that is written, and of one that is about to be made."""
    page = context.get("page")
    if isinstance(page, ModulePage) or isinstance(context["parent_page"].specific, ModuleIndexPage):
        menu_items[:] = [
            SubmitModule(order=item.order) if item.name == SubmitModule.name else item for item in menu_items
        ]
        menu_items[:] = [
            WithdrawModule(order=item.order) if item.name == WithdrawModule.name else item
            for item in menu_items
        ]
        # A page that is locked while it is reviewed says so first; taking it back is a choice beside.
        menu_items.sort(key=lambda item: not isinstance(item, PageLockedMenuItem))
    if isinstance(page, ModulePage) and (task := page.current_workflow_task):
        # Wagtail adds "and Publish" to whatever the last task calls its button.
        own = [label for _name, label, _modal in task.get_actions(page, request.user)]
        buttons = [item for item in menu_items if isinstance(item, WorkflowMenuItem)]
        for button, label in zip(buttons, own, strict=False):
            button.label = label
        first = next((item for item in buttons if item.name == "approve"), None)
        if first is not None:
            approve = ApproveModule(first.name, first.label, first.launch_modal, icon_name=first.icon_name)
            menu_items[:] = [approve, *(item for item in menu_items if item is not first)]


@hooks.register("construct_homepage_panels")
def review_due(request: HttpRequest, panels: list[Component]) -> None:
    if not user_has_any_page_permission(request.user):
        # A reviewer's: what she has looked at isn't hers to open once it waits for her no longer.
        panels[:] = [panel for panel in panels if not isinstance(panel, RecentEditsPanel)]
    if sees_versions(request.user):
        panels += [HeldBackPanel(), ReviewDuePanel()]


@hooks.register("after_edit_page")
def back_to_what_waits(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Whoever approved or published goes back to the list that led here; a reviewer sees no page tree."""
    if isinstance(page, ModulePage) and "action-workflow-action" in request.POST:
        return redirect("wagtailadmin_home")
    return None


@hooks.register("before_edit_page", order=-1)
def open_side_by_side(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Before wagtail-localize shows its editor."""
    return translations.open_side_by_side(request, page)


@hooks.register("register_admin_urls", order=-1)
def ask_for_the_page_too() -> list[Any]:
    """The addresses of some of wagtail-localize's views: the first that fits is taken."""
    return [
        path("localize/submit/page/<int:page_id>/", translations.SubmitOwnPageView.as_view()),
        path(
            "localize/update/<int:translation_source_id>/",
            translations.UpdateOwnTranslationsView.as_view(),
        ),
        path("localize/page/<int:page_id>/convert_to_alias/", translations.refuse_alias),
    ]


@hooks.register("construct_page_action_menu")
def offer_no_alias(menu_items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """What `translations.refuse_alias` refuses isn't offered; `editor.css` hides it elsewhere."""
    menu_items[:] = [item for item in menu_items if item.name != "localize-convert-to-alias"]


@hooks.register("insert_global_admin_css")
def editors_styles() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("content/editor.css"))
