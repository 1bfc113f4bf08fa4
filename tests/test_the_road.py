"""The whole road, in a browser against a live server, on the demo that `make run` shows."""

import io
import re

import pytest
from django.core.management import call_command
from django.utils import formats, timezone, translation
from playwright.sync_api import expect
from wagtail.signal_handlers import disable_reference_index_auto_update

from config.demo import PASSWORD
from courses.enums import WALKED, ItemKind
from courses.grading import right_response
from courses.models import Edition, ModuleVersion
from courses.walking import AND, OF, way_of
from tests.conftest import DESK, PHONE, follow
from tests.snapshot import Snapshot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ASSISTANT, LEADER, COORDINATOR, EDUCATOR, ADMINISTRATOR = (
    f"{who}@lindra.example" for who in ("sosu", "leder", "region", "underviser", "admin")
)
NURSE, DOCTOR = "sygeplejerske@lindra.example", "laege@lindra.example"
REVIEWER = "godkender@lindra.example"


@pytest.fixture(scope="session")
def kept(django_db_setup, django_db_blocker):
    """The demo as it was loaded, once it was: it takes ten seconds, and putting it back takes none."""
    kept: list[Snapshot] = []
    yield kept
    with django_db_blocker.unblock():
        for snapshot in kept:
            snapshot.forget()


@pytest.fixture
def demo(transactional_db, settings, kept):
    """What `make run` loads before it serves. Nothing of what another test did in it is left."""
    if kept:
        kept[0].put_back()
        return
    with disable_reference_index_auto_update():
        for name in [*settings.LOADS, "load_demo"]:
            call_command(name, stdout=io.StringIO())
    kept.append(Snapshot())


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


def walk(page, *choices):
    """Through the case at the step, choice by choice, to where it ended well."""
    case = item(page)
    for choice in choices:
        case.locator("label", has_text=choice).click()
        case.get_by_role("button").click()
        expect(case.locator(".content-way__step", has_text=choice)).to_be_visible()
    expect(case).to_contain_text("Det endte godt")


def go_on(page):
    follow(page, page.locator(".content-on button"))


def log_out(page):
    follow(page, page.get_by_role("button", name="Log ud"))


def open_team(page):
    page.goto("/team/")
    follow(page, page.get_by_role("link", name="Hjemmeplejen Nord"))


def cell(page, row, label):
    return page.get_by_role("row", name=re.compile(row)).locator(f"td[data-label='{label}']")


def profile_count(page, domain):
    """What the profile says of a domain: `(reached, required)`."""
    page.goto("/mit/profil/")
    words = page.get_by_role("row", name=re.compile(domain)).inner_text()
    reached, required = re.search(r"(\d+) af (\d+)", words).groups()
    return int(reached), int(required)


WAY = ("spørger, hvad han tænker på", "om jeg må sige det", "Siden lørdag", "Jeg ringer i dag")
NEEDS, EXISTENTIAL = "Tidlig identifikation og behovsafdækning", "Psykiske, sociale og eksistentielle behov"


