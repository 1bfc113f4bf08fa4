"""The mail that says where key persons will be missing: to whom it concerns, once, without a name."""

import datetime as dt

import pytest
from django.core import mail
from django.core.cache import cache

from config.management.commands.tick import tick
from organisations.domain.employments import end_employment
from organisations.domain.mails import turn
from organisations.enums import MailKind, Role
from organisations.models import Profession
from reports.rules import mails_to
from reports.tasks import tell_of_falls
from tests.factories.certification import TargetFactory
from tests.factories.competencies import load_framework
from tests.factories.organisations import (
    AreaFactory,
    AreaMembershipFactory,
    GrantFactory,
    UserFactory,
)
from tests.factories.reports import a_team

pytestmark = pytest.mark.django_db

END = dt.date(2026, 12, 31)


@pytest.fixture
def team(noon):
    """A municipality whose only key person is the nurse of the team, with a coordinator."""
    load_framework()
    team = a_team()
    area = AreaFactory()
    AreaMembershipFactory(area=area, unit=team.municipality)
    TargetFactory(area=area, profession=Profession.objects.get(code="nurse"))
    GrantFactory(person=team.nurse, role=Role.KEY_PERSON, unit=team.unit)
    coordinator = GrantFactory(role=Role.COORDINATOR, unit=None, area=area).person
    team.coordinator = UserFactory(person=coordinator, email="region@lindra.example")
    return team


def sent():
    cache.clear()
    tell_of_falls()
    return sorted(one.to[0] for one in mail.outbox)


def test_leader_and_coordinator_are_told_once_each_where_to_see_it(team):
    assert sent() == []
    end_employment(team.nurse.employments.get(), on=END)
    assert sent() == sorted([team.leader.email, "region@lindra.example"])
    by_receiver = {one.to[0]: one for one in mail.outbox}
    for receiver, page in ((team.leader.email, "/team/"), ("region@lindra.example", "/daekning/")):
        one = by_receiver[receiver]
        assert one.subject == "Der kommer til at mangle nøglepersoner"
        assert "- Skive Kommune (sygeplejerske), fra 31. december 2026" in one.body
        assert page in one.body
        assert [name for name in ("Signe", "Sygeplejerske\n") if name in one.body] == []
    mail.outbox.clear()
    assert sent() == []


def test_it_is_looked_for_once_an_hour(team):
    tell_of_falls()
    end_employment(team.nurse.employments.get(), on=END)
    tell_of_falls()
    assert mail.outbox == []
    cache.clear()
    assert tick() == []
    assert len(mail.outbox) == 2


def test_who_turned_it_off_gets_none_and_it_is_not_sent_later(team):
    turn(team.leader.person, MailKind.KEY_PERSON_LEAVES, on=False)
    end_employment(team.nurse.employments.get(), on=END)
    assert sent() == ["region@lindra.example"]
    turn(team.leader.person, MailKind.KEY_PERSON_LEAVES, on=True)
    assert sent() == ["region@lindra.example"]


def test_only_leaders_and_coordinators_are_asked_whether_they_want_it(team):
    asked = {
        user.email: MailKind.KEY_PERSON_LEAVES in mails_to(user)
        for user in (team.leader, team.coordinator, UserFactory(person=team.nurse))
    }
    assert list(asked.values()) == [True, True, False]
