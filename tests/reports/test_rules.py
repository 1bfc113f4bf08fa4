"""Whose tasks somebody may confirm: asked for all, and for one, it is the same."""

import pytest

from organisations.enums import Role, UnitKind
from organisations.models import Person
from organisations.rules import may_confirm
from reports.rules import people_to_confirm_for
from tests.factories.competencies import load_framework
from tests.factories.organisations import GrantFactory, OrgUnitFactory, UserFactory
from tests.factories.reports import a_team, key_person_of, member

pytestmark = pytest.mark.django_db


def test_all_and_one_agree_for_everybody(noon):
    load_framework()
    team = a_team()
    neighbour = OrgUnitFactory(kind=UnitKind.TEAM, parent=team.municipality)
    member(neighbour, "nurse", "Nina", "Nabo")
    of_the_unit = key_person_of(team.unit)
    of_the_municipality = key_person_of(team.municipality)
    working_key_person = UserFactory(person=team.nurse)
    GrantFactory(person=team.nurse, role=Role.KEY_PERSON, unit=team.unit)
    users = [team.leader, of_the_unit, of_the_municipality, working_key_person, UserFactory(person=None)]
    assert [sorted(person.given_name for person in people_to_confirm_for(user)) for user in users] == [
        ["Anna", "Hanne", "Signe"],
        ["Anna", "Hanne", "Signe"],
        ["Anna", "Hanne", "Nina", "Signe"],
        ["Anna", "Hanne"],
        [],
    ]
    for user in users:
        assert set(people_to_confirm_for(user)) == {
            person for person in Person.objects.all() if may_confirm(user, person)
        }
