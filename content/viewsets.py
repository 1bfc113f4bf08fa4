"""The back office of this room beside its pages: the glossary's words."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import SnippetViewSet

from organisations.rules import AnyUser, administers_everything, is_educator
from organisations.viewsets import AdministeredPolicy, everything

from .models import GlossaryTerm


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
