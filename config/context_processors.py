"""What the base layout needs on every page. Nothing is asked of the database before it is used."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from wagtail.models import Page

from . import __version__
from .demo import LOGINS, PASSWORD, Login
from .navigation import PAGE_SLUGS, Item, mine, navigation

#: Each in its own language, whatever the page's: whoever looks for hers can read it.
LANGUAGE_NAMES = {"da": "Dansk", "en": "English"}


class House:
    """`lindra` in every template."""

    version = __version__
    demo_logins: list[Login] = LOGINS
    demo_password = PASSWORD

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def who(self) -> str:
        """Tells one log-in's answers from another's in a browser, and says nothing else of whose they are."""
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            return ""
        return salted_hmac("config.context_processors.who", str(user.pk)).hexdigest()[:16]

    @property
    def demo(self) -> bool:
        return settings.DEMO

    @cached_property
    def _items(self) -> tuple[list[Item], list[Item]]:
        if not hasattr(self.request, "user"):
            return [], []
        return navigation(self.request, {slug: page["url"] for slug, page in self._pages.items()})

    @property
    def navigation(self) -> list[Item]:
        return self._items[0]

    @property
    def more(self) -> list[Item]:
        """What a person with several roles can use beyond the five: in the footer."""
        return self._items[1]

    @property
    def mine(self) -> list[Item]:
        """The pages of one's own: for lindra/mine.html."""
        return mine(self.request)

    @property
    def footer_links(self) -> list[dict[str, str]]:
        """The pages that every site has to have, as far as they exist."""
        return [self._pages[slug] for slug in settings.FOOTER_PAGES if slug in self._pages]

    @cached_property
    def _pages(self) -> dict[str, dict[str, str]]:
        """The pages that the layout links to, by Danish slug: in this language, else in Danish."""
        live = Page.objects.live().only("title", "slug", "url_path", "translation_key")
        danish = live.filter(
            slug__in=[*PAGE_SLUGS, *settings.FOOTER_PAGES], locale__language_code=settings.LANGUAGE_CODE
        )
        slugs = {page.translation_key: page.slug for page in danish}
        translated: dict[Any, Page] = {}
        if (language := get_language()) != settings.LANGUAGE_CODE:
            others = live.filter(translation_key__in=slugs, locale__language_code=language)
            translated = {page.translation_key: page for page in others}
        return {
            page.slug: {
                "title": shown.title,
                "url": shown.get_url(self.request) or "",
                "lang": settings.LANGUAGE_CODE if shown is page else language,
            }
            for page in danish
            for shown in [translated.get(page.translation_key, page)]
        }

    @cached_property
    def languages(self) -> list[dict[str, str | bool]]:
        """The languages, with the address of this very page in each; none where it isn't translated."""
        links: list[dict[str, str | bool]] = [
            {
                "code": code,
                "name": LANGUAGE_NAMES[code],
                "url": self._address_in(code),
                "current": code == get_language(),
            }
            for code, _name in settings.LANGUAGES
        ]
        return [link for link in links if link["url"]]

    def _address_in(self, code: str) -> str:
        if code == get_language():
            return self.request.get_full_path()
        route = getattr(self.request, "_wagtail_route_for_request", None)
        if route is None:
            return translate_url(self.request.get_full_path(), code)
        translations = Page.objects.live().filter(translation_key=route.page.translation_key)
        translation = translations.filter(locale__language_code=code).first()
        if translation is None:
            return ""
        # A page with addresses of its own below it (a step of a module) keeps them.
        own = route.page.get_url(self.request) or ""
        below = self.request.path.removeprefix(own) if self.request.path.startswith(own) else ""
        return f"{translation.get_url(self.request)}{below}"


def lindra(request: HttpRequest) -> dict[str, House]:
    return {"lindra": House(request)}
