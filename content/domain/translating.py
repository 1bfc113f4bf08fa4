"""A module's other languages, side by side with the Danish (wagtail-localize): what is out of date is marked.

The library cuts the Danish page into segments: a field, or a paragraph of a text. Where one changes, it
offers the new one untranslated; here it gets the old translation, marked, so that a translator mends
instead of writing anew (docs/adr/0011-english-is-translated-side-by-side.md).
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale, PageLogEntry, Revision
from wagtail_localize.models import (
    OverridableSegment,
    SegmentOverride,
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)
from wagtail_localize.segments import OverridableSegmentValue, StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from courses.models import Edition

NO_ORIGINAL = _("The Danish module isn't published yet. Its translation can be, when it is.")
ELSEWHERE = _("It is published by itself, where it stands side by side with the Danish.")


@transaction.atomic
def take_over(page: Any) -> Translation:
    """Make a page that was translated in another way known as a translation. Its texts stay as they are.

    The translations are bound to the Danish as it was when the page was last published; what has
    changed since is marked. A page that is known already is left alone.
    """
    page = type(page).objects.select_for_update().get(pk=page.pk)  # opened twice at once
    known = Translation.objects.filter(source__object_id=page.translation_key, target_locale=page.locale)
    if (translation := known.first()) is not None:
        return translation
    original = page.get_translation(Locale.get_default())
    basis = _basis_of(original, page)
    source, _made = TranslationSource.update_or_create_from_instance(basis.as_object() if basis else original)
    translation = Translation.objects.create(source=source, target_locale=page.locale)
    theirs = extract_segments(page.get_latest_revision_as_object())
    _keep_texts(source, page.locale, theirs)
    _keep_files(source, page.locale, theirs)
    if basis:
        follow(original)
    return translation


def _basis_of(original: Any, page: Any) -> Revision | None:
    """What was published in Danish when the translation was published last, if it is another now."""
    then = PageLogEntry.objects.filter(
        page_id=original.pk, action="wagtail.publish", timestamp__lte=page.last_published_at or timezone.now()
    )
    entry = then.exclude(revision=None).order_by("-timestamp", "-pk").first()
    return entry.revision if entry and entry.revision_id != original.live_revision_id else None


def _keep_texts(source: TranslationSource, locale: Locale, theirs: list[Any]) -> None:
    """Bind each text of the page to the Danish one in the same place.

    A text that is divided into other paragraphs than the Danish is kept whole, and marked.
    """
    words: dict[str, list[Any]] = defaultdict(list)
    for segment in theirs:
        if isinstance(segment, StringSegmentValue):
            words[segment.path].append(segment)
    for path, segments in _by_place(source).items():
        found = words.get(path, [])
        surplus = found[len(segments) :]
        for number, (segment, said) in enumerate(zip(segments, found, strict=False), start=1):
            data = said.string.data
            doubt = ""
            if number == len(segments) and surplus:
                data = "<br/>".join([data, *(more.string.data for more in surplus)])
            if len(found) != len(segments) or said.attrs != json.loads(segment.attrs):
                doubt = gettext("Check this: its paragraphs or links are others than those of the Danish.")
            # A paragraph that stands twice in a text is one string.
            StringTranslation.objects.get_or_create(
                translation_of_id=segment.string_id,
                context_id=segment.context_id,
                locale=locale,
                defaults={
                    "data": data,
                    "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
                    "has_error": bool(doubt),
                    "field_error": doubt,
                },
            )


def _keep_files(source: TranslationSource, locale: Locale, theirs: list[Any]) -> None:
    """Files and addresses that the page has of its own, captions in its language for one."""
    chosen = {
        segment.path: segment.data for segment in theirs if isinstance(segment, OverridableSegmentValue)
    }
    for segment in OverridableSegment.objects.filter(source=source).select_related("context"):
        own = chosen.get(segment.context.path, segment.data)
        if own != segment.data:
            SegmentOverride.objects.get_or_create(
                context=segment.context, locale=locale, defaults={"data_json": json.dumps(own)}
            )


@transaction.atomic
def follow(original: Any) -> None:
    """Compare what translations were made from with the Danish as it is published, and mark what changed."""
    source = TranslationSource.objects.get_for_instance_or_none(original)
    if source is None:
        return
    before = _by_place(source)
    source.update_from_db()
    after = _by_place(source)
    for translation in source.translations.select_related("target_locale"):
        _mark(translation.target_locale, before, after)


Places = dict[str, list[StringSegment]]


def _by_place(source: TranslationSource) -> Places:
    """The Danish texts by the place where they stand, a rich text's paragraphs in their order."""
    places: Places = defaultdict(list)
    rows = StringSegment.objects.filter(source=source).select_related("context", "string").order_by("order")
    for segment in rows:
        places[segment.context.path].append(segment)
    return places


