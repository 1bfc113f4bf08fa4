"""From a published page to a frozen edition in `courses`, with what it can show in `competencies`."""

import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale

from competencies.domain.contributions import ContributionSpec, set_contributions
from competencies.enums import EarnedBy
from courses.domain.publishing import TranslationOutdated, publish_edition, register_module
from courses.models import Edition

from ..compile import compile_steps
from .translating import refuse_unfinished

OUTDATED = _(
    "The Danish module has changed since this was translated: its questions, tasks or outcomes "
    "are others now. Bring the translation up to date, and publish it then."
)


def freeze(page: Any) -> Edition:
    """Make the edition of what is published on a ModulePage now; a new version when its substance changed.

    The default language decides the substance; a translation joins its newest version, and its edition
    says which one of the default language it was made from (`translated_from`). Raises
    ValidationError where a translation's questions no longer match, or where it isn't finished.
    """
    is_original = page.locale_id == Locale.get_default().pk
    if not is_original:
        refuse_unfinished(page)
    compiled = compile_steps(page.steps)
    outcomes = sorted(
        (outcome.competency.code, int(outcome.level), str(outcome.earned_by))
        for outcome in page.outcomes.select_related("competency")
    )
    module = register_module(page.translation_key, code=page.code)
    original = None if is_original else _newest_original(page.translation_key)
    try:
        edition = publish_edition(
            module,
            language=page.locale.language_code,
            title=page.title,
            content={
                **compiled.content,
                "summary": page.summary,
                "minutes": page.minutes,
                "professions": sorted(page.professions.values_list("code", flat=True)),
                **({"translated_from": original.revision} if original else {}),
            },
            grading=compiled.grading,
            substance={"items": sorted(compiled.items), "outcomes": outcomes},
            decides_substance=is_original or not module.versions.exists(),
            new_version=is_original and page.is_new_substance,
        )
    except TranslationOutdated as error:
        raise ValidationError(OUTDATED, code="outdated_translation") from error
    if not edition.version.contributions.exists():
        set_contributions(
            edition.version,
            contributions=[
                ContributionSpec(code=code, level=level, earned_by=EarnedBy(earned_by))
                for code, level, earned_by in outcomes
            ],
        )
    return edition


def refuse_outdated_translation(page: Any, *, steps: Any) -> None:
    """Raise ValidationError when a translation's items are others than the newest version's."""
    if page.locale_id == Locale.get_default().pk:
        return
    newest = Edition.objects.of_module(page.translation_key).newest_first().first()
    if newest is None:
        return
    items = sorted(compile_steps(steps).items)
    if items != sorted((item, block["kind"]) for item, block in newest.items.items()):
        raise ValidationError(OUTDATED, code="outdated_translation")


def newest_edition(page: Any) -> Edition | None:
    """The edition that a learner who begins now gets on this page."""
    return (
        Edition.objects.of_module(page.translation_key)
        .in_language(page.locale.language_code)
        .newest_first()
        .first()
    )


def newer_original(edition: Edition) -> Edition | None:
    """The edition in the default language, where this translation of it is older; None where it isn't."""
    if edition.language == settings.LANGUAGE_CODE:
        return None
    newest = _newest_original(edition.version.module.key)
    if newest is None:
        return None
    made_from = edition.content.get("translated_from")
    if made_from is None:  # published before editions said it
        place = (edition.version.number, edition.number)
        return newest if (newest.version.number, newest.number) > place else None
    return newest if newest.revision != made_from else None


def _newest_original(key: uuid.UUID) -> Edition | None:
    return (
        Edition.objects.of_module(key)
        .in_language(settings.LANGUAGE_CODE)
        .select_related("version")
        .newest_first()
        .first()
    )
