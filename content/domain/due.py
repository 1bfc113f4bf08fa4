"""Modules whose day of review has passed, or comes soon."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from courses.models import ModuleVersion
from organisations.days import today

#: So long before the day its owners are told.
SOON = dt.timedelta(days=90)


@dataclass(frozen=True)
class Due:
    """A live page, and the version that stands."""

    page: Any
    version: ModuleVersion


def modules_to_review(pages: Any) -> list[Due]:
    """Of these live pages, those to be reviewed within SOON or since long, the longest first. Two queries."""
    by_key = {page.translation_key: page for page in pages}
    newest = ModuleVersion.objects.filter(module=OuterRef("module")).order_by("-number").values("pk")[:1]
    due = (
        ModuleVersion.objects.filter(pk=Subquery(newest), module__key__in=by_key)
        .filter(review_due_on__lt=today() + SOON)
        .select_related("module", "approved_by")
        .order_by("review_due_on", "module__code")
    )
    return [Due(by_key[version.module.key], version) for version in due]