def _mark(locale: Locale, before: Places, after: Places) -> None:
    """Give each text that replaced another that one's translation, marked as out of date."""
    replaced = [
        pair for path, segments in after.items() for pair in _replacements(before.get(path, []), segments)
    ]
    contexts = {new.context_id for _old, new in replaced}
    said = {
        (row.context_id, row.translation_of_id): row
        for row in StringTranslation.objects.filter(locale=locale, context__in=contexts)
    }
    for old, new in replaced:
        last = said.get((old.context_id, old.string_id))
        if last is None or (new.context_id, new.string_id) in said:
            continue
        then = Truncator(strip_tags(old.string.data)).chars(300)
        StringTranslation.objects.create(
            translation_of=new.string,
            context=new.context,
            locale=locale,
            data=last.data,
            translation_type=last.translation_type,
            last_translated_by=last.last_translated_by,
            has_error=True,
            field_error=(last.has_error and last.field_error)
            or gettext("Out of date: the Danish was changed. Before: “%(before)s”") % {"before": then},
        )


def _replacements(
    before: list[StringSegment], after: list[StringSegment]
) -> Iterator[tuple[StringSegment, StringSegment]]:
    """Which text came in the place of which: a changed sentence and no other."""
    old, new = [segment.string_id for segment in before], [segment.string_id for segment in after]
    for what, from_old, to_old, from_new, to_new in SequenceMatcher(None, old, new, False).get_opcodes():
        if what == "replace":
            yield from zip(before[from_old:to_old], after[from_new:to_new], strict=False)


def find_gaps(page: Any) -> list[str]:
    """What is missing before a translation can be published, in words; empty for one that is ready.

    A page that isn't translated side by side has none: its editor answers for the whole of it.
    """
    translation = translation_of(page)
    if translation is None:
        return []
    missing = (
        translation.source.stringsegment_set.annotate_translation(translation.target_locale)
        .filter(translation__isnull=True)
        .select_related("string", "context")
        .order_by("order")
    )
    marked = set(
        StringTranslation.objects.filter(
            locale=translation.target_locale,
            context__object_id=page.translation_key,
            has_error=True,
        ).values_list("context_id", "translation_of_id")
    )
    originals = Edition.objects.of_module(page.translation_key).in_language(settings.LANGUAGE_CODE)
    gaps = [] if originals.exists() else [str(NO_ORIGINAL)]
    for segment in missing:
        text = Truncator(strip_tags(segment.string.data)).chars(80)
        is_marked = (segment.context_id, segment.string_id) in marked
        said = gettext("Out of date: “%(text)s”") if is_marked else gettext("Not translated: “%(text)s”")
        gaps.append(said % {"text": text})
    return gaps


def translation_of(page: Any) -> Translation | None:
    """The work on this page as a translation, where it is translated side by side."""
    return (
        Translation.objects.filter(
            source__object_id=page.translation_key, target_locale_id=page.locale_id, enabled=True
        )
        .select_related("source", "target_locale")
        .first()
    )


def is_side_by_side(page: Any) -> bool:
    """Whether the page is translated side by side: the original isn't, nor what was never begun so."""
    return page.locale_id != Locale.get_default().pk and translation_of(page) is not None


def as_translated(translation: Translation) -> Any:
    """The page as publishing the translation now would make it; nothing is saved."""
    return translation.source.get_ephemeral_translated_instance(translation.target_locale, fallback=True)
