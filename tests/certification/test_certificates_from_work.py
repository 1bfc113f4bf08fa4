"""A certificate is issued when work or a role alone makes a path hers: nothing new need be completed."""

import datetime as dt

import pytest

from certification.models import Certificate
from config.management.commands.tick import tick
from organisations.domain.employments import employ
from organisations.domain.grants import grant_role
from organisations.enums import Role
from tests.factories.courses import complete
from tests.factories.organisations import OrgUnitFactory, ProfessionFactory
from tests.factories.paths import a_path, module_for, somebody
from xapi.projection import project_pending

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def learner():
    """A social worker who has completed everything that a nurse is asked."""
    person = somebody("social_worker")
    edition = module_for("nurse", "social_worker", title="Fælles")
    a_path(edition, professions=("nurse",))
    a_path(edition, code="NOEGLE", name=("Nøgleperson", "Key person"), professions=(), for_key_persons=True)
    complete(person, edition)
    project_pending()
    assert Certificate.objects.count() == 0
    return person


def issued():
    return sorted(Certificate.objects.values_list("path__code", flat=True))


def a_nurse(person, starts_on):
    employ(person, unit=OrgUnitFactory(), profession=ProfessionFactory(code="nurse"), starts_on=starts_on)


def test_a_new_profession_is_enough(learner):
    a_nurse(learner, dt.date(2026, 11, 1))
    project_pending()
    assert issued() == ["INTRO"]


def test_becoming_a_key_person_is_enough(learner):
    grant_role(learner, role=Role.KEY_PERSON, unit=OrgUnitFactory(), starts_on=dt.date(2026, 11, 1))
    project_pending()
    assert issued() == ["NOEGLE"]


def test_work_that_begins_later_issues_it_when_its_day_has_come(learner, noon):
    a_nurse(learner, dt.date(2026, 12, 1))
    assert tick() == []
    assert issued() == []
    noon(dt.date(2026, 12, 1))
    assert tick() == []
    assert issued() == ["INTRO"]
    assert Certificate.objects.get().issued_on == dt.date(2026, 12, 1)
