"""What the back office asks of this room: translating a module side by side."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html
from wagtail import hooks
from wagtail.models import Page

from . import translations


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
    """What `translations.refuse_alias` refuses isn't offered; `translating.css` hides it elsewhere."""
    menu_items[:] = [item for item in menu_items if item.name != "localize-convert-to-alias"]


@hooks.register("insert_global_admin_css")
def put_languages_side_by_side() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("content/translating.css"))
