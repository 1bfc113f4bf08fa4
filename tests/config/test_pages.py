"""The outside of the house in a real browser: a phone and a desk, with and without a mistake."""

import pytest
from playwright.sync_api import expect

from organisations.domain.people import create_login, register_person
from tests.conftest import DESK, PHONE, follow

PASSWORD = "et-langt-ord-mere"
ADDRESSES = [
    "/konto/login/",
    "/konto/signup/",
    "/konto/password/reset/",
    "/findes-ikke/",
    "/en/konto/login/",
]


@pytest.fixture
def email(context) -> str:
    person = register_person(given_name="Amina", family_name="Hassan")
    return create_login(person, email="amina@lindra.example", password=PASSWORD).email


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_of_the_house_is_accessible_and_fits(page, assert_accessible, address, size):
    page.set_viewport_size(size)
    page.goto(address)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]


def test_only_two_font_files_are_fetched(page):
    fonts = []
    page.on("response", lambda answer: fonts.append(answer.url) if "/fonts/" in answer.url else None)
    page.goto("/konto/login/")
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    assert sorted({font.rsplit("/", 1)[1].split("-")[1] for font in fonts}) == ["Regular", "SemiBold"]


def test_a_wrong_password_takes_the_eye_and_the_screen_reader_to_what_is_wrong(
    page, email, assert_accessible
):
    page.goto("/konto/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", "forkert")
    follow(page, page.locator("main button[type=submit]"))
    expect(page.locator(".alert-error").first).to_be_visible()
    # The script that moves the focus runs when the page is read.
    page.wait_for_function(
        "() => document.activeElement.getAttribute('aria-labelledby') === 'error-summary-title'"
    )
    assert_accessible(page)


def test_the_way_in_and_out(page, email, log_in):
    log_in(email, PASSWORD)
    assert page.url.endswith("/mit/")
    follow(page, page.locator("header button[type=submit]"))
    page.goto("/mit/")
    assert "/konto/login/" in page.url


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(page):
    page.goto("/konto/login/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skipnav"
    page.keyboard.press("Enter")
    expect(page.locator("#main-content")).to_be_focused()


def test_the_language_link_leads_to_the_same_page_in_the_other_language(page):
    page.goto("/konto/login/")
    follow(page, page.locator("header a[hreflang=en]"))
    assert page.evaluate("location.pathname") == "/en/konto/login/"
    follow(page, page.locator("header a[hreflang=da]"))
    assert page.evaluate("location.pathname") == "/konto/login/"
