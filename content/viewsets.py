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
from wagtail.admin.views.pages.workflow import WorkflowActionView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import SnippetViewSet

from organisations.rules import AnyUser, administers_everything, is_educator
from organisations.viewsets import AdministeredPolicy, everything

from .domain.review import is_as_submitted
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


class ActFromTheList(WorkflowActionView):
    """A step of the review, taken from the list of what waits.

    What can be read there, as a preview or compared, is the text that was submitted: that alone is approved
    from there. One that somebody has changed since is read in the editor, and approved there.
    """

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._to_the_editor(request) or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._to_the_editor(request) or super().post(request, *args, **kwargs)

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
    workflow_action_view_class = ActFromTheList
