"""From a published page to a frozen edition in `courses`, with what it can show in `competencies`."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.models import Locale

from competencies.domain.contributions import ContributionSpec, set_contributions
from competencies.enums import EarnedBy
from courses.domain.publishing import TranslationOutdated, publish_edition, register_module
from courses.models import Edition

from ..compile import compile_steps


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
        raise ValidationError(
            _(
                "The Danish module has changed since this was translated: its questions, tasks or outcomes "
                "are others now. Bring the translation up to date, and publish it then."
            )
        ) from error
    if not edition.version.contributions.exists():
        set_contributions(
            edition.version,
            contributions=[
                ContributionSpec(code=code, level=level, earned_by=EarnedBy(earned_by))
                for code, level, earned_by in outcomes
            ],
        )
    if page.is_new_substance:
        type(page).objects.filter(pk=page.pk).update(is_new_substance=False)
    return edition


def newest_edition(page: Any) -> Edition | None:
    """The edition that a learner who begins now gets on this page."""
    return (
        Edition.objects.of_module(page.translation_key)
        .in_language(page.locale.language_code)
        .newest_first()
        .first()
    )
