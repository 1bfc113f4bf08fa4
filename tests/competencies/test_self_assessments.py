"""What a person says of herself: hers alone, and no evidence."""

import pytest
from django.core.exceptions import ValidationError

from competencies.domain.self_assessments import assess, erase_assessments, said_by
from competencies.models import Competency, Evidence, SelfAssessment
from competencies.standing import standings
from tests.factories.competencies import load_framework
from tests.factories.reports import a_team
from xapi.models import Statement
from xapi.projection import drift

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(noon):
    load_framework()
    return a_team()


def competencies(*codes):
    return [Competency.objects.get(code=code) for code in codes]


def test_the_newest_holds_and_those_before_it_stay(team, noon):
    one, two = competencies("IDE-1", "IDE-2")
    assert assess(team.nurse, {one: 1, two: 0}) == 2
    assert assess(team.nurse, {one: 2, two: 0}) == 1
    assert {key: row.level for key, row in said_by(team.nurse).items()} == {one.pk: 2, two.pk: 0}
    assert sorted(SelfAssessment.objects.values_list("competency__code", "level")) == [
        ("IDE-1", 1),
        ("IDE-1", 2),
        ("IDE-2", 0),
    ]


def test_it_shows_nothing_and_enters_no_statement(team):
    (one,) = competencies("IDE-1")
    assess(team.nurse, {one: 3})
    standing = standings([team.nurse])[team.nurse.pk]
    assert (standing.reached, Evidence.objects.count(), Statement.objects.count()) == (0, 0, 0)
    assert drift() == []


@pytest.mark.parametrize("level", [4, -1])
def test_a_level_that_is_none_is_refused_and_nothing_is_kept(team, level):
    one, two = competencies("IDE-1", "IDE-2")
    with pytest.raises(ValidationError):
        assess(team.nurse, {one: 1, two: level})
    assert said_by(team.nurse) == {}


def test_erased_it_is_gone_and_only_hers(team):
    (one,) = competencies("IDE-1")
    for person in (team.nurse, team.assistant):
        assess(person, {one: 1})
    erase_assessments(team.nurse)
    assert [row.person for row in SelfAssessment.objects.all()] == [team.assistant]
