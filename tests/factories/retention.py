"""Statements that are old enough to be removed: when they came, and how they go."""

import datetime as dt
from typing import Any

from organisations.models import Person
from tests.factories.competencies import load_framework
from tests.factories.organisations import EmploymentFactory, PersonFactory, ProfessionFactory
from xapi.domain.retention import remove
from xapi.models import PendingLearner, Removal
from xapi.projection import project_pending

OLD, NOW = dt.date(2020, 5, 1), dt.date(2026, 11, 22)
BEFORE = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


def a_nurse() -> Person:
    """Somebody whom the framework asks something of, employed today."""
    load_framework()
    person: Person = PersonFactory()
    EmploymentFactory(person=person, profession=ProfessionFactory(code="nurse"))
    return person


def settle() -> None:
    project_pending()
    assert PendingLearner.objects.count() == 0


def removed(**given: Any) -> Removal:
    return remove(**{"before": BEFORE, "reason": "Older than five years", "by": "drift", **given})
