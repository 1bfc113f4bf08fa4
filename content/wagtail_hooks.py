"""What this room adds to the back office."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from .viewsets import GlossaryViewSet

register_snippet(GlossaryViewSet)


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
