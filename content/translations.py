"""Translating in the back office: whose it may be, and what is missing before it is published.

wagtail-localize's own views ask for one permission only, whatever the page; these ask for the page too.
"""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext
from wagtail.admin import messages
from wagtail.models import Locale, Page
from wagtail_localize.models import TranslationSource
from wagtail_localize.views.submit_translations import SubmitPageTranslationView
from wagtail_localize.views.update_translations import UpdateTranslationsView

from .domain import publishing, translating
from .missing import NotReady
from .models import ModulePage


class SubmitOwnPageView(SubmitPageTranslationView):
    """Beginning a translation of a page that one may edit."""

    def get_object(self) -> Page:
        page: Page = super().get_object()
        if not page.permissions_for_user(self.request.user).can_edit():
            raise PermissionDenied
        return page


class UpdateOwnTranslationsView(UpdateTranslationsView):
    """Bringing the translations of a page up to date. They are published one by one, where gaps show."""

    def get_object(self) -> TranslationSource:
        source: TranslationSource = super().get_object()
        page = source.get_source_instance()
        if not isinstance(page, Page) or not page.permissions_for_user(self.request.user).can_edit():
            raise PermissionDenied
        return source

    def get_form(self) -> forms.Form:
        form: forms.Form = super().get_form()
        publish = form.fields["publish_translations"]
        publish.disabled, publish.widget = True, forms.HiddenInput()
        return form


def refuse_alias(request: HttpRequest, page_id: int) -> HttpResponse:
    """A page in another language is never made a mirror of the Danish: its learners would get Danish."""
    raise PermissionDenied


def open_side_by_side(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Before a module in another language is edited: side by side, and published only when it is ready.

    A page that wasn't translated there is taken over when it is opened for the first time.
    """
    if not _is_translated_module(page):
        return None
    translating.take_over(page.specific)
    if request.method != "POST" or request.POST.get("action") != "publish":
        return None
    faults = find_faults(page.specific)
    if not faults:
        return None
    messages.error(request, NotReady(page, faults).as_list)
    return redirect("wagtailadmin_pages:edit", page.pk)


def _is_translated_module(page: Page) -> bool:
    """Whether the page is a module in another language than the first, and there in that too."""
    if not issubclass(page.specific_class, ModulePage) or page.alias_of_id:
        return False
    first = Locale.get_default()
    return page.locale_id != first.pk and page.has_translation(first)


def find_faults(page: Any) -> list[str]:
    """What keeps the translation from being published, in words; empty where nothing does."""
    if gaps := translating.find_gaps(page):
        return gaps
    translation = translating.translation_of(page)
    if translation is None:
        return []
    made = translating.as_translated(translation)
    try:
        made.full_clean()
        publishing.refuse_outdated_translation(made, steps=made.steps)
    except ValidationError as refused:
        return refused.messages
    try:
        made.steps.stream_block.clean(made.steps)
    except ValidationError as refused:
        return list(_words_of(refused, made.steps))
    return []


def _words_of(refused: Any, value: Any) -> Iterator[str]:
    """The words of an error, with the text that they are about; those of blocks however deep they stand."""
    if not hasattr(refused, "block_errors"):
        text = Truncator(strip_tags(str(value))).chars(80)
        yield from (
            gettext("“%(text)s”: %(fault)s") % {"text": text, "fault": words} for words in refused.messages
        )
        return
    yield from refused.non_block_errors
    for place, error in refused.block_errors.items():
        child = value[place]
        yield from _words_of(error, getattr(child, "value", child))
