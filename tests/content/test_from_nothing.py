"""A module's whole life in a browser: written, reviewed, published, taken, corrected and refreshed."""

import datetime as dt

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from playwright.sync_api import expect

from competencies.models import Competency
from content.models import ModulePage
from courses.models import Completion, ModuleVersion
from organisations.enums import Role
from organisations.models import Profession
from tests.conftest import follow
from tests.factories.editor import with_role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE, SUMMARY = "Vand ved sengen", "Du øver dig i at se, hvad en tør mund betyder."
RIGHT, WRONG = (
    "Fugter munden og spørger, hvad han selv mærker.",
    "Stiller et fuldt glas vand på bordet og går.",
)


@pytest.fixture
def be(page, client, live_server):
    """The browser becomes somebody."""

    def be(user):
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        page.context.clear_cookies()
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
        )

    return be


def add_block(page, within, name):
    """The button between blocks, and the kind that is chosen there."""
    option = page.get_by_role("option", name=name, exact=True)
    button = page.locator(f"{within} .c-sf-add-button").last
    button.click()
    if not appears(option):  # the editor's script may not have been there yet
        button.click()
    option.click()


def appears(thing):
    try:
        thing.wait_for(timeout=4000)
    except PlaywrightTimeoutError:
        return False
    return True


def press(page, name):
    """A button of the editor's menu."""
    button = page.get_by_role("button", name=name, exact=True)
    if not button.is_visible():
        page.locator("footer [data-w-dropdown-target=toggle]").click()
    follow(page, button)


def write_module(page, index):
    page.goto(f"/cms/pages/add/content/modulepage/{index.pk}/")
    page.fill("textarea[name=title], input[name=title]", TITLE)
    page.fill("[name=code]", "M99")
    page.fill("[name=summary]", SUMMARY)
    page.fill("[name=minutes]", "5")
    page.get_by_label(Profession.objects.get(code="sosu_assistant").name, exact=True).check()
    competency = str(Competency.objects.get(code="SYM-1").pk)
    page.locator("[name=outcomes-0-competency]").select_option(competency)
    page.locator("[name=outcomes-0-level]").select_option("1")
    page.locator("[name=outcomes-0-earned_by]").select_option("answers")
    page.locator("#steps-root .c-sf-add-button").last.click()
    page.fill("[name=steps-0-value-title]", "En tør mund")
    body = "[data-contentpath=body]"
    add_block(page, body, "Spørgsmål")
    question = "steps-0-value-body-0-value"
    page.fill(f"[name={question}-question]", "Hr. Holm kan ikke drikke mere. Hvad gør du?")
    page.locator("[data-contentpath=options] [data-streamfield-list-add]").last.click()
    for number, text in enumerate((WRONG, RIGHT)):
        page.fill(f"[name={question}-options-{number}-value-text]", text)
        page.fill(f"[name={question}-options-{number}-value-feedback]", "Han mærker munden, ikke glasset.")
    page.locator(f"[name={question}-options-1-value-is_correct]").check()
    page.fill(f"[name={question}-explanation]", "En tør mund lindres i munden.")
    page.fill(f"[name={question}-source]", "Eget materiale")
    page.fill(f"[name={question}-source_year]", "2026")
    add_block(page, body, "Kilder")
    sources = "steps-0-value-body-1-value-sources-0-value"
    page.fill(f"[name={sources}-title]", "Eget materiale")
    page.fill(f"[name={sources}-publisher]", "Lindra")
    page.fill(f"[name={sources}-year]", "2026")


def send_through_the_review(page, be, author, reviewer, publisher):
    """From what is saved to what learners meet."""
    press(page, "Send til faglig godkendelse")
    for user, name in ((reviewer, "Godkend"), (publisher, "Udgiv")):
        be(user)
        page.goto("/cms/")
        follow(page, page.get_by_role("link", name=TITLE, exact=True).first)
        press(page, name)
    be(author)


def test_a_module_is_written_reviewed_published_taken_corrected_and_refreshed(page, be, module, learner):
    author, reviewer, publisher = map(with_role, (Role.EDUCATOR, Role.CLINICAL_REVIEWER, Role.ADMINISTRATOR))
    be(author)
    write_module(page, module.get_parent())
    send_through_the_review(page, be, author, reviewer, publisher)
    made = ModulePage.objects.get(title=TITLE)

    be(learner)
    page.goto(made.url)
    expect(page.locator("main")).to_contain_text(f"godkendt af {reviewer.person.full_name}")
    follow(page, page.get_by_role("button", name="Begynd"))
    page.locator(".content-item label", has_text=RIGHT).click()
    page.locator(".content-item button[type=submit]").click()
    expect(page.locator(".content-feedback")).to_contain_text("Rigtigt")
    follow(page, page.locator(".content-on button"))
    follow(page, page.get_by_role("button", name="Afslut modulet"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Du har gennemført modulet")

    # A correction of wording keeps the version, and what was shown with it.
    be(author)
    page.goto(reverse("wagtailadmin_pages:edit", args=[made.pk]))
    page.get_by_label("En rettelse af ordlyden").check()
    page.fill("[name=summary]", "Du øver dig i at se og lindre en tør mund.")
    send_through_the_review(page, be, author, reviewer, publisher)
    page.goto(made.url)
    expect(page.locator(".lindra-lead")).to_have_text("Du øver dig i at se og lindre en tør mund.")
    version = ModuleVersion.objects.get(module__key=made.translation_key)
    assert Completion.objects.get(learner=learner.person.pseudonym).version == version

    # Days later one of its questions comes back.
    with time_machine.travel(timezone.now() + dt.timedelta(days=4), tick=True):
        be(learner)
        page.goto("/mit/")
        follow(page, page.get_by_role("link", name="Genopfrisk nu"))
        page.locator(".content-item label", has_text=WRONG).click()
        page.locator(".content-item button[type=submit]").click()
        expect(page.locator(".content-feedback")).to_contain_text("Ikke helt")
        follow(page, page.get_by_role("link", name="Se, hvordan det gik"))
        expect(page.get_by_role("heading", level=1)).to_have_text("0 af 1 rigtige i første forsøg")
    assert Completion.objects.filter(learner=learner.person.pseudonym, version=version).exists()
