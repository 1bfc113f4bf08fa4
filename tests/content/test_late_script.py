"""An answer that is sent before the page's script has come: the whole page comes back, and says so."""

import threading

import pytest
from playwright.sync_api import expect

from tests.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOTHING = "document.activeElement === document.body"
#: What one taps in the player, as far as it is lower than a thumb needs.
TOO_SMALL = """[...document.querySelectorAll("main :is(.button, .content-option label, .lindra-actions a)")]
    .filter(element => element.checkVisibility() && element.getBoundingClientRect().height < 44)
    .map(element => element.outerHTML)"""


def item(page, kind):
    return page.locator(f".content-item--{kind}")


def test_what_came_of_an_answer_takes_focus_when_the_script_comes_after_it(page, let_in, kinds):
    """As on a slow phone: the form is sent as a form, and the next page's script comes late too."""
    held, comes = [], threading.Event()
    let_in(page.context)
    page.set_viewport_size(PHONE)
    page.route("**/*.js", lambda route: route.fallback() if comes.is_set() else held.append(route))

    def go(step):
        comes.clear()
        page.goto(f"{kinds.url}trin/{step}/", wait_until="commit")

    def send(kind):
        held.clear()
        item(page, kind).get_by_role("button").click()

    def let_scripts_come():
        assert page.evaluate(NOTHING)
        comes.set()
        for route in held:
            route.fallback()

    # Right away.
    go(1)
    claim = item(page, "true_false")
    claim.locator("label").nth(1).click()
    send("true_false")
    said = claim.locator(".content-feedback")
    expect(said).to_contain_text("Rigtigt")
    let_scripts_come()
    expect(said).to_be_focused()

    # Refused first: the reason takes focus, then what came of the answer.
    go(1)
    send("multiple_choice")
    why = item(page, "multiple_choice").locator(".form-error-message")
    expect(why).to_be_in_viewport()
    let_scripts_come()
    expect(why).to_be_focused()
    go(1)
    send("multiple_choice")
    expect(why).to_be_visible()
    item(page, "multiple_choice").locator("label").nth(0).click()
    send("multiple_choice")
    said = item(page, "multiple_choice").locator(".content-feedback")
    expect(said).to_contain_text("der er mere")
    let_scripts_come()
    expect(said).to_be_focused()

    assert page.evaluate(TOO_SMALL) == []

    # A choice in a case, and the way back in it.
    go(4)
    case = item(page, "branching_case")
    case.locator("label", has_text="det kan vente").click()
    send("branching_case")
    came = case.locator(".content-came")
    expect(came).to_be_visible()
    let_scripts_come()
    expect(came).to_be_focused()

    # Whoever comes from elsewhere, or reads the page anew, begins at its beginning.
    page.unroute_all()
    address = page.url
    page.reload()
    expect(came).to_be_visible()
    assert page.evaluate(NOTHING)
    page.goto("/mit/")
    page.goto(address)
    expect(came).to_be_visible()
    assert page.evaluate(NOTHING)
