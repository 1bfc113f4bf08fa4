"""The whole road, in a browser against a live server, on the demo that `make run` shows."""

import io
import re

import pytest
from django.core.management import call_command
from django.utils import formats, timezone, translation
from playwright.sync_api import expect

from config.demo import PASSWORD
from content.models import ModulePage
from courses.models import ModuleVersion
from tests.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ASSISTANT, LEADER, COORDINATOR, EDUCATOR, ADMINISTRATOR = (
    f"{who}@lindra.example" for who in ("sosu", "leder", "region", "underviser", "admin")
)
NURSE, DOCTOR = "sygeplejerske@lindra.example", "laege@lindra.example"


@pytest.fixture
def demo(transactional_db, settings):
    """What `make run` loads before it serves."""
    for name in [*settings.LOADS, "load_demo"]:
        call_command(name, stdout=io.StringIO())


def today() -> str:
    with translation.override("da"):
        return formats.date_format(timezone.localdate())


def item(page, number=1):
    return page.locator(".content-item").nth(number - 1)


def answer(page, number, option):
    """Choose the option, send, and see the feedback take focus."""
    question = item(page, number)
    question.locator("label").nth(option - 1).click()
    question.get_by_role("button").click()
    feedback = question.locator(".content-feedback")
    expect(feedback).to_be_focused()
    return feedback


def go_on(page):
    page.locator(".content-on button").click()


def log_out(page):
    page.get_by_role("button", name="Log ud").click()
    page.wait_for_url("**/")


def open_team(page):
    page.goto("/team/")
    page.get_by_role("link", name="Hjemmeplejen Nord").click()


def cell(page, row, label):
    return page.get_by_role("row", name=re.compile(row)).locator(f"td[data-label='{label}']")


def profile_count(page, domain):
    """What the profile says of a domain: `(reached, required)`."""
    page.goto("/mit/profil/")
    words = page.get_by_role("row", name=re.compile(domain)).inner_text()
    reached, required = re.search(r"(\d+) af (\d+)", words).groups()
    return int(reached), int(required)


NEEDS, EXISTENTIAL = "Tidlig identifikation og behovsafdækning", "Psykiske, sociale og eksistentielle behov"


@pytest.mark.parametrize("width", [PHONE, DESK], ids=["phone", "desk"])
def test_from_an_assistants_first_answer_to_the_regions_map(demo, page, log_in, width):
    page.set_viewport_size(width)
    # A SOSU assistant takes the module.
    log_in(ASSISTANT, PASSWORD)
    before = profile_count(page, NEEDS), profile_count(page, EXISTENTIAL)
    page.goto("/")
    page.locator(".content-card h2 a", has_text="Se det i tide").click()
    page.get_by_role("button", name="Begynd").click()
    go_on(page)
    expect(answer(page, 1, 1)).to_contain_text("Ikke helt")
    expect(answer(page, 1, 2)).to_contain_text("Rigtigt")
    expect(answer(page, 2, 3)).to_contain_text("Rigtigt")
    go_on(page)
    expect(answer(page, 1, 3)).to_contain_text("Rigtigt")
    go_on(page)
    page.get_by_label("Hvad du gjorde, i to linjer").fill("Vi aftalte at ringe samme dag.")
    item(page).get_by_role("button").click()
    expect(item(page)).to_contain_text("Den venter på, at din leder eller nøgleperson bekræfter den.")
    go_on(page)
    go_on(page)
    page.get_by_role("button", name="Afslut modulet").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Du har gennemført modulet")
    assert before == ((0, 4), (0, 4))
    assert (profile_count(page, NEEDS), profile_count(page, EXISTENTIAL)) == ((0, 4), (1, 4))
    log_out(page)

    # Her leader confirms the practice task, sees it in the team, and opens it.
    log_in(LEADER, PASSWORD)
    page.goto("/bekraeft/")
    page.get_by_role("button", name=re.compile("Amina")).click()
    expect(page.locator("main")).not_to_contain_text("Amina Hassan: Se det i tide")
    open_team(page)
    expect(cell(page, "Amina Hassan", NEEDS)).to_have_text("1 af 4")
    expect(cell(page, "Amina Hassan", EXISTENTIAL)).to_have_text("1 af 4")
    page.get_by_role("link", name="Amina Hassan").click()
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    opened = page.locator("main").inner_text()
    assert "Se det i tide" in opened
    assert today() in opened
    # Nothing of her answers, her attempts or the hour.
    for own in ("lægebesøg", "Ikke helt", "Vi aftalte at ringe", "forsøg 2"):
        assert own not in opened
    assert re.search(r"\b\d\d[.:]\d\d\b", opened) is None

    # The leader appoints a nurse as key person.
    open_team(page)
    page.get_by_role("link", name="Mette Holm").click()
    page.get_by_role("button", name=re.compile("Udpeg Mette")).click()
    expect(page.locator("main")).to_contain_text("Nøgleperson")
    log_out(page)

    # The region sees the municipality with one appointed.
    log_in(COORDINATOR, PASSWORD)
    page.goto("/daekning/")
    expect(cell(page, "^Viborg", "Udpeget")).to_have_text("1")
    expect(cell(page, "^Viborg", "Status")).to_contain_text("Dækket")
    expect(page.locator(".coverage-map .js-plotly-plot, .coverage-map .main-svg").first).to_be_visible()
    log_out(page)

    # What was derived is what the statements say.
    said = io.StringIO()
    call_command("rebuild", "--check", stdout=said)
    assert said.getvalue() == ""

    # And the assistant's profile has moved to where the leader saw it.
    log_in(ASSISTANT, PASSWORD)
    assert profile_count(page, NEEDS) == (1, 4)


