"""Facts in any order, singly or together, twice, with derived rows deleted in between: the same."""

import datetime as dt
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certification.coverage import coverage
from certification.domain.key_persons import appoint
from certification.domain.targets import Decision, adopt_target
from competencies.domain.contributions import ContributionSpec, set_contributions
from competencies.enums import EarnedBy
from competencies.models import Evidence
from courses.domain import enrolment, free_text, practice
from courses.models import Attempt, Completion, Confirmation, ItemSubmission, StepLeft
from organisations.models import Area, AreaMembership, Profession
from tests.factories.competencies import load_framework
from tests.factories.courses import FIRST, SECOND, TASK, answer, publish
from tests.factories.organisations import EmploymentFactory, OrgUnitFactory
from xapi import projection
from xapi.domain.recording import record, record_batch
from xapi.models import PendingLearner, Statement, StatementId

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
DAY = dt.date(2026, 11, 22)
DERIVED = [Attempt, StepLeft, ItemSubmission, Confirmation, Completion, Evidence]


@pytest.fixture
def world():
    """A municipality with a target, a nurse who is its key person, and a learner who took a module."""
    load_framework()
    nurse = Profession.objects.get(code="nurse")
    area = Area.objects.create(code="et-omraade", kind="region", name="Et område")
    municipality = OrgUnitFactory()
    AreaMembership.objects.create(area=area, unit=municipality, starts_on=dt.date(2020, 1, 1))
    adopt_target(
        area,
        code="T1",
        unit_kind="municipality",
        profession=nurse,
        minimum=1,
        text_da="Mindst 1",
        text_en="At least 1",
        decision=Decision(text_da="Vedtaget", text_en="Adopted", year=2026),
        starts_on=dt.date(2026, 1, 1),
    )
    learner, key_person = (
        EmploymentFactory(unit=municipality, profession=nurse).person for _number in range(2)
    )
    appoint(key_person, unit=municipality, starts_on=DAY, by=None)
    edition = publish()
    set_contributions(
        edition.version,
        contributions=[
            ContributionSpec("IDE-1", 1, EarnedBy.ANSWERS),
            ContributionSpec("IDE-1", 2, EarnedBy.CONFIRMED_PRACTICE),
            ContributionSpec("PSE-1", 1, EarnedBy.ANSWERS),
        ],
    )
    going = enrolment.begin(learner, edition=edition)
    answer(going, FIRST, "wrong")
    answer(going, FIRST)
    enrolment.leave_step(going, step=1)
    answer(going, SECOND)
    free_text.write(going, item=TASK, text="Gjort.")
    practice.confirm(ItemSubmission.objects.get(learner=learner.pseudonym), by=key_person)
    enrolment.finish(going)
    said = [json.loads(raw) for raw in Statement.objects.order_by("seq").values_list("raw", flat=True)]
    expected = derived(area, learner.pseudonym)
    assert [len(rows) for rows in expected[0]] == [9, 3, 0]
    return area, learner.pseudonym, said, expected


def derived(area, learner):
    """Everything derived, without surrogate ids, and what coverage says."""
    rows = coverage(area, on=DAY).rows
    return (
        [stage.rows(learner) for stage in projection.stages()],
        [(row.unit.pk, row.appointed, row.educated, row.need, row.gap, row.status) for row in rows],
    )


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_completions_evidence_and_coverage_do_not_depend_on_how_statements_arrive(world, data):
    area, learner, statements, expected = world
    StatementId.objects.all().delete()
    Statement.objects.all()._raw_delete(Statement.objects.db)
    PendingLearner.objects.all().delete()
    for model in DERIVED:
        model.objects.all().delete()
    waiting = data.draw(st.permutations(statements))
    while waiting:
        together = data.draw(st.integers(1, len(waiting)))
        batch, waiting = waiting[:together], waiting[together:]
        record_batch([{**statement} for statement in batch])
        if data.draw(st.booleans()):
            record({**data.draw(st.sampled_from(batch))})
        if data.draw(st.booleans()):
            projection.project_pending()
        for model in data.draw(st.lists(st.sampled_from(DERIVED), max_size=2)):
            model.objects.all().delete()
    # What was deleted after the last projection comes back with a rebuild of this learner.
    projection.rebuild(learner)
    assert derived(area, learner) == expected
    assert projection.drift(learner) == []
