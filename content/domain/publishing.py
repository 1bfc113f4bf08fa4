"""From a published page to a frozen edition in `courses`, with what it can show in `competencies`."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale

from competencies.domain.contributions import ContributionSpec, set_contributions
from competencies.enums import EarnedBy
from courses.domain.publishing import TranslationOutdated, publish_edition, register_module
from courses.models import Edition

from ..compile import compile_steps

OUTDATED = _(
    "The Danish module has changed since this was translated: its questions, tasks or outcomes "
    "are others now. Bring the translation up to date, and publish it then."
)


def freeze(page: Any) -> Edition:
    """Make the edition of what is published on a ModulePage now; a new version when its substance changed.

    The default language decides the substance; a translation joins its newest version. Raises
    ValidationError where a translation's questions no longer match.
    """
    compiled = compile_steps(page.steps)
    outcomes = sorted(
        (outcome.competency.code, int(outcome.level), str(outcome.earned_by))
        for outcome in page.outcomes.select_related("competency")
    )
    module = register_module(page.translation_key, code=page.code)
    is_original = page.locale_id == Locale.get_default().pk
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
