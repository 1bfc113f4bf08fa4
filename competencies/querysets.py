"""Reads of this room, as verbs that chain."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import models

from organisations.days import holds_on, today


class FrameworkQuerySet(models.QuerySet[Any]):
    def in_use(self, on: dt.date | None = None) -> "FrameworkQuerySet":
        """The frameworks in use on a day (today, unless another is asked for), newest first."""
        return self.filter(holds_on(on or today())).order_by("-starts_on", "-id")


class SignOffQuerySet(models.QuerySet[Any]):
    def standing(self) -> "SignOffQuerySet":
        """Those that nobody has taken back."""
        return self.filter(taken_back_at__isnull=True)

    def of_any_version(self, competency: Any) -> "SignOffQuerySet":
        """Those of this competency, in whichever version of its framework."""
        return self.filter(
            competency__code=competency.code,
            competency__domain__framework__code=competency.domain.framework.code,
        )


class EvidenceQuerySet(models.QuerySet[Any]):
    def of_learners(self, pseudonyms: Iterable[uuid.UUID]) -> "EvidenceQuerySet":
        return self.filter(learner__in=list(pseudonyms))

    def shown_by(self, day: dt.date) -> "EvidenceQuerySet":
        """What had been shown by the end of the day."""
        return self.filter(shown_at__date__lte=day)
