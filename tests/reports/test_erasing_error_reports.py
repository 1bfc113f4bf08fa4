"""What a learner wrote when she reported an error is hers to erase, and nobody else's."""

import datetime as dt

import pytest
from django.urls import reverse

from courses.domain.error_reports import answer_report, report_error
from organisations.enums import Role
from tests.factories.courses import publish
from tests.factories.organisations import GrantFactory, UserFactory

pytestmark = pytest.mark.django_db
WORDS = "Dosis i spørgsmålet passer ikke med vejledningen."


@pytest.fixture
def learner(client):
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def report(noon, learner):
    return report_error(publish(), step=1, text=WORDS, by=learner.person)


def erase(client, report):
    return client.post(reverse("reports:erase_error_report", args=[report.public_id]))


def my_data(client):
    return client.get(reverse("reports:my_record")).content.decode()


def test_the_words_are_gone_and_the_answer_stays(client, report):
    answer_report(report, text="Det er rettet i den næste udgave.", by=None)
    assert WORDS in my_data(client)
    response = erase(client, report)
    assert (response.status_code, response["Location"]) == (302, reverse("reports:my_record"))
    report.refresh_from_db()
    assert (report.text, report.erased_at) == ("", dt.datetime(2026, 11, 22, 11, tzinfo=dt.UTC))
    page = my_data(client)
    assert [words in page for words in (WORDS, "Det er rettet", "/slet/")] == [False, True, False]


def test_twice_is_once(client, report, noon):
    erase(client, report)
    noon(dt.date(2026, 11, 23))
    assert erase(client, report).status_code == 302
    report.refresh_from_db()
    assert report.erased_at.date() == dt.date(2026, 11, 22)


def test_nobody_erases_what_another_reported(client, report):
    others = [
        UserFactory(),
        UserFactory(person=GrantFactory(role=Role.EDUCATOR, unit=None).person),
        UserFactory(person=None, is_superuser=True),
    ]
    for user in others:
        client.force_login(user)
        assert erase(client, report).status_code == 404
    client.logout()
    assert erase(client, report).status_code == 302
    report.refresh_from_db()
    assert report.text == WORDS


def test_erasing_is_never_a_link(client, report):
    assert client.get(reverse("reports:erase_error_report", args=[report.public_id])).status_code == 405
