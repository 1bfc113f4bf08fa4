"""The front page and plain pages."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from ..blocks import RICH_TEXT


class HomePage(Page):
    """What Lindra is. Whoever is logged in is sent on to *Min side*."""

    lead = RichTextField(_("lead"), features=["bold", "italic", "link"])
    body = RichTextField(_("text"), features=[*RICH_TEXT, "h2"], blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    template = "content/home_page.html"
    max_count_per_parent = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["content.ModuleIndexPage", "content.InfoPage"]

    class Meta:
        verbose_name = _("front page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        modules = self.get_children().live().filter(content_type__model="moduleindexpage").first()
        return {**context, "modules": modules}

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and not getattr(request, "is_preview", False):
            return redirect(reverse("home"))
        return super().serve(request, *args, **kwargs)


class InfoPage(Page):
    """A plain page: accessibility, privacy, contact."""

    body = RichTextField(_("text"), features=[*RICH_TEXT, "h2"])

    content_panels = [*Page.content_panels, FieldPanel("body")]
    template = "content/info_page.html"
    parent_page_types = ["content.HomePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("plain page")
