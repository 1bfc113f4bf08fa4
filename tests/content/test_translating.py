"""A module's English, side by side with the Danish: what is out of date is marked, and what is kept."""

import json
import uuid

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.urls import reverse
from playwright.sync_api import expect
from wagtail.models import GroupPagePermission, Locale, Page
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from content.domain import translating
from content.missing import NotReady
from content.models import ModulePage
from courses.domain import enrolment
from courses.models import Edition
from organisations.domain.groups import EDUCATORS, sync_groups
from tests.factories.organisations import UserFactory
from xapi.activities import canonical_definitions
from xapi.models import Statement


def newest(language):
    return Edition.objects.in_language(language).latest("pk")


def publish(page, **changes):
    page = ModulePage.objects.get(pk=page.pk)
    for field, value in changes.items():
        setattr(page, field, value)
    page.save_revision().publish()


def edit_of(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def changed(page, kind, change):
    """The steps of the page, with its first block of this kind changed by `change`."""
    raw = ModulePage.objects.get(pk=page.pk).steps.raw_data
    steps = json.loads(json.dumps([dict(step) for step in raw]))
    blocks = (block for step in steps for block in step["value"]["body"])
    change(next(block["value"] for block in blocks if block["type"] == kind))
    return json.dumps(steps)


def translate(client, page, danish, english, *, expect=200):
    """As the editor does when a translator saves one text."""
    translation = Translation.objects.get(target_locale=page.locale)
    segment = translation.source.stringsegment_set.get(string__data=danish)
    address = reverse("wagtail_localize:edit_string_translation", args=[translation.pk, segment.pk])
    answer = client.put(address, f"value={english}", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == expect


@pytest.fixture
def translator(client, educator):
    sync_groups(educator)
    client.force_login(educator)
    return client


@pytest.fixture
def press_publish(client, translator, educator, publisher, django_capture_on_commit_callbacks):
    """As the editor's button does; the library publishes when its transaction is over."""

    def press_publish(page):
        client.force_login(publisher)
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(edit_of(page), {"action": "publish"}, follow=True)
        client.force_login(educator)
        return answer

    return press_publish


@pytest.fixture
def side_by_side(english, translator):
    """The loaded English page, taken over as when an educator opens it in the back office."""
    translating.take_over(english)
    return ModulePage.objects.get(pk=english.pk)


def test_the_editor_shows_danish_and_the_loaded_english_side_by_side_and_nothing_is_out_of_date(
    english, translator
):
    page = translator.get(edit_of(english))
    assert "wagtail_localize/admin/edit_translation.html" in [one.name for one in page.templates]
    shown = json.loads(page.context["props"])
    assert {segment["source"] for segment in shown["segments"]} >= {"Se det i tide"}
    assert english.title in {row["data"] for row in shown["initialStringTranslations"]}
    assert len(shown["initialStringTranslations"]) == Translation.objects.get().get_progress()[0] > 50
    assert translating.find_gaps(english) == []


def test_english_made_here_has_of_every_kind_the_items_keys_and_texts_of_the_loaded_one(
    kinds, translator, press_publish
):
    page = kinds.get_translation(Locale.objects.get(language_code="en"))
    loaded = newest("en")
    translating.take_over(page)
    translate(translator, page, kinds.title, "All kinds")
    press_publish(page)
    made = newest("en")
    assert made.pk != loaded.pk
    assert made.title == "All kinds"
    assert made.content == loaded.content
    assert made.grading == loaded.grading
    assert [made.item_iri(item) for item in made.items] == [
        newest("da").item_iri(i) for i in newest("da").items
    ]


def test_a_changed_danish_sentence_marks_just_its_english_one_as_out_of_date(module, side_by_side):
    said = {}

    def change(question):
        said["was"], question["explanation"] = question["explanation"], "En ny forklaring."

    publish(module, steps=changed(module, "question", change))
    assert translating.find_gaps(side_by_side) == ["Forældet: »En ny forklaring.«"]
    marked = StringTranslation.objects.get(has_error=True)
    old = StringTranslation.objects.get(translation_of__data=said["was"], context=marked.context)
    assert (marked.data, old.has_error) == (old.data, False)
    assert said["was"] in marked.get_error()


def test_in_a_text_of_several_paragraphs_only_the_changed_one_is_marked(module, side_by_side):
    def change(text):
        text["body"] = "<p>Et helt nyt første afsnit.</p>" + text["body"].partition("</p>")[2]

    publish(module, steps=changed(module, "text", change))
    assert translating.find_gaps(side_by_side) == ["Forældet: »Et helt nyt første afsnit.«"]


def test_what_is_new_in_danish_is_missing_in_english_and_a_change_taken_back_is_current(module, side_by_side):
    before = ModulePage.objects.get(pk=module.pk).steps.raw_data

    def change(text):
        text["body"] += "<p>Et afsnit mere.</p>"

    steps = json.dumps([dict(step) for step in before])
    publish(module, steps=changed(module, "text", change))
    assert translating.find_gaps(side_by_side) == ["Ikke oversat: »Et afsnit mere.«"]
    publish(module, steps=steps)
    assert translating.find_gaps(side_by_side) == []


def test_publishing_english_makes_no_new_danish_version(module, side_by_side, translator, press_publish):
    danish = newest("da")
    translate(translator, side_by_side, "Se det i tide", "Seen in time")
    press_publish(side_by_side)
    assert newest("da") == danish
    assert newest("en").version == danish.version
    assert (newest("en").title, danish.version.module.versions.count()) == ("Seen in time", 1)
    assert ModulePage.objects.get(pk=module.pk).title == "Se det i tide"


def test_english_that_is_out_of_date_is_not_published_and_the_list_says_what_is_missing(
    module, side_by_side, translator, press_publish
):
    publish(module, title="Se det til tiden")
    before = newest("en")
    answer = press_publish(side_by_side)
    assert "Se det til tiden" in str(next(iter(answer.context["messages"])))
    assert newest("en") == before
    translate(translator, side_by_side, "Se det til tiden", "See it in time")
    press_publish(side_by_side)
    assert newest("en").pk > before.pk
    assert newest("en").content["translated_from"] == newest("da").revision


def test_english_that_is_too_long_is_not_published_and_says_which_text(
    module, side_by_side, translator, press_publish
):
    title = newest("da").steps[0]["title"]
    translate(translator, side_by_side, title, "x" * 130)
    before = newest("en")
    answer = press_publish(side_by_side)
    assert "»xxx" in str(next(iter(answer.context["messages"])))
    assert newest("en") == before


def test_no_other_way_publishes_english_that_is_out_of_date(module, side_by_side):
    publish(module, title="Se det til tiden")
    with pytest.raises(NotReady):
        publish(side_by_side, summary="Past the editor.")
    assert newest("en").content["summary"] != "Past the editor."


def test_a_page_that_is_opened_after_the_danish_changed_shows_what_changed(module, english, translator):
    publish(module, title="Se det til tiden")
    translator.get(edit_of(english))
    assert translating.find_gaps(english) == ["Forældet: »Se det til tiden«"]
    assert StringTranslation.objects.get(translation_of__data="Se det til tiden").data == english.title


def test_english_in_other_paragraphs_than_the_danish_is_kept_whole_and_marked(english, translator):
    def change(text):
        text["body"] = "<p>One.</p><p>Two.</p><p>Three.</p><p>Four.</p><p>Five.</p><p>Six.</p><p>Seven.</p>"

    publish(english, steps=changed(english, "text", change))
    translator.get(edit_of(english))
    kept = StringTranslation.objects.filter(has_error=True).order_by("pk")
    assert (
        "<br/>".join(row.data for row in kept)
        == "One.<br/>Two.<br/>Three.<br/>Four.<br/>Five.<br/>Six.<br/>Seven."
    )
    assert len(translating.find_gaps(english)) == kept.count()


def test_a_new_module_begins_in_english_as_a_draft_that_isnt_published(module, english, translator):
    english.delete()
    locale = Locale.objects.get(language_code="en")
    address = reverse("wagtail_localize:submit_page_translation", args=[module.pk])
    translator.post(address, {"locales": [locale.pk]})
    made = ModulePage.objects.get(translation_key=module.translation_key, locale=locale)
    assert made.live is False
    assert len(translating.find_gaps(made)) > 50
    with pytest.raises(NotReady):
        publish(made)


@pytest.fixture
def stranger(client, module, english):
    """Who may write in the back office, but not these modules."""
    user = UserFactory()
    group = Group.objects.create(name="Elsewhere")
    group.permissions.set(Group.objects.get(name=EDUCATORS).permissions.all())
    other = Page.objects.get(slug="kontakt", locale=module.locale)
    for row in GroupPagePermission.objects.filter(group__name=EDUCATORS, page=module.get_parent()):
        GroupPagePermission.objects.create(group=group, page=other, permission=row.permission)
    user.groups.add(group)
    return user


def test_an_educator_without_rights_to_the_module_cannot_translate_it(stranger, module, side_by_side, client):
    client.force_login(stranger)
    translation = Translation.objects.get()
    source = translation.source
    before = StringTranslation.objects.count()
    assert client.get(edit_of(side_by_side)).status_code == 302
    translate(client, side_by_side, "Se det i tide", "Mine now", expect=403)
    for address in (
        reverse("wagtail_localize:submit_page_translation", args=[module.pk]),
        reverse("wagtail_localize:update_translations", args=[source.pk]),
    ):
        assert client.get(address).status_code == 302, address
    assert client.get(reverse("wagtail_localize:download_pofile", args=[translation.pk])).status_code == 302
    assert StringTranslation.objects.count() == before
    assert not StringTranslation.objects.filter(data="Mine now").exists()


def test_english_is_not_made_a_mirror_of_the_danish(english, translator):
    translator.post(reverse("wagtail_localize:convert_to_alias", args=[english.pk]))
    after = ModulePage.objects.get(pk=english.pk)
    assert (after.alias_of_id, after.title) == (None, english.title)


def test_bringing_up_to_date_publishes_nothing(module, side_by_side, translator):
    publish(module, title="Se det til tiden")
    before = Edition.objects.count()
    source = TranslationSource.objects.get()
    address = reverse("wagtail_localize:update_translations", args=[source.pk])
    translator.post(address, {"publish_translations": "on"})
    assert Edition.objects.count() == before


def test_the_learners_english_page_says_when_the_danish_is_newer(module, english, client):
    assert "Danish text of this module was changed" not in client.get(english.url).content.decode()
    publish(module, summary="Bedre ord.")
    assert "Danish text of this module was changed" in client.get(english.url).content.decode()
    assert "er ændret" not in client.get(module.url).content.decode()
    publish(english)
    assert "Danish text of this module was changed" not in client.get(english.url).content.decode()


def test_statements_in_two_languages_are_about_the_same_activities(module, english, client):
    said = {}
    for page, language in ((module, "da"), (english, "en")):
        user = UserFactory()
        client.force_login(user)
        client.post(f"{page.url}begynd/")
        going = enrolment.open_enrolment(user.person, key=module.translation_key)
        item, block = next(
            (item, block) for item, block in going.edition.items.items() if block["kind"] == "single_choice"
        )
        answer = {"response": block["options"][0]["id"], "token": str(uuid.uuid4())}
        client.post(f"{page.url}svar/{item}/", answer)
        rows = Statement.objects.filter(registration=going.registration).order_by("seq")
        said[language] = [json.loads(row.raw) for row in rows]
    about = {code: [one["object"]["id"] for one in rows] for code, rows in said.items()}
    assert about["da"] == about["en"]
    assert len(about["da"]) >= 2
    for code, rows in said.items():
        assert {one["context"]["language"] for one in rows} == {code}
    names = canonical_definitions(about["da"])[about["da"][0]]["name"]
    assert names == {"da": "Se det i tide", "en": english.title}


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_in_a_browser_a_publisher_finds_what_is_out_of_date_mends_it_and_publishes(
    module, english, client, publisher, page, live_server
):
    client.force_login(publisher)
    page.set_default_timeout(30_000)  # the back office loads much
    translating.take_over(english)
    publish(module, title="Se det til tiden")
    cookie = {"name": settings.SESSION_COOKIE_NAME, "url": live_server.url}
    page.context.add_cookies([{**cookie, "value": client.cookies[cookie["name"]].value}])
    page.goto(edit_of(english))
    marked = page.locator("li.errored")
    expect(marked).to_have_count(1)
    expect(marked).to_contain_text("Før stod der: »Se det i tide«")
    danish, english_box = (marked.locator(one).bounding_box() for one in ("> p", "> div"))
    assert english_box["x"] >= danish["x"] + danish["width"] - 1
    page.get_by_role("button", name="Udgiv på").click()
    expect(page.get_by_text("Intet er udgivet endnu")).to_be_visible()
    marked.get_by_role("button").click()
    page.locator(".js-translation-editor textarea").fill("In good time")
    page.get_by_role("button", name="Gem").click()
    expect(marked).to_have_count(0)
    page.get_by_role("button", name="Udgiv på").click()
    expect(page.locator(".messages")).to_contain_text("In good time", timeout=20_000)
    page.goto(english.url)
    expect(page.get_by_role("heading", name="In good time")).to_be_visible()
    expect(page.get_by_text("The text here is older")).to_have_count(0)


def test_who_translates_does_not_publish(side_by_side, translator):
    before = newest("en")
    assert translator.post(edit_of(side_by_side), {"action": "publish"}).status_code == 302
    assert newest("en") == before
