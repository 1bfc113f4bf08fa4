"""The back office of this room beside its pages: the glossary's words, and the list of what waits."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.views.generic.models import RevisionsCompareView as GenericRevisionsCompareView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.revisions import RevisionsCompareView
from wagtail.admin.views.pages.workflow import WorkflowActionView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import TaskState
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import SnippetViewSet

from organisations.rules import AnyUser, administers_everything, is_educator
from organisations.viewsets import AdministeredPolicy, everything

from .domain.review import is_as_submitted, tell_what_was_done
from .models import ClinicalReview, GlossaryTerm, ModulePage


def keeps_glossary(user: AnyUser) -> bool:
    """Educators, and administrators of the whole platform: words belong to no single unit."""
    return is_educator(user) or administers_everything(user)


# Whoever keeps the glossary may also take a word out of it: it is no fact about anybody.
register_permission_policy(
    GlossaryTerm,
    AdministeredPolicy(
        GlossaryTerm,
        rows=everything(GlossaryTerm),
        runs=keeps_glossary,
        sees=keeps_glossary,
        actions=frozenset({"add", "change", "delete"}),
    ),
)


class GlossaryViewSet(SnippetViewSet):
    model = GlossaryTerm
    icon = "openquote"
    menu_label = _("Glossary")
    menu_order = 260
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = [
        "term",
        "locale",
        "forms",
        BooleanColumn("is_linked", label=_("Explained in the modules")),
    ]
    search_fields = ["term", "forms", "definition"]
    search_backend_name = None
    panels = [
        FieldPanel("term"),
        FieldPanel("forms"),
        FieldPanel("definition"),
        FieldRowPanel([FieldPanel("source"), FieldPanel("source_year")]),
        FieldPanel("is_linked"),
    ]


class ModuleEditView(EditView):
    """The editor, which says what a step of the review has done."""

    def perform_workflow_action(self) -> HttpResponse:
        self.step: TaskState = self.page.current_workflow_task_state
        answered: HttpResponse = super().perform_workflow_action()
        return answered

    def add_save_confirmation_message(self) -> None:
        if self.action_name != "perform_workflow_action":
            super().add_save_confirmation_message()
            return
        title = self.page.get_admin_display_title()
        messages.success(self.request, tell_what_was_done(self.step, title=title))


class CompareModule(RevisionsCompareView):
    """Whoever may read the draft in the editor may read what has changed in it.

    Wagtail also asks for rights to some page. A reviewer has none: she reads what waits for her.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answered: HttpResponse = GenericRevisionsCompareView.dispatch(self, request, *args, **kwargs)
        return answered


class ActFromTheList(WorkflowActionView):
    """A step of the review, taken from the list of what waits.

    What can be read there, as a preview or compared, is the text that was submitted: that alone is approved
    from there. One that somebody has changed since is read in the editor, and approved there.
    """

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._to_the_editor(request) or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._to_the_editor(request) or self._act(request, *args, **kwargs)

    def _act(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        state: TaskState = self.task_state
        answered: HttpResponse = super().post(request, *args, **kwargs)
        state.refresh_from_db()
        if state.status != TaskState.STATUS_IN_PROGRESS:
            messages.success(request, tell_what_was_done(state, title=self.object.get_admin_display_title()))
        return answered

    def _to_the_editor(self, request: HttpRequest) -> HttpResponse | None:
        is_approving = self.action_name == "approve" and isinstance(self.task, ClinicalReview)
        if not is_approving or is_as_submitted(self.task_state):
            return None
        messages.error(
            request,
            gettext(
                "Somebody has changed the module since it was submitted. Read it here, and approve it here."
            ),
        )
        address = reverse("wagtailadmin_pages:edit", args=[self.object.pk])
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            led: HttpResponse = self.render_modal_json(request, {"step": "success", "redirect": address})
            return led
        return redirect(address)


class ModuleViewSet(PageViewSet):
    """Wagtail's views of a page, with our own step of the review; the list of modules stays Wagtail's."""

    model = ModulePage
    parent_models: list[Any] = []
    edit_view_class = ModuleEditView
    revisions_compare_view_class = CompareModule
    workflow_action_view_class = ActFromTheList
