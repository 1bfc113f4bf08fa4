"""What a module version can show, set once a version."""

import uuid
from dataclasses import dataclass

from django.db import transaction

from courses.models import Completion, Confirmation, ModuleVersion
from xapi.pending import mark_learners

from ..enums import HIGHEST_LEVEL, EarnedBy
from ..models import Competency, Contribution, Evidence, Framework


class ContributionsRefused(Exception):
    """The contributions of a version can't be set. The message says why and what to do."""


@dataclass(frozen=True)
class ContributionSpec:
    """A competency by its code in the framework, the level shown, and what earns it."""

    code: str
    level: int
    earned_by: EarnedBy


def set_contributions(
    version: ModuleVersion, *, contributions: list[ContributionSpec], framework: Framework | None = None
) -> list[Contribution]:
    """Say what the version can show, in the framework in use today unless another is given.

    The same again changes nothing. Other contributions replace those that were set, until evidence
    rests on them: then the module needs a new version. Raises `ContributionsRefused`.
    """
    framework = framework or Framework.objects.in_use().first()
    if framework is None:
        raise ContributionsRefused("No framework is in use. Import one first: manage.py import_framework.")
    competencies = {row.code: row for row in Competency.objects.filter(domain__framework=framework)}
    for spec in contributions:
        _check(spec, competencies)
    wanted = {(competencies[spec.code].pk, spec.earned_by.value): spec.level for spec in contributions}
    if len(wanted) < len(contributions):
        raise ContributionsRefused(
            "A competency stands there twice with the same way of earning it. Keep one."
        )
    with transaction.atomic():
        ModuleVersion.objects.select_for_update().get(pk=version.pk)
        stored = list(Contribution.objects.filter(version=version))
        if {(row.competency_id, row.earned_by): row.level for row in stored} == wanted:
            return stored
        if Evidence.objects.filter(version=version).exists():
            raise ContributionsRefused(
                f"Evidence rests on what {version} contributes. Publish a new version of the module instead."
            )
        mark_learners(_learners_of(version))
        Contribution.objects.filter(version=version).delete()
        return Contribution.objects.bulk_create(
            Contribution(version=version, competency_id=competency, earned_by=earned_by, level=level)
            for (competency, earned_by), level in wanted.items()
        )


def _learners_of(version: ModuleVersion) -> set[uuid.UUID]:
    """Who completed something of the version: what they have shown may be more than it was."""
    completed = Completion.objects.filter(version=version).values_list("learner", flat=True)
    confirmed = Confirmation.objects.filter(version=version).values_list("learner", flat=True)
    return {*completed, *confirmed}


def _check(spec: ContributionSpec, competencies: dict[str, Competency]) -> None:
    if spec.code not in competencies:
        raise ContributionsRefused(
            f"“{spec.code}” is not a competency of the framework in use. Correct the code."
        )
    highest = HIGHEST_LEVEL[spec.earned_by]
    if not 1 <= spec.level <= highest:
        raise ContributionsRefused(
            f"{spec.code}: {spec.earned_by.value} shows level 1 to {highest}, not {spec.level}. Correct it."
        )
