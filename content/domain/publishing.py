"""From a published page to a frozen edition in `courses`, with what it can show in `competencies`."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Locale, Revision

from competencies.domain.contributions import ContributionSpec, set_contributions
from competencies.enums import EarnedBy
from courses.domain.publishing import (
    TranslationOutdated,
    approve_version,
    publish_edition,
    register_module,
)
from courses.grading import answer_key
from courses.models import Edition, ModuleVersion
from courses.querysets import EditionQuerySet

from ..compile import compile_steps
from ..missing import NotReady
from .readiness import find_missing
from .review import approval_of, day_of
from .translating import find_gaps

#: A competency's code, the level, and what earns it.
OutcomeRow = tuple[str, int, str]

OUTDATED = gettext_lazy(
    "The Danish module has changed since this was translated: its questions, tasks or outcomes "
    "are others now. Bring the translation up to date, and publish it then."
)


def freeze(page: Any) -> Edition:
    """Make the edition of what is published on a ModulePage now; a new version when its substance changed.

    The default language decides the substance; a translation joins its newest version, and its edition
    says which one of the default language it was made from (`translated_from`). Raises NotReady where
    something is missing, and where a translation's questions no longer match.
    """
    refuse_unready(page)
    is_original = is_in_original_language(page)
    compiled = compile_steps(page.steps)
    outcomes = outcome_rows(page.outcomes.select_related("competency"))
    module = register_module(page.translation_key, code=page.code)
    original = None if is_original else _newest_original(page.translation_key)
    standing = standing_edition(page) if is_original else None
    asks_otherwise = standing is not None and _answers(compiled.grading) != _answers(standing.grading)
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
            new_version=is_original and (bool(page.is_new_substance) or asks_otherwise),
            review_due_on=page.review_due_on if is_original else None,
        )
    except TranslationOutdated as error:
        raise NotReady(page, [str(OUTDATED)]) from error
    if not edition.version.contributions.exists():
        set_contributions(
            edition.version,
            contributions=[
                ContributionSpec(code=code, level=level, earned_by=EarnedBy(earned_by))
                for code, level, earned_by in outcomes
            ],
        )
    if is_original and page.live_revision is not None:
        _register_approval(edition, page.live_revision, review_due_on=page.review_due_on)
    return edition


def find_faults(page: Any) -> list[str]:
    """What keeps the page from being published as it is, a sentence each; empty for one that is ready."""
    return find_gaps(page) or find_missing(page)


def refuse_unready(page: Any) -> None:
    """Raise NotReady where something is missing, whatever the way of publishing."""
    if faults := find_faults(page):
        raise NotReady(page, faults)


def _register_approval(edition: Edition, revision: Revision, *, review_due_on: dt.date | None) -> None:
    """What was approved in the review is approved as a version, by the same function as any other."""
    approval = approval_of(revision)
    if approval is None or approval.finished_by is None or approval.finished_by.person is None:
        return
    day = day_of(approval)
    version = edition.version
    if version.approved_on is None or version.approved_on <= day:
        approve_version(version, by=approval.finished_by.person, on=day, review_due_on=review_due_on)


def is_in_original_language(page: Any) -> bool:
    """Whether the page is in the language that decides the substance."""
    return bool(page.locale_id == Locale.get_default().pk)


def outcome_rows(outcomes: Iterable[Any]) -> list[OutcomeRow]:
    """Competency, level and way of earning, in the order in which they are compared."""
    return sorted((row.competency.code, int(row.level), str(row.earned_by)) for row in outcomes)


def standing_edition(page: Any) -> Edition | None:
    """The newest edition in the language that decides the substance."""
    return _newest_original(page.translation_key)


def changes_of_substance(page: Any, *, steps: Any, outcomes: list[OutcomeRow]) -> list[str]:
    """Why these steps and outcomes make a new version, whatever the author says; empty where they don't.

    Of a module that was never published, and of a translation, there is nothing to say. The steps must
    be whole: `readiness.find_missing_in_steps` says nothing of them.
    """
    standing = standing_edition(page) if is_in_original_language(page) else None
    if standing is None:
        return []
    compiled = compile_steps(steps)
    bound = outcome_rows(standing.version.contributions.select_related("competency"))
    reasons = []
    if sorted(compiled.items) != sorted((item, block["kind"]) for item, block in standing.items.items()):
        reasons.append(_("A question, a case, a film or a task was added, taken out or exchanged."))
    elif _answers(compiled.grading) != _answers(standing.grading):
        reasons.append(_("What the right answer is, or where a choice leads, is another."))
    if outcomes != bound:
        reasons.append(_("What the module can show is another: a competency, a level or how it is earned."))
    return reasons


def _answers(grading: dict[str, Any]) -> dict[str, Any]:
    return {item: answer_key(specification) for item, specification in grading.items()}


def refuse_outdated_translation(page: Any, *, steps: Any) -> None:
    """Raise ValidationError when a translation's items are others than the newest version's."""
    if is_in_original_language(page):
        return
    newest = Edition.objects.of_module(page.translation_key).newest_first().first()
    if newest is None:
        return
    items = sorted(compile_steps(steps).items)
    if items != sorted((item, block["kind"]) for item, block in newest.items.items()):
        raise ValidationError(OUTDATED, code="outdated_translation")


def earlier_versions(edition: Edition) -> QuerySet[ModuleVersion]:
    """The versions before this one, newest first, each with who approved it."""
    older = ModuleVersion.objects.filter(module=edition.version.module_id, number__lt=edition.version.number)
    return older.select_related("approved_by").order_by("-number")


def editions_of(page: Any) -> EditionQuerySet:
    """Everything that was published on this page."""
    return Edition.objects.of_module(page.translation_key).in_language(page.locale.language_code)


def newest_edition(page: Any) -> Edition | None:
    """The edition that a learner who begins now gets on this page."""
    return editions_of(page).newest_first().first()


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
    return Edition.objects.of_module(key).in_language(settings.LANGUAGE_CODE).newest_first().first()
