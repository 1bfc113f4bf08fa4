"""What the stages derive doesn't rest on where a unit lies: a move asks nobody to be recomputed."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certification.models import Certificate
from organisations.domain.units import correct_place, move_unit
from organisations.enums import Role, UnitKind
from organisations.models import PendingPerson, UnitAncestry, UnitParent
from tests.factories.courses import complete
from tests.factories.organisations import GrantFactory, OrgUnitFactory
from tests.factories.paths import a_path, module_for, somebody
from xapi.projection import drift, project, project_pending

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def team():
    return OrgUnitFactory(kind=UnitKind.TEAM, parent=OrgUnitFactory())


@pytest.fixture
def learner(team):
    """A nurse of the team, and its key person, who has completed the path of each."""
    edition = module_for("nurse", title="Et")
    a_path(edition)
    a_path(edition, code="NOEGLE", name=("Nøgleperson", "Key person"), professions=(), for_key_persons=True)
    person = somebody(unit=team)
    GrantFactory(person=person, role=Role.KEY_PERSON, unit=team)
    complete(person, edition)
    project_pending()
    assert Certificate.objects.count() == 2
    return person


def test_no_stage_asks_the_tree(learner):
    with CaptureQueriesContext(connection) as captured:
        project(learner.pseudonym)
    asked = [query["sql"] for query in captured]
    assert any("organisations_employment" in sql for sql in asked)
    trees = [model._meta.db_table for model in (UnitAncestry, UnitParent)]
    assert [sql for sql in asked if any(table in sql for table in trees)] == []


def test_a_move_and_a_correction_leave_nothing_to_recompute(learner, team):
    PendingPerson.objects.all().delete()
    moved = move_unit(team, parent=OrgUnitFactory(), on=dt.date(2026, 11, 1))
    correct_place(moved, parent=OrgUnitFactory())
    assert PendingPerson.objects.count() == 0
    assert drift(learner.pseudonym) == []
