"""Answers given without a network arrive when it is back, once, and are nobody else's."""

import json
import re

import pytest
from playwright.sync_api import expect

from courses.models import Attempt, FreeText
from tests.conftest import follow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def item(page, kind):
    return page.locator(f".content-item--{kind}")


def feedback(page, kind):
    return item(page, kind).locator(".content-feedback")


CPR = "Fru H., 010203-1234, har det bedre"
KEPT = "Object.keys(localStorage).filter(key => key.startsWith('lindra.answers.')).length"


def kept(page):
    return page.evaluate(KEPT)


def answer(page):
    claim = item(page, "true_false")
    claim.locator("label").nth(1).click()
    claim.get_by_role("button").click()
    return claim


def test_an_answer_without_a_network_is_kept_said_and_sent_once(page, open_step):
    open_step(1)
    page.context.set_offline(True)
    claim = answer(page)
    expect(claim.get_by_role("status")).to_contain_text("når der er net igen")
    expect(feedback(page, "true_false")).to_have_count(0)
    assert (kept(page), Attempt.objects.count()) == (1, 0)
    page.context.set_offline(False)
    expect(feedback(page, "true_false")).to_contain_text("Rigtigt")
    page.reload()
    expect(feedback(page, "true_false")).to_contain_text("Rigtigt")
    page.wait_for_function(f"() => {KEPT} === 0")
    assert Attempt.objects.count() == 1


def test_an_answer_whose_receipt_was_lost_is_sent_again_and_counts_once(page, open_step):
    open_step(1)

    def lose(route):
        route.fetch()
        route.abort()

    page.route("**/svar/**", lose)
    claim = answer(page)
    expect(claim.get_by_role("status")).to_contain_text("når der er net igen")
    assert (kept(page), Attempt.objects.count()) == (1, 1)
    page.unroute("**/svar/**")
    page.reload()
    expect(feedback(page, "true_false")).to_contain_text("Rigtigt")
    page.wait_for_function(f"() => {KEPT} === 0")
    assert Attempt.objects.count() == 1


def test_what_is_written_without_a_network_comes_too(page, open_step):
    open_step(3)
    page.context.set_offline(True)
    item(page, "short_answer").locator("textarea").fill("Jeg lytter først.")
    item(page, "short_answer").get_by_role("button").click()
    expect(item(page, "short_answer").get_by_role("status")).to_contain_text("når der er net igen")
    page.context.set_offline(False)
    expect(item(page, "short_answer")).to_contain_text("Hvad har fået dig til at tænke på det?")
    assert FreeText.objects.get().text == "Jeg lytter først."


def test_what_is_refused_when_it_comes_is_kept_until_she_can_read_why(page, open_step, item_of):
    open_step(1)
    short = item_of("short_answer")
    path = page.evaluate("location.pathname").replace("trin/1/", f"tekst/{short}/")
    answer = {"url": path, "item": f"item-{short}", "fields": [["text", CPR]]}
    page.evaluate(
        "kept => localStorage.setItem(`lindra.answers.${document.body.dataset.who}`, kept)",
        json.dumps([answer]),
    )
    with page.expect_response(f"**{path}"):
        page.reload()
    expect(page.locator("[data-offline-words] [role=status]")).to_have_text("")
    assert (kept(page), FreeText.objects.count()) == (1, 0)
    open_step(3)
    expect(item(page, "short_answer").locator(".form-error-message")).to_contain_text("CPR-nummer")
    expect(item(page, "short_answer").locator("textarea")).to_have_value(CPR)
    page.wait_for_function(f"() => {KEPT} === 0")
    assert FreeText.objects.count() == 0


def test_whoever_was_logged_out_meanwhile_is_led_to_the_log_in(page, client, open_step):
    open_step(1)
    client.logout()
    follow(page, item(page, "true_false").get_by_role("button"))
    expect(page).to_have_url(re.compile("/konto/login/"))
    assert Attempt.objects.count() == 0


def test_logging_out_forgets_what_was_kept_and_so_does_another_log_in(page, open_step):
    open_step(1)
    page.evaluate("localStorage.setItem('lindra.answers.another', '[]')")
    page.reload()
    assert kept(page) == 0
    page.evaluate("localStorage.setItem(`lindra.answers.${document.body.dataset.who}`, '[{}]')")
    assert kept(page) == 1
    follow(page, page.get_by_role("button", name="Log ud"))
    assert kept(page) == 0
