"""A practice task that is sent back: read at its step and on *Min side*, and answered; in a browser too."""

import datetime as dt

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from courses.domain import enrolment, free_text, practice
from courses.domain.task_notes import ask_for_more
from courses.models import Confirmation, Edition, ItemSubmission, TaskNote
from tests.conftest import DESK, PHONE
from tests.factories.courses import answer_all
from tests.factories.organisations import GrantFactory, UserFactory
from tests.files import queries_of, soup, text

LINE = "Hvad sagde I til datteren?"
FIRST, SECOND = "Vi brugte skemaet.", "Vi brugte skemaet og ringede til datteren."
KIND = "practice_task"
WAITS = "Den venter på, at din leder eller nøgleperson bekræfter den."


@pytest.fixture
def leader(learner):
    unit = learner.person.employments.get().unit
    return UserFactory(
        person=GrantFactory(unit=unit, person__given_name="Lone", person__family_name="Leder").person
    )


@pytest.fixture
def going(learner):
    return enrolment.begin(learner.person, edition=Edition.objects.get(language="da"))


@pytest.fixture
def task(going):
    """The module's practice task, handed in."""
    item = next(item for item, block in going.edition.items.items() if block["kind"] == KIND)
    free_text.write(going, item=item, text=FIRST)
    return ItemSubmission.objects.get()


@pytest.fixture
def note(client, learner, leader, task):
    """The leader has asked for more; the learner is logged in."""
    client.force_login(learner)
    return ask_for_more(task, text=LINE, by=leader.person)[0]


def step_of(module, task):
    return f"{module.url}trin/{task.enrolment.edition.step_of(task.item)}/"


def at_the_task(client, module, task):
    page = soup(client.get(step_of(module, task)))
    return text(page.select_one(f"#item-{task.item}"))


def on_my_page(client):
    section = soup(client.get("/mit/")).select_one("section[aria-labelledby=asked-back-heading]")
    return section and text(section)


@pytest.mark.usefixtures("noon")
def test_the_line_stands_at_the_task_and_on_my_page_until_it_is_answered(client, module, task, note):
    said = "Lone Leder har læst din opgave og skrev den 22. november 2026:"
    for words in (said, LINE):
        assert words in at_the_task(client, module, task)
        assert words in on_my_page(client)
    assert "Send igen" in at_the_task(client, module, task)
    assert WAITS not in at_the_task(client, module, task)
    link = soup(client.get("/mit/")).select_one("section[aria-labelledby=asked-back-heading] a")
    assert link["href"] == f"{step_of(module, task)}#item-{task.item}"
    client.post(f"{module.url}tekst/{task.item}/", {"text": SECOND})
    assert (on_my_page(client), TaskNote.objects.open().count()) == (None, 0)
    answered = at_the_task(client, module, task)
    assert LINE in answered
    assert "Du sendte opgaven igen den 22. november 2026." in answered
    assert ("Send igen" in answered, WAITS in answered) == (False, True)


@pytest.mark.usefixtures("noon")
def test_the_end_of_the_module_says_that_a_little_more_is_asked_for(client, module, going, note):
    answer_all(going)
    enrolment.finish(going)
    assert "du bliver bedt om lidt mere" in text(soup(client.get(f"{module.url}afslut/")))
    # A module that is finished still takes the answer.
    client.post(f"{module.url}tekst/{note.item}/", {"text": SECOND})
    assert "venter på at blive bekræftet" in text(soup(client.get(f"{module.url}afslut/")))


@pytest.mark.usefixtures("noon")
def test_once_it_is_confirmed_nothing_is_asked_any_more(client, module, task, note, leader):
    practice.confirm(task, by=leader.person)
    assert on_my_page(client) is None
    assert LINE not in at_the_task(client, module, task)


@pytest.mark.usefixtures("noon")
def test_a_task_of_a_module_taken_anew_or_withdrawn_leads_to_my_data(client, module, going, note):
    def leads():
        return soup(client.get("/mit/")).select_one("section[aria-labelledby=asked-back-heading] a")["href"]

    module.unpublish()
    assert leads() == f"{reverse('reports:my_record')}#written-heading"
    module.save_revision().publish()
    answer_all(going)
    enrolment.finish(going)
    later = timezone.now() + dt.timedelta(days=1)
    enrolment.begin(going.person, edition=going.edition, at=later)
    assert leads() == f"{reverse('reports:my_record')}#written-heading"


@pytest.mark.usefixtures("noon")
def test_another_learner_in_the_same_module_sees_nothing_of_it(client, module, task, note):
    other = UserFactory()
    free_text.write(enrolment.begin(other.person, edition=task.enrolment.edition), item=task.item, text=FIRST)
    client.force_login(other)
    assert LINE not in at_the_task(client, module, task)
    assert on_my_page(client) is None


@pytest.mark.usefixtures("noon")
def test_three_lines_take_as_many_queries_as_one(client, module, task, note, leader):
    pages = ["/mit/", step_of(module, task)]
    one = [queries_of(client, page) for page in pages]
    unit = task.enrolment.person.employments.get().unit
    for _another in range(2):
        ask_for_more(task, text="Og mere", by=GrantFactory(unit=unit).person)
    assert [queries_of(client, page) for page in pages] == one


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_whole_round_on_a_phone_and_on_a_desk(
    page, client, live_server, assert_accessible, module, learner, leader, task
):
    def log_in(user):
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
        )

    def look():
        for width in (DESK, PHONE):
            page.set_viewport_size(width)
            assert_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width["width"]

    given_name = learner.person.given_name
    log_in(leader)
    page.goto(reverse("reports:confirm"))
    look()
    page.locator("summary", has_text="Bed om mere").click()
    page.get_by_role("button", name=f"Send det til {given_name}").click()
    expect(page.get_by_text("Skriv et par ord først.")).to_be_focused()
    look()
    page.get_by_label("Hvad mangler der, eller hvad vil du gerne tale om?").fill(LINE)
    page.get_by_role("button", name=f"Send det til {given_name}").click()
    expect(page.get_by_text("Det er sendt.")).to_be_visible()
    expect(page.get_by_text(LINE)).to_be_hidden()
    page.get_by_text("Sendt tilbage", exact=True).click()
    expect(page.get_by_text(LINE)).to_be_visible()
    look()

    log_in(learner)
    page.goto("/mit/")
    expect(page.get_by_text(LINE)).to_be_visible()
    look()
    page.get_by_role("link", name="Gå til opgaven").click()
    expect(page.get_by_text(LINE)).to_be_visible()
    look()
    field = page.get_by_label("Hvad du gjorde, i to linjer")
    field.fill(SECOND)
    page.get_by_role("button", name="Send igen").click()
    expect(page.get_by_text("Du sendte opgaven igen den")).to_be_visible()
    expect(page.get_by_role("button", name="Send igen")).to_have_count(0)
    look()

    log_in(leader)
    page.goto(reverse("reports:confirm"))
    expect(page.get_by_text(SECOND)).to_be_visible()
    expect(page.get_by_text("Du bad om mere den")).to_be_visible()
    look()
    page.get_by_role("button", name=f"Bekræft, at {given_name}").click()
    expect(page.get_by_text("Bekræftet:")).to_be_visible()
    assert Confirmation.objects.count() == 1

    log_in(learner)
    page.goto(reverse("reports:my_record"))
    look()
    page.get_by_text("Slet det, der blev skrevet").click()
    page.get_by_role("button", name="Slet det for altid").click()
    expect(page.get_by_text("Ordene er slettet.")).to_be_visible()
    expect(page.get_by_text(LINE)).to_have_count(0)