PAGES = {
    None: [
        "/",
        "/moduler/",
        "/moduler/se-det-i-tide/",
        "/konto/login/",
        "/tilgaengelighed/",
        "/privatliv/",
        "/kontakt/",
        "/en/",
        "/en/moduler/se-det-i-tide/",
        "/findes-ikke/",
    ],
    ASSISTANT: [
        "/mit/",
        "/moduler/",
        "/mit/profil/",
        "/mit/data/",
        "/mit/beviser/",
        "/konto/",
        "/konto/sessions/",
        "/kompetenceramme/",
        "/bekraeft/",
        "/noeglepersoner/",
    ],
    LEADER: ["/mit/", "/team/", "/bekraeft/", "/mit/profil/"],
    COORDINATOR: ["/daekning/", "/daekning/region-midtjylland/", "/daekning/klynge-horsens/", "/mit/"],
}


@pytest.mark.parametrize("width", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_nothing_and_nothing_comes_from_outside_on_any_page(
    demo, page, log_in, assert_accessible, width
):
    page.set_viewport_size(width)
    for who, addresses in PAGES.items():
        if who:
            log_in(who, PASSWORD)
        for address in addresses:
            page.goto(address)
            page.wait_for_load_state("networkidle")
            assert_accessible(page)
        if who == LEADER:
            open_team(page)
            assert_accessible(page)
            page.get_by_role("link", name="Tove Kjær").click()
            page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
            assert_accessible(page)
        if who:
            log_out(page)
    # The module, step by step, with a wrong answer, a refused text and the end.
    log_in(ASSISTANT, PASSWORD)
    page.goto("/moduler/se-det-i-tide/")
    page.get_by_role("button", name="Begynd").click()
    assert_accessible(page)
    go_on(page)
    answer(page, 1, 1)
    assert_accessible(page)
    page.goto("/moduler/se-det-i-tide/trin/4/")
    page.locator(".content-item textarea").fill("010203-1234")
    item(page).get_by_role("button").click()
    expect(item(page).locator(".form-error-message")).to_be_focused()
    assert_accessible(page)
    page.goto("/moduler/se-det-i-tide/trin/5/")
    assert_accessible(page)
    page.goto("/moduler/se-det-i-tide/afslut/")
    assert_accessible(page)


def test_no_page_scrolls_sideways_on_a_narrow_phone(demo, page, log_in):
    page.set_viewport_size({"width": 320, "height": 700})
    wide = []
    for who, addresses in PAGES.items():
        if who:
            log_in(who, PASSWORD)
        for address in addresses:
            page.goto(address)
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                wide.append(address)
        if who:
            log_out(page)
    assert wide == []


def test_the_module_can_be_taken_without_script(demo, context, page, log_in):
    log_in(ASSISTANT, PASSWORD)
    plain = context.browser.new_context(
        base_url=page.url.split("/mit")[0], java_script_enabled=False, storage_state=context.storage_state()
    )
    tab = plain.new_page()
    tab.goto("/moduler/se-det-i-tide/")
    tab.get_by_role("button", name="Begynd").click()
    for step, choices in enumerate(([], [(1, 2), (2, 3)], [(1, 3)], [], []), start=1):
        assert tab.url.endswith(f"/trin/{step}/")
        for number, option in choices:
            item(tab, number).locator("label").nth(option - 1).click()
            item(tab, number).get_by_role("button").click()
            expect(item(tab, number)).to_contain_text("Rigtigt")
        go_on(tab)
    tab.get_by_role("button", name="Afslut modulet").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Du har gennemført modulet")
    plain.close()


def test_leaving_and_resuming_on_another_device_goes_on_where_she_was(demo, context, page, log_in):
    log_in(ASSISTANT, PASSWORD)
    page.goto("/moduler/se-det-i-tide/")
    page.get_by_role("button", name="Begynd").click()
    go_on(page)
    answer(page, 1, 2)
    go_on(page)
    other = context.browser.new_context(base_url=page.url.split("/moduler")[0], viewport=PHONE)
    phone = other.new_page()
    phone.goto("/konto/login/")
    phone.fill("input[name=login]", ASSISTANT)
    phone.fill("input[name=password]", PASSWORD)
    phone.click("main button[type=submit]")
    phone.locator(".content-card h2 a", has_text="Se det i tide").click()
    phone.get_by_role("button", name="Gå videre, hvor jeg slap").click()
    assert phone.url.endswith("/trin/3/")
    phone.goto("/moduler/se-det-i-tide/trin/2/")
    expect(item(phone)).to_contain_text("Rigtigt")
    other.close()


@pytest.mark.parametrize("width", [PHONE, DESK], ids=["phone", "desk"])
def test_the_nurse_the_doctor_and_the_administrator_each_do_their_job(demo, page, log_in, width):
    page.set_viewport_size(width)
    # The nurse follows her path from the front page on.
    log_in(NURSE, PASSWORD)
    page.goto("/")
    page.get_by_role("link", name="Hvad er palliativ indsats?").first.click()
    page.get_by_role("button", name="Begynd").click()
    go_on(page)
    page.goto("/mit/")
    expect(page.get_by_role("heading", name="Gå videre med")).to_be_visible()
    log_out(page)
    # The doctor is a key person: colleagues find him, and what waits for him stands under Bekræft.
    log_in(DOCTOR, PASSWORD)
    page.get_by_role("link", name=re.compile("Nøgle.?personer")).click()
    expect(page.locator("main")).to_contain_text("Jonas Friis")
    page.get_by_role("link", name="Bekræft", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bekræft praksisopgaver")
    log_out(page)
    # The administrator registers that a named reviewer has approved a version.
    log_in(ADMINISTRATOR, PASSWORD)
    version = ModuleVersion.objects.get(module__code="M02")
    page.goto(f"/cms/moduleversion/edit/{version.pk}/")
    page.select_option("select[name=approved_by]", label="Ida Bro")
    page.fill("input[name=approved_on]", timezone.localdate().isoformat())
    page.get_by_role("button", name="Gem").click()
    page.wait_for_url("**/cms/moduleversion/")
    page.goto("/moduler/se-det-i-tide/")
    expect(page.locator("main")).to_contain_text("Godkendt af Ida Bro")


def test_an_educator_changes_the_module_in_the_editor_and_the_learner_reads_the_new_words(demo, page, log_in):
    log_in(EDUCATOR, PASSWORD)
    page.goto("/mit/")
    page.get_by_role("link", name="Redaktion").click()
    page.get_by_role("button", name="Sider").or_(page.get_by_role("link", name="Sider")).first.click()
    page.goto(f"/cms/pages/{ModulePage.objects.get(code='M02', locale__language_code='da').pk}/edit/")
    page.locator("textarea[name=summary]").fill("Nye ord fra underviseren.")
    page.get_by_role("button", name="Se mere").or_(
        page.locator("footer [data-w-dropdown-target=toggle]")
    ).first.click()
    page.get_by_role("button", name="Udgiv").click()
    page.wait_for_url("**/cms/pages/*/")
    page.goto("/moduler/se-det-i-tide/")
    expect(page.locator(".lindra-lead")).to_have_text("Nye ord fra underviseren.")
    expect(page.locator("main")).to_contain_text("Version 1.3")
