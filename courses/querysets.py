"""Reads of this room, as verbs that chain."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models.fields.json import KT, KeyTransform


class _Length(models.Func):
    """How many entries a list in a JSON column has."""

    function = "JSON_ARRAY_LENGTH"
    output_field = models.IntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="jsonb_array_length", **context)


class EditionQuerySet(models.QuerySet[Any]):
    """Editions are never deleted; the newest of a language is the one that opens."""

    def of_module(self, key: uuid.UUID) -> "EditionQuerySet":
        return self.filter(version__module__key=key).select_related("version__module")

    def in_language(self, language: str) -> "EditionQuerySet":
        return self.filter(language=language)

    def newest_first(self) -> "EditionQuerySet":
        return self.order_by("-version__number", "-number")

    def outlined(self) -> "EditionQuerySet":
        """Without the texts, which are long: what a list shows of them is read by the database.

        Each has `summary`, `minutes`, `professions` (codes) and `number_of_steps`.
        """
        return self.defer("content", "grading").annotate(
            summary=KT("content__summary"),
            minutes=models.F("content__minutes"),
            professions=models.F("content__professions"),
            number_of_steps=_Length(KeyTransform("steps", "content")),
        )

    def titles(self, version_ids: Iterable[int], language: str) -> dict[int, str]:
        """The newest title of each version in a language, or in any where it lacks that one."""
        rows = self.filter(version__in=list(version_ids)).newest_first()
        return fitting(rows.values_list("version_id", "version_id", "language", "title"), language)

    def titles_of_modules(self, modules: Iterable[int], language: str) -> dict[int, str]:
        """The same of each module that has an edition: the title of its newest version."""
        rows = self.filter(version__module__in=list(modules)).newest_first()
        return fitting(rows.values_list("version__module_id", "version_id", "language", "title"), language)


def fitting(rows: Iterable[tuple[int, int, str, str]], language: str) -> dict[int, str]:
    """Of (key, version, language, text), the newest first: each key's text in its newest version.

    In the language where that version has it, else in any.
    """
    found: dict[int, tuple[int, str, bool]] = {}
    for key, version, spoken, text in rows:
        newest = found.get(key)
        fits = spoken == language
        if newest is None or (version == newest[0] and fits and not newest[2]):
            found[key] = (version, text, fits)
    return {key: text for key, (_version, text, _fits) in found.items()}


class EnrolmentQuerySet(models.QuerySet[Any]):
    def of(self, person: Any) -> "EnrolmentQuerySet":
        return self.filter(person=person)

    def in_module(self, key: uuid.UUID) -> "EnrolmentQuerySet":
        return self.filter(module__key=key)

    def open(self) -> "EnrolmentQuerySet":
        return self.filter(is_open=True)


class FreeTextQuerySet(models.QuerySet[Any]):
    def standing(self) -> "FreeTextQuerySet":
        return self.filter(erased_at__isnull=True)


class SharingQuerySet(models.QuerySet[Any]):
    def standing(self) -> "SharingQuerySet":
        """What is shared now: not taken back, and with words in it."""
        return self.filter(taken_back_at__isnull=True, text__erased_at__isnull=True)

    def take_back(self, at: dt.datetime) -> None:
        """End all of these. What was taken back before keeps its day."""
        self.filter(taken_back_at__isnull=True).update(taken_back_at=at)

    def with_text(self) -> "SharingQuerySet":
        """Each with what a page shows of it."""
        return self.select_related("unit", "text__enrolment__edition__version", "text__enrolment__person")


class SupportRequestQuerySet(models.QuerySet[Any]):
    def standing(self) -> "SupportRequestQuerySet":
        """What is asked now: neither withdrawn nor declined."""
        return self.filter(withdrawn_at__isnull=True, declined_at__isnull=True)

    def declined(self) -> "SupportRequestQuerySet":
        return self.filter(declined_at__isnull=False)


class TaskNoteQuerySet(models.QuerySet[Any]):
    def with_words(self) -> "TaskNoteQuerySet":
        """Those that nobody has erased."""
        return self.filter(erased_at__isnull=True)

    def open(self) -> "TaskNoteQuerySet":
        """What is asked still: not answered, and with words in it. The task may be confirmed all the same."""
        return self.with_words().filter(answered_at__isnull=True)

    def answer(self, at: dt.datetime) -> int:
        """End all of these that are open, and say how many that were."""
        return self.open().update(answered_at=at)


class CompletionQuerySet(models.QuerySet[Any]):
    def of_learners(self, pseudonyms: Iterable[uuid.UUID]) -> "CompletionQuerySet":
        return self.filter(learner__in=list(pseudonyms))


class AssignmentQuerySet(models.QuerySet[Any]):
    def standing(self) -> "AssignmentQuerySet":
        """What is asked: not withdrawn. It may be done."""
        return self.filter(withdrawn_at__isnull=True)

    def of_people(self, people: Iterable[Any]) -> "AssignmentQuerySet":
        return self.filter(person__in=people)

    def in_units(self, units: Iterable[Any]) -> "AssignmentQuerySet":
        return self.filter(unit__in=units)


class ArchivingQuerySet(models.QuerySet[Any]):
    def standing(self) -> "ArchivingQuerySet":
        """The decisions that hold today: neither changed nor taken back."""
        return self.filter(ended_at__isnull=True)
