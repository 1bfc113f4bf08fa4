"""Issuing certificates. Nothing here changes one or takes one back."""

from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from courses.domain.paths import PathProgress, PathStep, progress_of_paths
from courses.models import Edition
from organisations.days import today
from organisations.models import Person

from ..models import Certificate


def issue_due(person: Person) -> list[Certificate]:
    """Issue a certificate for each of the person's paths that is completed and has none. Idempotent."""
    issued = set(Certificate.objects.filter(person=person).values_list("path_id", flat=True))
    return [
        issue(person, progress=progress)
        for progress in progress_of_paths(person)
        if progress.is_completed and progress.path.pk not in issued
    ]


def issue(person: Person, *, progress: PathProgress) -> Certificate:
    """Freeze what is true today: her name, the words, the modules. The one that is there stays.

    Raises ValueError where the path isn't completed.
    """
    if not progress.is_completed:
        raise ValueError(f"The path {progress.path.code} isn't completed.")
    modules = _frozen_modules(progress.steps)
    certificate, _made = Certificate.objects.get_or_create(
        person=person,
        path=progress.path,
        defaults={
            "name": person.full_name,
            "texts": {language: _frozen_texts(progress, language) for language, _name in settings.LANGUAGES},
            "modules": modules,
            "completed_on": max(row["completed_on"] for row in modules),
            "issued_on": today(),
        },
    )
    certificate.refresh_from_db()
    return certificate


def _frozen_texts(progress: PathProgress, language: str) -> dict[str, str]:
    with translation.override(language):
        return {
            "title": progress.path.name,
            "wording": _("has completed the path “%(path)s” in basic palliative care.")
            % {"path": progress.path.name},
            "notice": _(
                "The path, its modules and the competency framework are proposals: no authority has approved "
                "them. The certificate says what was completed. It gives no authorisation, and it doesn't "
                "replace an education."
            ),
        }


def _frozen_modules(steps: list[PathStep]) -> list[dict[str, Any]]:
    completions = [step.completion for step in steps if step.completion]
    versions = [completion.version_id for completion in completions]
    titles = {language: Edition.objects.titles(versions, language) for language, _name in settings.LANGUAGES}
    return [
        {
            "code": step.completion.version.module.code,
            "title": {language: named[step.completion.version_id] for language, named in titles.items()},
            "version": step.completion.version.number,
            "completed_on": timezone.localdate(step.completion.completed_at).isoformat(),
            "statement": str(step.completion.statement),
        }
        for step in steps
        if step.completion
    ]
