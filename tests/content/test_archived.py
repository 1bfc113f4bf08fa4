"""A module that isn't offered any more, as learners and educators meet it; and the catalogue's order."""

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from content.models import ModulePage
from content.rules import keys_of_editable_modules
from courses.domain import enrolment
from courses.domain.archiving import archive
from courses.domain.assignments import assign
from courses.models import Edition, Module
from organisations.domain.groups import sync_groups
from tests.conftest import DESK, PHONE
from tests.factories.courses import answer_all
from tests.factories.insight import answered
from tests.factories.paths import a_path
from tests.files import queries_of, soup, text

pytestmark = pytest.mark.django_db
WHY = "Den nye vejledning er kommet."


@pytest.fixture
def edition(module):
    return Edition.objects.get(version__module__key=module.translation_key, language="da")


@pytest.fixture
def in_its_place(kinds):
    """The module that comes in its place, for the learner's profession too."""
    for edition in Edition.objects.filter(version__module__key=kinds.translation_key):
        edition.content["professions"] = ["sosu_assistant"]
        edition.save()
    return Module.objects.get(key=kinds.translation_key)


@pytest.fixture
def gone(module, in_its_place):
    """Takes the module off the shelf."""
    old = Module.objects.get(key=module.translation_key)

    def gone(**changes):
        return archive(
            old, **{"reason": WHY, "by": None, "replaced_by": in_its_place, "counts": True, **changes}
        )

    return gone


def listed(client, address):
    titles = soup(client.get(address)).select("article h2, article h3")
    return [
        text(title)
        for title in titles
        if title.find_parent("section", attrs={"aria-labelledby": "call"}) is None
    ]


def test_it_leaves_the_lists_and_its_page_says_why_and_what_has_come(client, learner, module, kinds, gone):
    gone()
    client.force_login(learner)
    for address in (module.get_parent().url + "?vis=alle", reverse("home")):
        assert listed(client, address) == ["Alle slags"]
    page = soup(client.get(module.url))
    said = text(page.find(class_="alert-info"))
    assert WHY in said
    assert page.find(class_="alert-info").find("a")["href"] == kinds.url
    assert page.find("form", action=f"{module.url}begynd/") is None


def test_it_cannot_be_begun_by_whoever_has_its_address(client, learner, module, gone):
    gone()
    client.force_login(learner)
    answer = client.post(f"{module.url}begynd/", follow=True)
    assert "Man kan ikke længere begynde på modulet" in answer.content.decode()
    assert learner.person.enrolments.count() == 0


def test_whoever_is_in_the_middle_of_it_finds_it_on_her_page_and_finishes_it(
    client, learner, module, edition, gone
):
    enrolment.begin(learner.person, edition=edition)
    gone()
    client.force_login(learner)
    assert "Se det i tide" in listed(client, reverse("home"))
    assert "Du er begyndt på det" in client.get(module.url).content.decode()
    assert client.get(f"{module.url}trin/1/").status_code == 200


@pytest.mark.parametrize(("counts", "words"), [(True, "Det tæller."), (False, "")])
def test_her_path_says_whether_what_she_completed_counts(client, learner, edition, gone, counts, words):
    a_path(edition, professions=["sosu_assistant"])
    complete_every(learner.person, edition)
    gone(counts=counts)
    client.force_login(learner)
    steps = soup(client.get(reverse("home"))).select(".content-path .content-steps li")
    assert len(steps) == 1
    assert text(steps[0]).startswith("Alle slags")
    assert ("Du har gennemført »Se det i tide«" in text(steps[0]), words in text(steps[0])) == (counts, True)


def complete_every(person, edition):
    """Her case is walked too."""
    going = enrolment.begin(person, edition=edition)
    answer_all(going)
    enrolment.finish(going)


def test_what_she_was_asked_to_take_and_cannot_begin_is_asked_no_more(client, learner, module, edition, gone):
    unit = learner.person.employments.get().unit
    assign(edition.version.module, to=[learner.person], unit=unit, by=None)
    client.force_login(learner)
    assert soup(client.get(reverse("home"))).find(id="assigned-heading")
    gone()
    assert soup(client.get(reverse("home"))).find(id="assigned-heading") is None


def test_the_order_of_the_pages_in_the_back_office_is_that_of_the_catalogue_in_every_language(
    client, module, kinds
):
    index = module.get_parent()
    assert listed(client, index.url) == ["Se det i tide", "Alle slags"]
    kinds.move(index, pos="first-child")
    assert listed(client, index.url) == ["Alle slags", "Se det i tide"]
    english = ModulePage.objects.get(translation_key=module.translation_key, locale__language_code="en")
    assert listed(client, english.get_parent().url) == ["Every kind", english.title]


def test_the_catalogue_takes_as_many_queries_with_archived_modules(client, learner, module, gone):
    client.force_login(learner)
    before = queries_of(client, module.get_parent().url)
    gone()
    assert queries_of(client, module.get_parent().url) <= before


def test_modules_may_be_edited_by_whom_wagtail_lets_edit_their_pages(educator, learner, module, kinds):
    sync_groups(educator)
    assert set(keys_of_editable_modules(educator)) == {module.translation_key, kinds.translation_key}
    assert keys_of_editable_modules(learner) == []


def test_from_a_modules_page_an_educator_comes_to_its_answers(client, educator, module):
    sync_groups(educator)
    client.force_login(educator)
    page = client.get(reverse("wagtailadmin_pages:edit", args=[module.pk])).content.decode()
    assert reverse("answers:module", args=[module.translation_key]) in page


@pytest.mark.django_db(transaction=True)
def test_an_educator_reads_the_answers_and_replaces_the_module_in_a_browser(
    page, client, educator, module, kinds, live_server, assert_accessible, context
):
    edition = Edition.objects.get(version__module__key=module.translation_key, language="da")
    item = edition.graded_items[0]
    options = [option["id"] for option in edition.items[item]["options"]]
    answered(edition, 15, item=item, response=options[0], success=True)
    answered(edition, 5, item=item, response=options[1], success=False)
    sync_groups(educator)
    client.force_login(educator)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        page.goto(reverse("answers:module", args=[module.translation_key]))
        expect(page.locator("[data-chart][data-drawn]")).to_have_count(2)
        expect(page.get_by_role("table").first).to_contain_text("15 af 20 (75 %)")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert_accessible(page)
    page.goto(reverse("modules:edit", args=[edition.version.module_id]))
    page.get_by_label("behøver ikke tage det nye").check()
    page.get_by_label("Erstattet af").select_option(label="M90 Alle slags")
    page.get_by_label("Hvorfor").fill(WHY)
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_text("gennemførelsen tæller")).to_be_visible()
    page.goto(module.url)
    expect(page.get_by_role("heading", name="Modulet tilbydes ikke længere")).to_be_visible()
    assert_accessible(page)
