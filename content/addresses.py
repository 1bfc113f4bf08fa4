"""The pages where modules are taken, by the modules' keys; for the rooms below as addresses."""

import uuid
from collections.abc import Collection

from django.utils.translation import get_language

from .models import ModulePage


def live_pages(keys: Collection[uuid.UUID]) -> dict[uuid.UUID, ModulePage]:
    """The live page of each module that has one, in the language in use where there is one. One query."""
    if not keys:
        return {}
    language = (get_language() or "da")[:2]
    pages = ModulePage.objects.live().filter(translation_key__in=keys)
    found: dict[uuid.UUID, ModulePage] = {}
    for page in pages.defer("steps").select_related("locale").order_by("pk"):
        if page.locale.language_code == language:
            found[page.translation_key] = page
        else:
            found.setdefault(page.translation_key, page)
    return found


def addresses_of_modules(keys: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Where each of the modules is taken (`MODULE_ADDRESSES`); one without a live page isn't among them."""
    return {key: page.url for key, page in live_pages(keys).items() if page.url}
