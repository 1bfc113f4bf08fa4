"""Days and half-open intervals. A day is a Copenhagen day; `ends_on` is the first day after."""

import datetime as dt

from django.db.models import Q
from django.utils import timezone


def today() -> dt.date:
    """The day it is in Copenhagen."""
    return timezone.localdate()


def holds_on(day: dt.date, prefix: str = "") -> Q:
    """The condition that an interval (`starts_on`, `ends_on`) covers the day."""
    return Q(**{f"{prefix}starts_on__lte": day}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gt": day})
    )


def overlaps(starts_on: dt.date, ends_on: dt.date | None, prefix: str = "") -> Q:
    """The condition that an interval shares a day with [starts_on, ends_on)."""
    condition = Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gt": starts_on})
    if ends_on is not None:
        condition &= Q(**{f"{prefix}starts_on__lt": ends_on})
    return condition
