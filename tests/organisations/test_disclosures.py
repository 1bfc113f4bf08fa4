"""Who has looked at whose data."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from organisations.domain.disclosures import note_disclosure
from organisations.enums import DisclosureKind
from organisations.models import Disclosure
from tests.factories.organisations import PersonFactory

pytestmark = pytest.mark.django_db


def noted():
    return list(Disclosure.objects.order_by("id").values_list("viewer", "subject", "what", "on", "rows"))


def test_a_page_is_noted_once_a_day(noon):
    leader, nurse = PersonFactory(), PersonFactory()
    for day in (dt.date(2026, 11, 22), dt.date(2026, 11, 22), dt.date(2026, 11, 23)):
        noon(day)
        note_disclosure([nurse], viewer=leader, what=DisclosureKind.PERSON_PAGE)
    assert noted() == [
        (leader.pk, nurse.pk, "person_page", dt.date(2026, 11, 22), 1),
        (leader.pk, nurse.pk, "person_page", dt.date(2026, 11, 23), 1),
    ]


def test_each_viewer_is_noted(noon):
    nurse = PersonFactory()
    viewers = [PersonFactory(), PersonFactory()]
    for viewer in viewers:
        note_disclosure([nurse], viewer=viewer, what=DisclosureKind.PERSON_PAGE)
    assert [row[0] for row in noted()] == [viewer.pk for viewer in viewers]


def test_each_file_is_noted_for_everyone_in_it_and_never_for_the_viewer_herself(noon):
    leader, nurse, helper = PersonFactory(), PersonFactory(), PersonFactory()
    for _time in range(2):
        note_disclosure([nurse, leader, helper, nurse], viewer=leader, what=DisclosureKind.TEAM_FILE)
    day = dt.date(2026, 11, 22)
    # The file held three people, the leader among them.
    assert noted() == [(leader.pk, one.pk, "team_file", day, 3) for one in (nurse, helper)] * 2


def test_one_s_own_page_is_not_noted(noon):
    leader = PersonFactory()
    note_disclosure([leader], viewer=leader, what=DisclosureKind.PERSON_PAGE)
    assert noted() == []


def test_what_was_seen_stays_when_the_viewer_is_gone_and_goes_with_the_one_it_is_about(noon):
    leader, nurse = PersonFactory(), PersonFactory()
    note_disclosure([nurse], viewer=leader, what=DisclosureKind.PERSON_PAGE)
    leader.delete()
    assert [row[:2] for row in noted()] == [(None, nurse.pk)]
    nurse.delete()
    assert noted() == []


def test_the_database_too_refuses_a_second_page_of_the_day(noon):
    fields = {"viewer": PersonFactory(), "subject": PersonFactory(), "on": dt.date(2026, 11, 22)}
    for what, refused in ((DisclosureKind.TEAM_FILE, False), (DisclosureKind.PERSON_PAGE, True)):
        row = {**fields, "what": what, "at": timezone.now()}
        Disclosure.objects.create(**row)
        if refused:
            with pytest.raises(IntegrityError), transaction.atomic():
                Disclosure.objects.create(**row)
        else:
            Disclosure.objects.create(**row)
    assert Disclosure.objects.count() == 3
