"""The form at each step, and the answer on the reporter's own page."""

import pytest

from courses.domain import enrolment
from courses.domain.error_reports import answer_report, report_error
from courses.models import Edition, ErrorReport
from tests.factories.organisations import PersonFactory, UserFactory

WORDS = "Kilden er fra et andet år."


@pytest.fixture
def edition(module):
    return Edition.objects.get(language="da")


@pytest.fixture
def going(learner, edition):
    return enrolment.begin(learner.person, edition=edition)


@pytest.fixture
def browser_of(client, learner, going):
    client.force_login(learner)
    return client


def send(client, module, number=2, **fields):
    return client.post(f"{module.url}trin/{number}/fejl/", {"text": WORDS, **fields})


def test_a_report_is_kept_and_she_is_back_at_the_step_with_thanks(module, browser_of, learner, edition):
    item = edition.graded_items[0]
    sent = send(browser_of, module, item=item)
    assert sent.headers["Location"] == f"{module.url}trin/2/"
    report = ErrorReport.objects.get()
    assert (report.reporter, report.edition, report.step, report.item, report.text) == (
        learner.person,
        edition,
        2,
        item,
        WORDS,
    )
    assert "alert" in browser_of.get(sent.headers["Location"]).content.decode()


@pytest.mark.parametrize("text", ["", "Borgeren 010203-1234"])
def test_a_refused_report_comes_back_open_with_its_words_and_the_reason(module, browser_of, text):
    sent = send(browser_of, module, text=text)
    said = sent.content.decode()
    assert sent.status_code == 422
    assert sent.context["report"]["text"] == text
    assert '<details class="content-report" open>' in said
    assert f">{text}</textarea>" in said
    assert ErrorReport.objects.count() == 0


def test_an_item_of_another_step_or_a_step_that_is_not_there_is_refused(module, browser_of, edition):
    assert send(browser_of, module, 1, item=edition.graded_items[0]).status_code == 422
    assert send(browser_of, module, 99).status_code == 404
    assert ErrorReport.objects.count() == 0


def test_an_address_without_a_form_leads_to_the_step(module, browser_of):
    assert browser_of.get(f"{module.url}trin/2/fejl/").headers["Location"] == f"{module.url}trin/2/"


def test_who_has_not_begun_the_module_or_is_nobody_reports_nothing(module, client):
    for user in (UserFactory(), UserFactory(person=None)):
        client.force_login(user)
        assert send(client, module).headers["Location"] == module.url
    client.logout()
    assert send(client, module).headers["Location"].startswith("/konto/login/")
    assert ErrorReport.objects.count() == 0


def test_the_answer_stands_on_her_own_page_and_in_her_data(module, browser_of, learner, edition):
    report = report_error(edition, step=2, text=WORDS, by=learner.person)
    assert "Tak, det er rettet." not in browser_of.get("/mit/").content.decode()
    assert WORDS in browser_of.get("/mit/data/").content.decode()
    answer_report(report, text="Tak, det er rettet.", by=None)
    for address in ("/mit/", "/mit/data/"):
        said = browser_of.get(address).content.decode()
        assert "Tak, det er rettet." in said
        assert WORDS in said


def test_nobody_else_reads_it_on_a_page(module, client, edition, learner):
    report = report_error(edition, step=2, text=WORDS, by=PersonFactory())
    answer_report(report, text="Tak, det er rettet.", by=learner.person)
    enrolment.begin(learner.person, edition=edition)
    client.force_login(learner)
    for address in ("/mit/", "/mit/data/", module.url, f"{module.url}trin/2/"):
        said = client.get(address).content.decode()
        assert WORDS not in said
        assert "Tak, det er rettet." not in said


def test_the_home_page_takes_as_many_queries_for_three_answers_as_for_one(
    browser_of, learner, edition, django_assert_max_num_queries
):
    def answered(number):
        report = report_error(edition, step=2, text=f"{WORDS} {number}", by=learner.person)
        answer_report(report, text="Tak.", by=None)

    def queries():
        with django_assert_max_num_queries(100) as counted:
            assert browser_of.get("/mit/").status_code == 200
        return len(counted)

    answered(1)
    queries()
    few = queries()
    answered(2)
    answered(3)
    assert queries() == few