@pytest.mark.parametrize("width", [PHONE, DESK], ids=["phone", "desk"])
def test_from_an_assistants_first_answer_to_the_regions_map(demo, page, log_in, width):
    page.set_viewport_size(width)
    # A SOSU assistant takes the module.
    log_in(ASSISTANT, PASSWORD)
    before = profile_count(page, NEEDS), profile_count(page, EXISTENTIAL)
    page.goto("/")
    follow(page, page.locator("main").get_by_role("link", name="Se det i tide", exact=True).first)
    follow(page, page.get_by_role("button", name="Begynd"))
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
    walk(page, *WAY)
    go_on(page)
    go_on(page)
    follow(page, page.get_by_role("button", name="Afslut modulet"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Du har gennemført modulet")
    assert before == ((0, 4), (0, 4))
    assert (profile_count(page, NEEDS), profile_count(page, EXISTENTIAL)) == ((0, 4), (1, 4))
    log_out(page)

    # Her leader confirms the practice task, sees it in the team, and opens it.
    log_in(LEADER, PASSWORD)
    page.goto("/bekraeft/")
    follow(page, page.get_by_role("button", name=re.compile("Amina")))
    expect(page.locator("main")).not_to_contain_text("Amina Hassan: Se det i tide")
    open_team(page)
    expect(cell(page, "Amina Hassan", NEEDS)).to_have_text("1 af 4")
    expect(cell(page, "Amina Hassan", EXISTENTIAL)).to_have_text("1 af 4")
    follow(page, page.get_by_role("link", name="Amina Hassan"))
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
    follow(page, page.get_by_role("link", name="Mette Holm"))
    follow(page, page.get_by_role("button", name=re.compile("Udpeg Mette")))
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
        "/mit/profil/vurdering/IDE/",
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
            page.wait_for_function("!document.querySelector('[data-chart]:not([data-drawn])')")
            assert_accessible(page)
        if who == LEADER:
            open_team(page)
            assert_accessible(page)
            follow(page, page.get_by_role("link", name="Se alle tildelte moduler"))
            assert_accessible(page)
            follow(page, page.get_by_role("link", name="Tildel et modul"))
            assert_accessible(page)
            open_team(page)
            follow(page, page.get_by_role("link", name="Tove Kjær"))
            page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
            assert_accessible(page)
            follow(page, page.get_by_role("link", name=re.compile("^Bekræft et niveau.*Opdage tegn tidligt")))
            assert_accessible(page)
            follow(page, page.get_by_role("button", name="Bekræft niveauet"))
            expect(page.locator(".alert-error")).to_be_focused()
            assert_accessible(page)
        if who:
            log_out(page)
    # The module, step by step, with a wrong answer, a refused text and the end.
    log_in(ASSISTANT, PASSWORD)
    page.goto("/moduler/se-det-i-tide/")
    follow(page, page.get_by_role("button", name="Begynd"))
    assert_accessible(page)
    go_on(page)
    answer(page, 1, 1)
    assert_accessible(page)
    page.goto("/moduler/se-det-i-tide/trin/4/")
    page.locator(".content-item textarea").fill("010203-1234")
    item(page).get_by_role("button").click()
    expect(item(page).locator(".form-error-message")).to_be_focused()
    assert_accessible(page)
    for number in (5, 6):
        page.goto(f"/moduler/se-det-i-tide/trin/{number}/")
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
    follow(tab, tab.get_by_role("button", name="Begynd"))
    for step, choices in enumerate(([], [(1, 2), (2, 3)], [(1, 3)], [], [], []), start=1):
        assert tab.url.endswith(f"/trin/{step}/")
        for number, option in choices:
            item(tab, number).locator("label").nth(option - 1).click()
            item(tab, number).get_by_role("button").click()
            expect(item(tab, number)).to_contain_text("Rigtigt")
        if step == 5:
            walk(tab, *WAY)
        go_on(tab)
    follow(tab, tab.get_by_role("button", name="Afslut modulet"))
    expect(tab.get_by_role("heading", level=1)).to_have_text("Du har gennemført modulet")
    plain.close()


def test_leaving_and_resuming_on_another_device_goes_on_where_she_was(demo, context, page, log_in):
    log_in(ASSISTANT, PASSWORD)
    page.goto("/moduler/se-det-i-tide/")
    follow(page, page.get_by_role("button", name="Begynd"))
    go_on(page)
    answer(page, 1, 2)
    go_on(page)
    other = context.browser.new_context(base_url=page.url.split("/moduler")[0], viewport=PHONE)
    phone = other.new_page()
    phone.goto("/konto/login/")
    phone.fill("input[name=login]", ASSISTANT)
    phone.fill("input[name=password]", PASSWORD)
    follow(phone, phone.locator("main button[type=submit]"))
    follow(phone, phone.get_by_role("button", name=re.compile("Gå videre, hvor jeg slap.*Se det i tide")))
    assert phone.url.endswith("/trin/3/")
    phone.goto("/moduler/se-det-i-tide/trin/2/")
    expect(item(phone)).to_contain_text("Rigtigt")
    other.close()


def answer_rightly(page, edition, item):
    """Whatever kind of item it is."""
    block = edition.items[item]
    right = right_response(edition.grading[item], block=block)
    card = page.locator(f"#item-{item}")
    if block["kind"] == ItemKind.MATCHING:
        for part in right.split(AND):
            source, target = part.split(OF)
            card.locator(f"select[name='match-{source}']").select_option(target)
        card.locator("button[type=submit]").click()
    else:
        rounds = [[choice] for choice in way_of(right)] if block["kind"] in WALKED else [right.split(AND)]
        for chosen in rounds:
            for value in chosen:
                card.locator(f"input[value='{value}'] + label").click()
            card.locator("button[type=submit]").click()
    expect(card).to_contain_text("Det endte godt" if block["kind"] in WALKED else "Rigtigt")


def take(page, edition):
    """From *Begynd* to the end, each question answered rightly; what is written is left for another day."""
    follow(page, page.get_by_role("button", name="Begynd"))
    for number, step in enumerate(edition.steps, start=1):
        page.wait_for_url(f"**/trin/{number}/")
        for block in step["blocks"]:
            if block["id"] in edition.graded_items:
                answer_rightly(page, edition, block["id"])
        go_on(page)
    follow(page, page.get_by_role("button", name="Afslut modulet"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Du har gennemført modulet")


@pytest.mark.parametrize("width", [PHONE, DESK], ids=["phone", "desk"])
def test_the_nurse_follows_her_path_and_sees_her_profile_move(demo, page, log_in, width):
    page.set_viewport_size(width)
    title = "Hvad er palliativ indsats?"
    log_in(NURSE, PASSWORD)
    page.goto("/mit/profil/")
    sources = page.locator(".reports-sources li")
    expect(sources).to_have_count(0)
    page.goto("/")
    path = page.locator(".content-path").first
    done, total = re.search(r"(\d+) af (\d+)", path.inner_text()).groups()
    follow(page, path.get_by_role("link", name=title).first)
    take(page, Edition.objects.filter(title=title, language="da").newest_first().first())
    page.goto("/mit/profil/")
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    expect(sources.filter(has_text=f"{title} (version 1): gennemført {today()}").first).to_be_visible()
    page.goto("/mit/")
    expect(path).to_contain_text(f"{int(done) + 1} af {total}")
    # What her leader asks her to take stands above it, with who asks.
    expect(page.locator("section", has=page.get_by_role("heading", name="Tildelt dig"))).to_contain_text(
        "Karen Lund, Hjemmeplejen Nord, beder dig tage det."
    )


@pytest.mark.parametrize("width", [PHONE, DESK], ids=["phone", "desk"])
def test_the_doctor_confirms_a_colleague_s_task_as_key_person(demo, page, log_in, width):
    page.set_viewport_size(width)
    log_in(DOCTOR, PASSWORD)
    page.goto("/")
    follow(page, page.get_by_role("link", name="Bekræft", exact=True))
    task = page.get_by_role("article", name=re.compile("Malthe Krag"))
    expect(task).to_contain_text("Malthe skrev den")
    follow(page, task.get_by_role("button", name=re.compile("Malthe har udført opgaven")))
    expect(page.locator("main")).to_contain_text("Bekræftet: Malthe Krag har udført praksisopgaven")
    expect(task).to_have_count(0)
    # Colleagues find him, and how to reach him.
    follow(page, page.get_by_role("link", name=re.compile("Nøgle.?personer")))
    expect(page.locator("main")).to_contain_text("Jonas Friis")
    expect(page.locator("main")).to_contain_text("78 44 00 01")


@pytest.mark.parametrize("width", [PHONE, DESK], ids=["phone", "desk"])
def test_the_leader_asks_two_of_her_people_to_take_a_module(demo, page, log_in, width, assert_accessible):
    page.set_viewport_size(width)
    log_in(LEADER, PASSWORD)
    open_team(page)
    follow(page, page.get_by_role("link", name="Tildel et modul"))
    page.get_by_label("Modul", exact=True).select_option(label="Pårørende, sorg og efterladte")
    for name in ("Amina Hassan", "Tove Kjær"):
        page.locator("label", has_text=name).click()
    page.get_by_label("En linje, der følger med").fill("Vi taler om det i januar.")
    assert_accessible(page)
    follow(page, page.get_by_role("button", name="Tildel modulet"))
    expect(page.locator("main")).to_contain_text("»Pårørende, sorg og efterladte« er tildelt")
    follow(page, page.get_by_role("link", name="Se alle tildelte moduler"))
    expect(page.locator("main")).to_contain_text("Vi taler om det i januar.")
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert_accessible(page)
    log_out(page)
    log_in(ASSISTANT, PASSWORD)
    page.goto("/")
    card = page.get_by_role("article").filter(has_text="Vi taler om det i januar.")
    follow(page, card.get_by_role("link", name="Pårørende, sorg og efterladte"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Pårørende, sorg og efterladte")


@pytest.mark.parametrize("width", [PHONE, DESK], ids=["phone", "desk"])
def test_the_administrator_registers_that_a_reviewer_approved_a_version(demo, page, log_in, width):
    page.set_viewport_size(width)
    log_in(ADMINISTRATOR, PASSWORD)
    version = ModuleVersion.objects.get(module__code="M02")
    page.goto(f"/cms/moduleversion/edit/{version.pk}/")
    page.get_by_role("button", name="Vælg en person").click()
    page.get_by_label("Søg efter").fill("ida bro")
    page.get_by_role("row", name=re.compile("Ida Bro.*Team Asmild")).get_by_role("link").click()
    page.fill("input[name=approved_on]", timezone.localdate().isoformat())
    page.locator(".xdsoft_datetimepicker:visible").wait_for()  # the calendar, over the button on a phone
    page.press("input[name=approved_on]", "Tab")
    follow(page, page.get_by_role("button", name="Gem"))
    page.wait_for_url("**/cms/moduleversion/")
    page.goto("/moduler/se-det-i-tide/")
    expect(page.locator("main")).to_contain_text("Version 1: godkendt af Ida Bro")


def press_in_editor(page, name):
    """A button of the editor's menu, and the page that comes after it."""
    button = page.get_by_role("button", name=name, exact=True)
    if not button.is_visible():
        page.locator("footer [data-w-dropdown-target=toggle]").click()
    button.click()


def log_out_of_editor(page):
    page.goto("/moduler/")
    log_out(page)


def open_what_waits(page, title):
    """From the editors' front page to the module that waits for the one who is logged in."""
    page.goto("/cms/")
    page.get_by_role("link", name=title, exact=True).first.click()
    page.wait_for_url("**/cms/pages/*/edit/")


@pytest.mark.parametrize("width", [PHONE, DESK], ids=["phone", "desk"])
def test_what_an_educator_writes_is_approved_and_published_and_the_learner_reads_the_new_words(
    demo, page, log_in, width
):
    page.set_viewport_size(width)
    log_in(EDUCATOR, PASSWORD)
    page.goto("/")
    follow(page, page.get_by_role("link", name="Redaktion"))
    # On a phone the menu is folded.
    menu = page.locator(".sidebar-nav-toggle--mobile")
    if width == PHONE:
        menu.click()
    page.get_by_role("button", name="Sider", exact=True).click()
    follow(page, page.get_by_role("link", name=re.compile("^Læring i basal palliation")))
    pages = page.locator("#listing-results")
    follow(page, pages.get_by_role("link", name=re.compile("siderne under »Moduler«")))
    follow(page, page.locator("#listing-results").get_by_role("link", name="Se det i tide", exact=True))
    expect(page.get_by_text("Vælg, om det er en rettelse af ordlyden")).to_be_visible()
    page.get_by_label("En rettelse af ordlyden").check()
    page.locator("textarea[name=summary]").fill("Nye ord fra underviseren.")
    press_in_editor(page, "Send til faglig godkendelse")
    expect(page.locator("#listing-results")).to_contain_text("Se det i tide")
    log_out_of_editor(page)

    log_in(REVIEWER, PASSWORD)
    open_what_waits(page, "Se det i tide")
    expect(page.locator("textarea[name=summary]")).to_have_value("Nye ord fra underviseren.")
    press_in_editor(page, "Godkend")
    expect(page.locator(".messages")).to_contain_text("Du har godkendt »Se det i tide«")
    log_out_of_editor(page)

    log_in(ADMINISTRATOR, PASSWORD)
    open_what_waits(page, "Se det i tide")
    press_in_editor(page, "Udgiv")
    expect(page.locator(".messages")).to_contain_text("Du har udgivet »Se det i tide«")
    page.goto("/moduler/se-det-i-tide/")
    expect(page.locator(".lindra-lead")).to_have_text("Nye ord fra underviseren.")
    expect(page.locator("main")).to_contain_text("Version 1: godkendt af Ida Bro")
    expect(page.locator("main")).to_contain_text("Version 1.3")


def test_what_the_leader_has_seen_stands_on_the_nurse_s_profile_beside_what_she_says_herself(
    demo, page, log_in
):
    page.set_viewport_size(PHONE)
    log_in(NURSE, PASSWORD)
    page.goto("/mit/profil/#ide")
    domain = page.locator("#ide")
    expect(domain).to_have_attribute("open", "")
    follow(page, domain.get_by_role("link", name="Vurdér selv, hvor langt du er"))
    fit = page.get_by_role("group", name=re.compile("Bruge EORTC"))
    fit.locator("label", has_text="Ressourceperson").click()
    follow(page, page.get_by_role("button", name="Gem"))
    expect(page.locator("main")).to_contain_text("Kun du kan se det.")
    expect(domain).to_contain_text("Du siger: ressourceperson")
    log_out(page)

    log_in(LEADER, PASSWORD)
    open_team(page)
    follow(page, page.get_by_role("link", name="Mette Holm"))
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    expect(page.locator("main")).not_to_contain_text("Du siger:")
    follow(page, page.get_by_role("link", name=re.compile("^Bekræft et niveau.*Bruge EORTC")))
    page.locator("label", has_text="Udøvende: Introducerer skemaet").click()
    page.locator("label", has_text="Set i arbejdet").click()
    follow(page, page.get_by_role("button", name="Bekræft niveauet"))
    expect(page.locator("main")).to_contain_text(
        "Du har bekræftet, at Mette Holm er udøvende i »Bruge EORTC QLQ-C15-PAL«."
    )
    expect(domain).to_contain_text("1 af 4")
    log_out(page)

    log_in(NURSE, PASSWORD)
    page.goto("/mit/profil/#ide")
    expect(domain).to_contain_text(f"Set i arbejdet: {today()}, bekræftet af Karen Lund")
    expect(domain).to_contain_text("Du siger: ressourceperson")
