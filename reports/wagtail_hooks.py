"""What this room adds to the back office: what the answers to a module say."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button

from courses.rules import modules_to_edit, writes_modules

from .views import answers

urls = [
    path("", answers.answers_index, name="index"),
    path("<uuid:key>/", answers.answers_of_module, name="module"),
    path("<uuid:key>/<str:word>.<str:kind>", answers.answers_download, name="download"),
]


@hooks.register("register_admin_urls")
def answers_urls() -> list[URLResolver]:
    return [path("svar/", include((urls, "answers")))]


class AnswersMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return writes_modules(request.user)


@hooks.register("register_admin_menu_item")
def answers_menu_item() -> MenuItem:
    return AnswersMenuItem(
        _("What the answers say"),
        reverse("answers:index"),
        name="answers",
        icon_name="view",
        order=235,
    )


@hooks.register("register_page_header_buttons")
def answers_of_page(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """From a module's page to what its answers say, for whoever may edit it."""
    if modules_to_edit(user).filter(key=page.translation_key, versions__isnull=False).exists():
        address = reverse("answers:module", args=[page.translation_key])
        yield Button(_("What the answers say"), url=address, icon_name="view", priority=75)
