"""Keeping the glossary's words."""

import uuid

from django.db import transaction
from wagtail.models import Locale

from ..glossary.term import GlossaryTerm


@transaction.atomic
def keep_term(
    locale: Locale,
    *,
    key: uuid.UUID,
    term: str,
    definition: str,
    source: str,
    source_year: str,
    forms: str = "",
    is_linked: bool = True,
) -> GlossaryTerm:
    """Make the word with this key in a language; one that is there is left as its editors made it.

    Raises ValidationError for what the back office's form would refuse.
    """
    existing = GlossaryTerm.objects.filter(translation_key=key, locale=locale).first()
    if existing is not None:
        return existing
    made = GlossaryTerm(
        locale=locale,
        translation_key=key,
        term=term,
        forms=forms,
        definition=definition,
        source=source,
        source_year=source_year,
        is_linked=is_linked,
    )
    made.full_clean()
    made.save()
    return made
