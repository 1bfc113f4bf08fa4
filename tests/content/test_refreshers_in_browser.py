"""A minute's refresher on a phone: from *Min side* to how it went, and as axe sees it."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from courses.domain import enrolment
from courses.domain.refreshers import due_refreshers
from courses.models import Enrolment, RefresherAnswer
from tests.conftest import PHONE
from tests.factories.courses import answer_all

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_refresher_is_taken_on_a_phone(page, let_in, learner, assert_accessible):
    let_in(page.context)
    going = Enrolment.objects.get(person=learner.person)
    answer_all(going)
    enrolment.finish(going, at=timezone.now() - dt.timedelta(days=4))
    [refresher] = due_refreshers(learner.person)
    page.set_viewport_size(PHONE)
    page.goto("/mit/")
    assert_accessible(page)
    title = page.get_by_text("Du gennemførte").locator("q")
    assert title.evaluate("(quoted) => getComputedStyle(quoted).quotes") == '"»" "«" "›" "‹"'
    page.get_by_role("link", name="Genopfrisk nu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Alle slags")
    for item in refresher.questions:
        question = page.locator(f"#item-{item}")
        if refresher.edition.items[item].get("options"):
            question.locator("label").first.click()
        for number, place in enumerate(question.locator("select:visible").all(), start=1):
            place.select_option(index=number)
        question.locator("button[type=submit]").click()
        expect(question.locator(".content-feedback")).to_be_focused()
    assert_accessible(page)
    assert RefresherAnswer.objects.values("item").distinct().count() == 3
    page.get_by_role("link", name="Se, hvordan det gik").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("af 3 rigtige i første forsøg")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("link", name="Læs om det i modulet").first.click()
    expect(page.locator(".content-where")).to_contain_text("Trin")
