"""Errors that are reported in a module, and answered, by whom they may be."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from courses.domain.error_reports import (
    LONGEST,
    MOST_A_DAY,
    answer_report,
    erase_report,
    own_reports,
    recent_answers,
    report_error,
)
from courses.models import ErrorReport
from organisations.domain.groups import sync_groups
from organisations.enums import Role
from tests.factories.courses import FIRST, SECOND, publish
from tests.factories.organisations import (
    AreaFactory,
    EmploymentFactory,
    GrantFactory,
    OrgUnitFactory,
    PersonFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
WORDS = "Der mangler et ord i svaret."


@pytest.fixture
def edition():
    return publish(title="Se det i tide")


@pytest.fixture
def reporter():
    return PersonFactory(given_name="Regitze", family_name="Rasmussen")


@pytest.fixture
def report(edition, reporter):
    return report_error(edition, step=1, item=FIRST, text=WORDS, by=reporter)


def enter(client, user):
    sync_groups(user)
    client.force_login(user)
    return user


def with_role(role, **fields):
    user = UserFactory()
    EmploymentFactory(person=user.person)
    GrantFactory(person=user.person, role=role, **{"unit": None, **fields})
    return user


# --- The domain ---------------------------------------------------------------------------------------


def test_a_report_names_edition_step_and_item(report, edition, reporter):
    assert (report.edition, report.step, report.item, report.text, report.reporter) == (
        edition,
        1,
        FIRST,
        WORDS,
        reporter,
    )
    assert (str(report), report.is_answered) == ("Se det i tide, trin 1", False)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"text": "   "}, "empty"),
        ({"text": "x" * (LONGEST + 1)}, "too_long"),
        ({"text": "Borgeren 010203-1234 står i teksten"}, "cpr_like"),
        ({"step": 0}, "no_such_step"),
        ({"step": 4}, "no_such_step"),
        ({"item": SECOND}, "no_such_item"),
        ({"item": "findes-ikke"}, "no_such_item"),
    ],
)
def test_what_cannot_be_a_report_is_refused(edition, reporter, changed, code):
    with pytest.raises(ValidationError) as refused:
        report_error(edition, **{"step": 1, "text": WORDS, "by": reporter, **changed})
    assert refused.value.code == code
    assert ErrorReport.objects.count() == 0


def test_a_double_click_reports_once(report, edition, reporter):
    assert report_error(edition, step=1, item=FIRST, text=f" {WORDS} ", by=reporter) == report
    assert report_error(edition, step=1, item=FIRST, text=WORDS, by=PersonFactory()) != report


def test_a_person_reports_so_many_times_a_day_and_no_more(edition, reporter, noon):
    for number in range(MOST_A_DAY):
        report_error(edition, step=1, text=f"{WORDS} {number}", by=reporter)
    with pytest.raises(ValidationError) as refused:
        report_error(edition, step=1, text="En til", by=reporter)
    assert refused.value.code == "too_many"
    report_error(edition, step=1, text="En anden", by=PersonFactory())
    noon(dt.date(2026, 11, 24))
    report_error(edition, step=1, text="En til", by=reporter)
    assert ErrorReport.objects.filter(reporter=reporter).count() == MOST_A_DAY + 1


def test_an_answer_is_given_once(report):
    educator = PersonFactory()
    answered = answer_report(report, text="Tak. Ordet er sat ind.", by=educator)
    assert (answered.answer, answered.answered_by, answered.is_answered) == (
        "Tak. Ordet er sat ind.",
        educator,
        True,
    )
    with pytest.raises(ValidationError) as refused:
        answer_report(report, text="Noget andet", by=educator)
    assert refused.value.code == "answered"


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty"), ("Se 010203-1234", "cpr_like"), ("x" * 1001, "too_long")]
)
def test_an_answer_without_words_or_with_a_cpr_number_is_refused(report, text, code):
    with pytest.raises(ValidationError) as refused:
        answer_report(report, text=text, by=None)
    assert refused.value.code == code


def test_the_words_can_be_erased_and_the_answer_stays(report):
    answered = answer_report(report, text="Tak.", by=None)
    erase_report(answered)
    answered.refresh_from_db()
    assert (answered.text, answered.answer, answered.erased_at is None) == ("", "Tak.", False)


def test_when_the_reporter_is_erased_the_report_is_nobodys(report, reporter):
    reporter.delete()
    assert ErrorReport.objects.get().reporter is None


def test_answers_of_the_last_thirty_days_are_recent(report, reporter):
    answer_report(report, text="Tak.", by=None)
    assert recent_answers(reporter) == [report]
    assert recent_answers(PersonFactory()) == []
    with time_machine.travel(dt.datetime(2026, 12, 23, 12, tzinfo=dt.UTC), tick=False):
        assert recent_answers(reporter) == []
    assert list(own_reports(reporter)) == [report]


def test_open_ones_come_first_the_longest_waiting_before_the_others(edition, report, reporter, noon):
    noon(dt.date(2026, 11, 23))
    second = report_error(edition, step=2, text="To", by=reporter)
    noon(dt.date(2026, 11, 24))
    third = report_error(edition, step=2, text="Tre", by=reporter)
    answer_report(second, text="Tak.", by=None)
    assert list(ErrorReport.objects.all()) == [report, third, second]


# --- The back office ------------------------------------------------------------------------------------


def listed(client):
    return client.get(reverse("errorreport:index"))


@pytest.mark.parametrize("role", [Role.EDUCATOR, Role.ADMINISTRATOR])
def test_educators_and_administrators_read_and_answer_without_the_reporters_name(client, report, role):
    user = enter(client, with_role(role))
    opened = client.get(reverse("errorreport:edit", args=[report.pk])).content.decode()
    for page in (opened, listed(client).content.decode()):
        assert WORDS in page
        assert "Regitze" not in page
    sent = client.post(reverse("errorreport:edit", args=[report.pk]), {"answer": "Tak. Det er rettet."})
    assert sent.status_code == 302
    report.refresh_from_db()
    assert (report.answer, report.answered_by) == ("Tak. Det er rettet.", user.person)


def test_what_was_reported_cannot_be_changed_and_an_answer_not_given_twice(client, report):
    enter(client, with_role(Role.EDUCATOR))
    address = reverse("errorreport:edit", args=[report.pk])
    client.post(address, {"answer": "Tak.", "report": "Andre ord", "text": "Andre ord"})
    assert client.post(address, {"answer": "Noget andet."}).status_code == 200
    report.refresh_from_db()
    assert (report.text, report.answer) == (WORDS, "Tak.")


def test_an_answer_with_a_cpr_number_is_refused_with_words(client, report):
    enter(client, with_role(Role.EDUCATOR))
    page = client.post(reverse("errorreport:edit", args=[report.pk]), {"answer": "Se 010203-1234"})
    assert "CPR" in page.content.decode()
    assert ErrorReport.objects.get().answer == ""


def test_nobody_makes_or_deletes_one_in_the_back_office(client, report):
    enter(client, with_role(Role.ADMINISTRATOR))
    assert client.post(reverse("errorreport:add"), {"answer": "x"}).status_code == 302
    assert client.post(f"/cms/errorreport/delete/{report.pk}/").status_code == 404
    assert list(ErrorReport.objects.all()) == [report]


def a_leader():
    return with_role(Role.LEADER, unit=OrgUnitFactory())


def a_key_person():
    return with_role(Role.KEY_PERSON, unit=OrgUnitFactory())


def a_coordinator():
    return with_role(Role.COORDINATOR, area=AreaFactory())


def an_administrator_of_one_unit():
    return with_role(Role.ADMINISTRATOR, unit=OrgUnitFactory())


def a_colleague():
    return EmploymentFactory(person=UserFactory().person).person.users.get()


@pytest.mark.parametrize(
    "who", [a_leader, a_key_person, a_coordinator, an_administrator_of_one_unit, a_colleague]
)
def test_nobody_else_reads_or_answers_one(client, report, who):
    enter(client, who())
    edit = reverse("errorreport:edit", args=[report.pk])
    for answer in (listed(client), client.get(edit), client.post(edit, {"answer": "Ind"})):
        assert answer.status_code in {302, 403}
        assert WORDS not in answer.content.decode()
    assert ErrorReport.objects.get().answer == ""


def test_the_list_takes_as_many_queries_for_three_as_for_one(client, report, django_assert_num_queries):
    enter(client, with_role(Role.EDUCATOR))
    listed(client)
    with django_assert_num_queries(29):
        listed(client)
    for number in (2, 3):
        report_error(publish(), step=number, text="En til", by=PersonFactory())
    with django_assert_num_queries(29):
        assert listed(client).content.decode().count("En til") == 2
