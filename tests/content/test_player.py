"""The learner's pages, without script: every form works as a form."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.domain import enrolment, free_text
from courses.models import Attempt, Completion, Edition, Enrolment, FreeText
from organisations.models import Profession
from tests.factories.courses import answer, answer_all
from tests.factories.organisations import UserFactory
from tests.files import soup, text
from xapi.models import Statement


@pytest.fixture
def edition(module):
    return Edition.objects.get(language="da")


@pytest.fixture
def going(learner, edition):
    return enrolment.begin(learner.person, edition=edition)


@pytest.fixture
def browser_of(client, learner):
    client.force_login(learner)
    return client


def send(client, module, item, response, **headers):
    return client.post(
        f"{module.url}svar/{item}/", {"response": response, "token": str(uuid.uuid4())}, headers=headers
    )


def wrong_option(edition, item):
    right = edition.grading[item]["correct"]
    return next(option["id"] for option in edition.items[item]["options"] if option["id"] not in right)


def test_a_stranger_sees_what_a_module_is_and_is_asked_to_log_in_to_begin(module, client):
    assert client.get(module.url).status_code == 200
    assert client.post(f"{module.url}begynd/").headers["Location"] == f"/konto/login/?next={module.url}"
    assert client.get(f"{module.url}trin/1/").status_code == 302


def test_beginning_leads_to_the_first_step_and_going_on_to_where_she_was(module, browser_of):
    assert browser_of.post(f"{module.url}begynd/").headers["Location"] == f"{module.url}trin/1/"
    browser_of.get(f"{module.url}trin/3/")
    assert browser_of.post(f"{module.url}begynd/").headers["Location"] == f"{module.url}trin/3/"


def test_an_answer_leads_back_to_its_question_with_the_feedback(module, browser_of, going, edition):
    item = edition.graded_items[0]
    sent = send(browser_of, module, item, wrong_option(edition, item))
    assert sent.headers["Location"] == f"{module.url}trin/2/#item-{item}"
    said = browser_of.get(f"{module.url}trin/2/").content.decode()
    assert edition.grading[item]["feedback"][wrong_option(edition, item)] in said


def test_a_wrong_answer_does_not_give_the_right_one_away(module, browser_of, going, edition):
    item = edition.graded_items[0]
    send(browser_of, module, item, wrong_option(edition, item))
    said = browser_of.get(f"{module.url}trin/2/").content.decode()
    assert edition.grading[item]["feedback"][edition.grading[item]["correct"][0]] not in said
    assert edition.grading[item]["source"]["quote"] not in said


def test_before_an_answer_no_explanation_is_sent(module, browser_of, going, edition):
    said = browser_of.get(f"{module.url}trin/2/").content.decode()
    for specification in edition.grading.values():
        assert specification["explanation"] not in said
        for feedback in specification.get("feedback", {}).values():
            assert feedback not in said


def test_htmx_gets_the_question_alone_with_the_feedback_in_focus(module, browser_of, going, edition):
    item = edition.graded_items[0]
    sent = send(browser_of, module, item, wrong_option(edition, item), **{"HX-Request": "true"})
    said = sent.content.decode()
    assert (sent.status_code, "<html" in said, "data-focus" in said) == (200, False, True)


def test_an_answer_to_a_question_of_another_module_is_404(module, browser_of, going):
    assert send(browser_of, module, "s1_q1", "right").status_code == 404
    assert Attempt.objects.count() == 0


def test_an_option_that_is_not_there_is_said_and_nothing_is_recorded(module, browser_of, going, edition):
    sent = send(browser_of, module, edition.graded_items[0], "invented")
    assert sent.status_code == 422
    assert "Vælg en af dem, der er vist" in sent.content.decode()
    assert Attempt.objects.count() == 0


def test_no_choice_is_said_and_nothing_is_recorded(module, browser_of, going, edition):
    sent = send(browser_of, module, edition.graded_items[0], "")
    assert (sent.status_code, "Vælg et svar først" in sent.content.decode()) == (422, True)
    assert Attempt.objects.count() == 0


def test_a_refused_text_comes_back_with_the_reason_and_every_word(module, browser_of, going, edition):
    item = next(item for item, block in edition.items.items() if block["kind"] == "practice_task")
    sent = browser_of.post(f"{module.url}tekst/{item}/", {"text": "Fru H. 010203-1234 har det bedre"})
    said = sent.content.decode()
    assert (sent.status_code, "CPR-nummer" in said, "har det bedre" in said) == (422, True, True)
    assert FreeText.objects.count() == 0


def test_what_she_wrote_is_shown_to_her_again(module, browser_of, going, edition):
    item = next(item for item, block in edition.items.items() if block["kind"] == "reflection")
    browser_of.post(f"{module.url}tekst/{item}/", {"text": "Jeg så det i øjnene."})
    assert "Jeg så det i øjnene." in browser_of.get(f"{module.url}trin/6/").content.decode()


def test_the_landing_says_of_each_step_what_was_read_and_what_is_in_place(module, browser_of, going, edition):
    for step in range(1, len(edition.steps) + 1):
        browser_of.post(f"{module.url}trin/{step}/videre/")
    page = soup(browser_of.get(module.url))
    rows = page.select(".content-steps > li .content-steps__state")
    assert [text(row) for row in rows] == [
        "Læst",
        "Læst · der er spørgsmål, der ikke er besvaret rigtigt endnu",
        "Læst · der er spørgsmål, der ikke er besvaret rigtigt endnu",
        "Læst · opgaven er ikke afleveret endnu",
        "Læst · der er spørgsmål, der ikke er besvaret rigtigt endnu",
        "Læst · refleksionen er frivillig",
    ]
    assert [bool(row.select("svg")) for row in rows] == [True, False, False, False, False, True]
    assert text(page.select_one(".lindra-progress__count")) == "2 af 6"


def test_finishing_with_something_missing_says_what_and_where(module, browser_of, going, edition):
    sent = browser_of.post(f"{module.url}afslut/")
    said = sent.content.decode()
    assert sent.status_code == 422
    assert [f"#item-{item}" in said for item in edition.graded_items] == [True] * 4
    assert Completion.objects.count() == 0


def test_before_the_end_it_counts_what_is_in_place_and_leads_to_the_first_question_that_is_open(
    module, browser_of, going, edition
):
    answer(going, edition.graded_items[0], edition.grading[edition.graded_items[0]]["correct"][0])
    page = soup(browser_of.get(f"{module.url}afslut/"))
    assert text(page.select_one(".lindra-lead")).startswith("1 af 4 spørgsmål er på plads.")
    first = edition.graded_items[1]
    (button,) = page.main.select(".button")
    assert button["href"] == f"{module.url}trin/{edition.step_of(first)}/#item-{first}"
    assert text(button) == "Gå til det første åbne spørgsmål"
    answer_all(going)
    page = soup(browser_of.get(f"{module.url}afslut/"))
    assert [text(button) for button in page.main.select(".button")] == ["Afslut modulet"]


def test_from_a_step_the_pages_of_sharing_and_asking_know_the_way_back(module, browser_of, going, edition):
    for kind in ("reflection", "practice_task"):
        item = next(item for item, block in edition.items.items() if block["kind"] == kind)
        free_text.write(going, item=item, text="Vi talte om det.")
        step = f"{module.url}trin/{edition.step_of(item)}/"
        link = soup(browser_of.get(step)).select_one(f"#item-{item} .lindra-onward")
        opened = soup(browser_of.get(link["href"]))
        ways = [way["href"] for way in opened.main.find_all("a") if way["href"].startswith(step)]
        assert ways == [f"{step}#item-{item}"], kind
        assert opened.select(".breadcrumbs__link")[-1]["href"] == f"{step}#item-{item}"


def test_finishing_shows_the_completion_in_the_same_request_that_follows(module, browser_of, going, edition):
    answer_all(going)
    sent = browser_of.post(f"{module.url}afslut/", follow=True)
    assert "Du har gennemført modulet" in sent.content.decode()
    assert Completion.objects.count() == 1


def test_an_answer_after_completion_is_refused_with_words(module, browser_of, learner, edition):
    finished = enrolment.begin(learner.person, edition=edition)
    answer_all(finished)
    enrolment.finish(finished)
    before = Statement.objects.count()
    sent = send(
        browser_of, module, edition.graded_items[0], edition.grading[edition.graded_items[0]]["correct"][0]
    )
    assert sent.status_code == 422
    assert Statement.objects.count() == before


def test_a_step_that_is_not_there_is_404(module, browser_of, going):
    assert [browser_of.get(f"{module.url}trin/{n}/").status_code for n in (0, 7, 99)] == [404, 404, 404]


def test_a_step_before_beginning_leads_to_the_module(module, browser_of):
    assert browser_of.get(f"{module.url}trin/2/").headers["Location"] == module.url
    assert Enrolment.objects.count() == 0


def test_opening_begin_by_its_address_begins_nothing(module, browser_of):
    assert browser_of.get(f"{module.url}begynd/").status_code == 302
    assert Enrolment.objects.count() == 0


def test_a_learner_who_began_in_danish_is_led_back_to_danish(module, english, browser_of, going):
    assert browser_of.get(english.url).headers["Location"] == module.url
    assert browser_of.get(f"{english.url}trin/2/").headers["Location"] == f"{module.url}trin/2/"


def test_a_log_in_without_a_person_is_told_so_and_nothing_breaks(module, client):
    client.force_login(UserFactory(person=None))
    said = client.post(f"{module.url}begynd/", follow=True).content.decode()
    assert "ikke knyttet til en person" in said
    assert client.get("/mit/").status_code == 200
    assert Enrolment.objects.count() == 0


def test_a_learner_without_employment_may_take_it_and_is_told_what_is_missing(module, client):
    user = UserFactory()
    client.force_login(user)
    assert "ikke registreret på et arbejdssted" in client.get("/mit/").content.decode()
    assert client.post(f"{module.url}begynd/").headers["Location"] == f"{module.url}trin/1/"


def test_nobody_sees_what_another_learner_wrote_or_answered(module, client, going, edition):
    item = next(item for item, block in edition.items.items() if block["kind"] == "reflection")
    free_text.write(going, item=item, text="Min hemmelige tanke")
    other = UserFactory()
    client.force_login(other)
    client.post(f"{module.url}begynd/")
    pages = [client.get(f"{module.url}trin/{n}/").content.decode() for n in range(1, 7)]
    assert [("Min hemmelige tanke" in said) for said in pages] == [False] * 6


def test_the_list_shows_those_for_my_profession_and_all_on_request(module, browser_of):
    assert "Se det i tide" in browser_of.get("/moduler/").content.decode()
    page = module
    page.professions.set(Profession.objects.filter(code="doctor"))
    page.save_revision().publish()
    assert "Se det i tide" not in browser_of.get("/moduler/").content.decode()
    assert "Se det i tide" in browser_of.get("/moduler/?vis=alle").content.decode()


def test_my_page_says_what_to_go_on_with_and_what_is_done(module, browser_of, learner, edition):
    assert "Anbefalet til dig" in browser_of.get("/mit/").content.decode()
    enrolment.begin(learner.person, edition=edition)
    assert "Gå videre med" in browser_of.get("/mit/").content.decode()


def test_the_front_page_sends_whoever_is_logged_in_on_to_her_own(module, browser_of, client):
    assert browser_of.get("/").headers["Location"] == "/mit/"
    client.logout()
    assert client.get("/").status_code == 200


def test_lists_take_as_many_queries_for_three_modules_as_for_one(module, browser_of, learner, edition):
    def count(address):
        with CaptureQueriesContext(connection) as asked:
            browser_of.get(address)
        return len(asked)

    addresses = ("/moduler/", "/mit/")
    for address in addresses:
        count(address)
    with_one = [count(address) for address in addresses]
    assert with_one == [19, 32]
    for number in (2, 3):
        copy = module.copy(update_attrs={"slug": f"modul-{number}", "title": f"Modul {number}"})
        copy.save_revision().publish()
    assert [count(address) for address in addresses] == with_one


def test_a_step_takes_as_many_queries_after_three_answers_as_after_one(module, browser_of, going, edition):
    def count():
        with CaptureQueriesContext(connection) as asked:
            browser_of.get(f"{module.url}trin/2/")
        return len(asked)

    first, second = edition.graded_items[:2]
    browser_of.get(f"{module.url}trin/2/")
    answer(going, first, wrong_option(edition, first))
    with_one = count()
    assert with_one == 20
    answer(going, first, wrong_option(edition, first))
    answer(going, second, wrong_option(edition, second))
    assert count() == with_one


def test_a_preview_in_the_back_office_shows_every_step_and_records_nothing(module, educator, client):
    client.force_login(educator)
    said = module.make_preview_request(preview_mode="").content.decode()
    assert [step["title"] in said for step in Edition.objects.get(language="da").steps] == [True] * 6
    assert Statement.objects.count() == 0
