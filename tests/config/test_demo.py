"""The demo's world: the same on every machine, made once, and true to its own statements."""

import io
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.signal_handlers import disable_reference_index_auto_update

from certification.coverage import coverage
from certification.enums import CoverageStatus
from competencies.models import Evidence
from config.demo import LOGINS
from config.demo_people import TASK_DONE
from courses.domain.support import asked_of
from courses.models import Completion, Confirmation, Enrolment, FreeText, Sharing
from organisations.days import today
from organisations.models import Area, Employment, Person, User
from xapi.models import Statement

pytestmark = pytest.mark.django_db


def load(*names):
    for name in names:
        call_command(name, stdout=io.StringIO())


@pytest.fixture
def demo(settings):
    with disable_reference_index_auto_update():  # nobody asks it here
        load(*settings.LOADS, "load_demo")


def test_the_demo_is_a_living_world_that_is_true_to_its_statements(demo):
    assert Person.objects.count() >= 60
    assert Employment.objects.values("profession").distinct().count() == 10
    assert Completion.objects.count() >= 100
    assert Confirmation.objects.count() >= 40
    assert Enrolment.objects.open().count() >= 2
    assert Employment.objects.filter(ends_on__lte=today()).count() >= 2
    assert set(User.objects.values_list("email", flat=True)) == {login.email for login in LOGINS}
    # Every status stands on the region's map.
    rows = coverage(Area.objects.get(code="region-midtjylland"), on=today()).rows
    municipalities = Counter(row.status for row in rows if row.unit.kind == "municipality" and row.target)
    assert {status: municipalities[status] > 0 for status in CoverageStatus} == {
        CoverageStatus.COVERED: True,
        CoverageStatus.AT_RISK: True,
        CoverageStatus.GAP: True,
        CoverageStatus.UNKNOWN: True,
        CoverageStatus.NO_TARGET: False,
    }
    # Somebody shares a reflection, and asks a colleague for support.
    assert set(Sharing.objects.standing().values_list("audience", flat=True)) >= {"leader", "unnamed"}
    nurse = User.objects.get(email="sygeplejerske@lindra.example").person
    assert [str(row.enrolment.person) for row in asked_of(nurse)] == ["Lars Juhl"]
    # Level 3 is shown where it was signed off, and somebody says how far she is.
    assert set(Evidence.objects.filter(version=None).values_list("level", flat=True)) == {3}
    assert nurse.self_assessments.count() == 4
    # She is in the middle of a module, and what is handed in speaks of its own module.
    assert list(nurse.enrolments.open().values_list("module__code", "position")) == [("M06", 3)]
    handed_in = FreeText.objects.filter(kind="practice_task").select_related("enrolment__module")
    assert [row.text for row in handed_in if TASK_DONE[row.enrolment.module.code] not in row.text] == []
    # Nothing happened in the future, and what is derived is what the statements say.
    assert Statement.objects.filter(timestamp__gt=timezone.now()).count() == 0
    said = io.StringIO()
    call_command("rebuild", "--check", stdout=said)
    assert said.getvalue() == ""
    # It is made once.
    before = Person.objects.count(), Statement.objects.count()
    load("load_demo")
    assert (Person.objects.count(), Statement.objects.count()) == before


def test_before_the_modules_are_loaded_it_says_what_to_do():
    with pytest.raises(CommandError, match="make run"):
        load("load_demo")
    assert User.objects.count() == 0
