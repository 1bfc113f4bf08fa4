"""Reads of this room, as verbs that chain. `on` is a Copenhagen day; today where it isn't given."""

import datetime as dt
from typing import Self

from django.db import models

from organisations.days import holds_on, today


class TargetQuerySet(models.QuerySet):
    def in_force(self, *, on: dt.date | None = None) -> Self:
        return self.filter(holds_on(on or today()))

    def begun(self, *, on: dt.date | None = None) -> Self:
        """Targets in force on the day, and those that were before it."""
        return self.filter(starts_on__lte=on or today())


class RelevanceDecisionQuerySet(models.QuerySet):
    def in_force(self, *, on: dt.date | None = None) -> Self:
        return self.filter(holds_on(on or today()))


class UnitReportQuerySet(models.QuerySet):
    def made_by(self, day: dt.date) -> Self:
        """Reports as of the day or earlier."""
        return self.filter(as_of__lte=day)
