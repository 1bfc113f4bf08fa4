"""Where people stand: what is asked on a day, what was shown by then."""

import datetime as dt

import pytest
import time_machine

from competencies.enums import EarnedBy
from competencies.models import Competency
from competencies.standing import standings
from organisations.enums import Role, UnitKind
from organisations.models import Profession
from tests.factories.competencies import EvidenceFactory, load_framework
from tests.factories.organisations import EmploymentFactory, GrantFactory, OrgUnitFactory, PersonFactory

pytestmark = pytest.mark.django_db

NOW = "2026-11-22 12:00+01:00"


@pytest.fixture(autouse=True)
def _framework():
    load_framework()
    with time_machine.travel(NOW, tick=False):
        yield


def employed(profession="nurse", kind=UnitKind.MUNICIPALITY, **fields):
    return EmploymentFactory(
        profession=Profession.objects.get(code=profession), unit=OrgUnitFactory(kind=kind), **fields
    ).person


def competency(person, code, on=None):
    standing = standings([person], on=on)[person.pk]
    return next(
        row for domain in standing.domains for row in domain.competencies if row.competency.code == code
    )


def test_a_nurse_has_everything_to_reach_and_nothing_shown():
    person = employed()
    standing = standings([person])[person.pk]
    assert (standing.reached, standing.required) == (0, 43)
    assert standing.profiles == ["Sygeplejerske, kommune (hjemmesygepleje, plejehjem, midlertidige pladser)"]
    assert [row.domain.code for row in standing.domains] == [
        *("HEL", "IDE", "SYM", "PSE", "KOM", "PAA", "SAM", "NIV", "ETI", "UDV")
    ]


def test_a_level_below_what_is_asked_is_shown_and_not_reached():
    person = employed()
    EvidenceFactory(learner=person.pseudonym)
    row = competency(person, "IDE-1")
    assert (row.required, row.shown, row.is_reached) == (2, 1, False)


def test_the_highest_level_counts_and_every_evidence_is_kept():
    person = employed()
    answers = EvidenceFactory(learner=person.pseudonym, level=1)
    practice = EvidenceFactory(
        learner=person.pseudonym,
        level=2,
        earned_by=EarnedBy.CONFIRMED_PRACTICE,
        version=answers.version,
        shown_at=answers.shown_at + dt.timedelta(minutes=1),
    )
    row = competency(person, "IDE-1")
    assert (row.shown, row.is_reached, row.evidence) == (2, True, [answers, practice])
    standing = standings([person])[person.pk]
    assert (standing.reached, standing.required) == (1, 43)
    assert [(row.domain.code, row.reached) for row in standing.domains if row.reached] == [("IDE", 1)]


def test_what_is_not_asked_is_never_reached():
    person = employed("sosu_helper")
    EvidenceFactory(learner=person.pseudonym, competency=Competency.objects.get(code="IDE-3"))
    row = competency(person, "IDE-3")
    assert (row.required, row.shown, row.is_required, row.is_reached) == (0, 1, False, False)


def test_somebody_without_an_employment_is_asked_nothing_but_keeps_what_she_showed():
    person = PersonFactory()
    EvidenceFactory(learner=person.pseudonym)
    standing = standings([person])[person.pk]
    assert (standing.profiles, standing.reached, standing.required) == ([], 0, 0)
    assert competency(person, "IDE-1").shown == 1


def test_a_nurse_in_a_hospice_is_asked_nothing():
    person = employed(kind=UnitKind.HOSPICE)
    standing = standings([person])[person.pk]
    assert (standing.profiles, standing.required) == ([], 0)


def test_employments_and_roles_are_asked_for_by_day():
    person = employed("sosu_assistant", starts_on=dt.date(2026, 3, 1), ends_on=dt.date(2026, 12, 1))
    GrantFactory(
        person=person,
        role=Role.KEY_PERSON,
        unit=OrgUnitFactory(),
        starts_on=dt.date(2026, 6, 1),
        ends_on=dt.date(2026, 7, 1),
    )
    assert competency(person, "SAM-1", on=dt.date(2026, 2, 28)).required == 0
    assert competency(person, "SAM-1", on=dt.date(2026, 3, 1)).required == 1
    assert competency(person, "SAM-1", on=dt.date(2026, 6, 30)).required == 3
    assert competency(person, "SAM-1", on=dt.date(2026, 7, 1)).required == 1
    assert competency(person, "SAM-1", on=dt.date(2026, 12, 1)).required == 0


def test_evidence_counts_by_the_end_of_the_copenhagen_day():
    person = employed()
    # 23:30 UTC is half past midnight in Copenhagen.
    EvidenceFactory(learner=person.pseudonym, shown_at=dt.datetime(2026, 11, 20, 23, 30, tzinfo=dt.UTC))
    assert competency(person, "IDE-1", on=dt.date(2026, 11, 20)).shown == 0
    assert competency(person, "IDE-1", on=dt.date(2026, 11, 21)).shown == 1


def test_on_a_day_without_a_framework_nothing_is_asked():
    person = employed()
    standing = standings([person], on=dt.date(2014, 1, 1))[person.pk]
    assert (standing.profiles, standing.domains, standing.required) == ([], [], 0)


def test_another_s_evidence_is_not_mine():
    person = employed()
    EvidenceFactory()
    assert competency(person, "IDE-1").shown == 0


def test_it_takes_as_many_queries_for_three_people_as_for_one(django_assert_num_queries):
    people = [employed(profession) for profession in ("nurse", "sosu_assistant", "clergy")]
    for person in people:
        EvidenceFactory(learner=person.pseudonym)
        GrantFactory(person=person, role=Role.KEY_PERSON, unit=OrgUnitFactory())
    standings(people)  # a framework is read once
    for group in (people[:1], people):
        with django_assert_num_queries(4):
            assert len(standings(group)) == len(group)
