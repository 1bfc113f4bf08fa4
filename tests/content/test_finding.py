"""Searching: what is found and by whom, what never is, and what no question can break."""

import json
import logging

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.search import index

from content import catalogue
from content.domain.publishing import newest_edition
from content.finding import excerpt, words_of
from content.models import ModulePage
from courses.domain import enrolment
from courses.domain.local_guides import write_guide
from courses.models import Edition
from organisations.models import Employment, OrgUnit, Profession
from tests.factories import kinds as written
from tests.factories.organisations import EmploymentFactory, OrgUnitFactory, UserFactory
from tests.files import queries_of, soup, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def search(client, question, **query):
    response = client.get("/soeg/", {"q": question, **query})
    assert response.status_code == 200
    return response


def titles(client, question, **query):
    return [text(tag) for tag in soup(search(client, question, **query)).select(".content-found__title")]


def publish(page, **changes):
    page = ModulePage.objects.get(pk=page.pk)
    for field, value in changes.items():
        setattr(page, field, value)
    page.save_revision().publish()


def with_text(page, words, *, number=1):
    """The page's steps, with some words more in the first, or in another."""
    steps = json.loads(json.dumps([dict(step) for step in page.steps.raw_data]))
    steps[number - 1]["value"]["body"].append({"type": "text", "value": {"body": f"<p>{words}</p>"}})
    return steps


def small(index_page, code, word, **changes):
    """A module of one step that says the word."""
    says = {"type": "text", "body": written.both(f"<p>{word}</p>", "<p>word</p>")}
    data = written.every_kind(
        code=code,
        slug=code.lower(),
        steps=[{"title": written.both("Et", "One"), "minutes": 3, "blocks": [says, written.SOURCES]}],
        **{"title": written.both(f"Modul {code}", f"Module {code}"), **changes},
    )
    return catalogue.load_module(data, index=index_page)


@pytest.fixture
def browser(client, learner):
    client.force_login(learner)
    return client


# --- What is found ----------------------------------------------------------------------------------------


def test_a_module_is_found_by_what_a_step_says_in_danish_letters_and_by_the_beginning_of_a_word(
    module, browser
):
    publish(module, steps=with_text(module, "Om smertebehandling på årsdagen"))
    for question in ("smert", "SMERTEBEHANDLING", "årsd", "behandl smerte", "smertebehandling på årsdag"):
        expected = ["Se det i tide"] if question != "behandl smerte" else []
        assert titles(browser, question) == expected, question


def test_the_result_says_what_it_is_how_long_it_takes_for_whom_and_where_the_word_stands(module, browser):
    publish(module, steps=with_text(module, "Ring ved gennembrudssmerter om natten"))
    found = soup(search(browser, "gennembrud")).select_one(".content-found li")
    assert found.select_one("mark").text == "gennembrudssmerter"
    said = text(found)
    for words in ("Ring ved", "om natten", "Modul", f"{module.minutes} minutter", "Til din faggruppe"):
        assert words in said


def test_what_was_found_is_counted_and_may_not_be_indexed_by_others(module, browser):
    page = soup(search(browser, "borgeren"))
    assert "Det, du søger, står ét sted." in text(page.main)
    assert page.select_one("meta[name=robots]")["content"] == "noindex"


def test_a_misspelt_word_gets_a_page_that_says_what_to_do(module, browser):
    page = soup(search(browser, "smerxter"))
    said = text(page.main)
    for words in ("ikke fundet noget om »smerxter«", "stavet", "færre ord", "Vis alle moduler"):
        assert words in said
    assert page.select_one("#search-q")["value"] == "smerxter"


def test_her_professions_modules_come_first_and_then_those_with_the_word_in_the_title(module, browser):
    index_page = module.get_parent().specific
    small(index_page, "M91", "Vandmand", professions=["doctor"])
    small(index_page, "M92", "Vandmand", professions=["sosu_assistant"])
    small(index_page, "M93", "intet", professions=["sosu_assistant"], title=written.both("Vandmand", "Jelly"))
    assert titles(browser, "vandmand") == ["Vandmand", "Modul M92", "Modul M91"]


def test_results_come_some_to_a_page(module, browser, monkeypatch):
    monkeypatch.setattr("content.views.RESULTS_A_PAGE", 2)
    for code in ("M91", "M92", "M93"):
        small(module.get_parent().specific, code, "Vandmand")
    assert (len(titles(browser, "vandmand")), len(titles(browser, "vandmand", side="2"))) == (2, 1)
    assert len(titles(browser, "vandmand", side="frem")) == 2


def test_each_language_finds_its_own(module, english, browser):
    publish(english, summary="Jellyfish at sea")
    assert titles(browser, "jellyfish") == []
    found = soup(browser.get("/en/soeg/", {"q": "jellyfish"})).select(".content-found a")
    assert [link["href"] for link in found] == [english.url]


# --- Where a result leads ---------------------------------------------------------------------------------


def led(client, question):
    """Where the one result leads: the address, and what the link says."""
    (link,) = soup(search(client, question)).select(".content-found a")
    return link["href"], text(link)


def began(learner, page):
    return enrolment.begin(learner.person, edition=newest_edition(page))


def test_whoever_has_begun_is_led_to_the_step_in_which_the_words_stand(module, learner, browser):
    publish(module, steps=with_text(module, "Ring til vandmanden om natten", number=3))
    began(learner, module)
    title = module.steps[2].value["title"]
    assert led(browser, "vandmand natten") == (
        f"{module.url}trin/3/",
        f"Se det i tide Trin 3: {title}",
    )
    assert "vandmanden" in text(soup(browser.get(f"{module.url}trin/3/")).main)


def test_whoever_has_not_begun_is_led_to_the_step_s_place_in_the_list(module, browser):
    publish(module, steps=with_text(module, "Ring til vandmanden", number=3))
    address, said = led(browser, "vandmand")
    assert (address, "Trin 3:" in said) == (f"{module.url}#trin-3", True)
    assert "Trinnet åbner, når du har begyndt på modulet" in text(soup(search(browser, "vandmand")).main)
    place = soup(browser.get(module.url)).select_one("#trin-3")
    assert place is not None
    assert place.find("a") is None


def test_the_step_that_holds_most_of_the_words_is_chosen_and_the_one_that_is_called_so_before_others(
    module, learner, browser
):
    steps = with_text(module, "Vandmanden kommer", number=1)
    steps[1]["value"]["body"].append({"type": "text", "value": {"body": "<p>Vandmanden og gople</p>"}})
    steps[3]["value"]["title"] = "Vandmanden"
    publish(module, steps=steps)
    began(learner, module)
    assert led(browser, "gople vandmand")[0] == f"{module.url}trin/2/"
    assert led(browser, "vandmand")[0] == f"{module.url}trin/4/"


def test_words_of_the_title_or_of_the_summary_alone_lead_to_the_module(module, learner, browser):
    publish(module, summary="Om søstjerner", steps=with_text(module, "Se det, og se det i tide", number=2))
    began(learner, module)
    assert led(browser, "tide") == (module.url, "Se det i tide")
    assert led(browser, "søstjerner") == (module.url, "Se det i tide")


def test_the_step_is_one_of_the_edition_that_she_began(module, learner, browser):
    """What came into the module since is read on its page, which says that it has been renewed."""
    began(learner, module)
    publish(module, steps=with_text(module, "Ring til vandmanden", number=3))
    assert led(browser, "vandmand")[0] == module.url


def test_a_step_is_not_said_to_hold_words_that_a_stranger_is_not_shown(module, client):
    steps = with_text(module, "Goplen er her", number=2)
    steps[2]["value"]["title"] = "Om søstjerner"
    publish(module, steps=steps)
    assert led(client, "søstjerner") == (f"{module.url}#trin-3", "Se det i tide Trin 3: Om søstjerner")
    assert "Goplen" not in text(soup(search(client, "søstjerner")).main)


def test_every_page_leads_to_the_search_and_the_list_of_modules_has_the_field(module, browser):
    assert soup(browser.get("/mit/")).select_one("header a[href='/soeg/']")
    form = soup(browser.get("/moduler/")).select_one("form[role=search]")
    assert (form["action"], form["method"]) == ("/soeg/", "get")
    assert form.select_one("label")["for"] == form.select_one("input")["id"]


# --- What is in the index ---------------------------------------------------------------------------------


def test_a_draft_is_not_found_and_what_is_published_is_at_once(module, browser):
    page = ModulePage.objects.get(pk=module.pk)
    page.title, page.summary, page.steps = "Goplen", "Goplen kommer", with_text(module, "Goplen er her")
    revision = page.save_revision()
    assert titles(browser, "goplen") == []
    revision.publish()
    assert titles(browser, "goplen") == ["Goplen"]
    publish(module, title="Se det i tide", summary="Kort", steps=module.steps)
    assert titles(browser, "goplen") == []


def test_a_module_that_is_withdrawn_is_not_found_by_anybody(module, browser, client):
    module.unpublish()
    assert titles(browser, "borgeren") == []
    client.logout()
    assert titles(client, "tide") == []


def test_neither_right_answers_nor_feedback_nor_options_nor_claims_are_in_the_index(kinds):
    edition = Edition.objects.get(version__module__key=kinds.translation_key, language="da")
    held = edition.searched_text
    for words in ("Husk dette.", "Din nøgleperson.", "Spørg en borger i dag.", "Kl. 20. Hr. Holm har ondt."):
        assert words in held
    for words in (
        "Ja, så kan andre se det.",  # feedback
        "Du både spørger og skriver.",  # an explanation
        "Venter og ser",  # an option that is wrong
        "Der skal en erklæring til",  # a claim that is false
        "Hvad har fået dig til at tænke",  # a model answer
        "I journalen ligger en plan.",  # a later place of a case
        "Sådan må du ikke tænke.",  # a reply
    ):
        assert words not in held
    entries = edition.index_entries.values_list("pk", flat=True)
    assert len(entries) == 1


def test_loading_leaves_a_built_index_also_where_modules_were_there_before(module, browser, monkeypatch):
    for edition in Edition.objects.all():
        index.remove_object(edition)
    assert titles(browser, "borgeren") == []
    site = {**catalogue.read("site.json"), "pages": []}
    monkeypatch.setattr(catalogue, "DATA", catalogue.DATA / "none")
    monkeypatch.setattr(catalogue, "read", lambda name: site if name == "site.json" else [])
    call_command("load_modules", verbosity=0)
    assert titles(browser, "borgeren") == ["Se det i tide"]


# --- Who finds what ---------------------------------------------------------------------------------------


def test_whoever_is_not_logged_in_finds_what_modules_show_before_they_are_begun(module, client):
    publish(module, summary="Om søstjerner", steps=with_text(module, "Goplen er her"))
    assert titles(client, "søstjerner") == ["Se det i tide"]
    assert titles(client, "goplen") == []
    assert "goplen" not in text(soup(search(client, "søstjerner")).main).casefold()
    assert "Log ind" in text(soup(search(client, "goplen")).main)


@pytest.fixture
def guide(learner):
    unit = OrgUnit.objects.get(employments__person=learner.person)
    return write_guide(unit, topic="medicine", text="Nøglen til skabet\nhænger hos goplen.", by=None)


def test_a_guide_of_her_own_workplace_is_found_and_leads_to_its_text(module, browser, guide):
    page = soup(search(browser, "gople"))
    link = page.select_one(".content-found a")
    assert (text(link), link["href"]) == ("Medicin i hjemmet", "/vejledninger/medicine/")
    said = text(page.select_one(".content-found"))
    assert "Vejledning" in said
    assert guide.unit.name in said
    assert "Nøglen til skabet" in text(soup(browser.get(link["href"])).main)


def test_a_guide_is_found_by_its_topic_in_either_language(module, browser, guide):
    assert titles(browser, "hjemmet")[0] == "Medicin i hjemmet"
    assert titles(browser, "medicine home") == ["Medicin i hjemmet"]


def test_a_guide_is_found_as_it_was_last_written_and_not_when_it_is_taken_down(module, browser, guide):
    write_guide(guide.unit, topic="medicine", text="Ring til vagten.", by=None)
    assert titles(browser, "gople") == []
    assert titles(browser, "vagten") == ["Medicin i hjemmet"]
    write_guide(guide.unit, topic="medicine", text="Ring til vagten.", by=None, is_shown=False)
    assert titles(browser, "vagten") == []


def test_nobody_finds_or_opens_the_guide_of_another_workplace(module, guide, client):
    stranger = UserFactory()
    assistant = Profession.objects.get(code="sosu_assistant")
    EmploymentFactory(person=stranger.person, unit=OrgUnitFactory(), profession=assistant)
    loose = UserFactory()
    for user in (stranger, loose):
        client.force_login(user)
        for question in ("goplen", "skabet", "medicin", "hjemmet"):
            page = soup(search(client, question))
            assert page.select("a[href*=vejledninger]") == []
            assert "skabet hænger" not in text(page.main)
        assert "Nøglen" not in client.get("/vejledninger/medicine/").content.decode()
    client.logout()
    assert titles(client, "gople") == []
    assert client.get("/vejledninger/medicine/").status_code == 302


def test_a_guide_of_a_former_workplace_is_not_found(module, browser, guide, learner):
    Employment.objects.filter(person=learner.person).update(ends_on="2026-11-22")
    assert titles(browser, "gople") == []


def test_a_topic_that_there_is_none_of_is_not_found(module, browser):
    assert browser.get("/vejledninger/intet/").status_code == 404


def test_local_editors_still_search_their_guides_by_unit_and_text(module, guide, client):
    admin = UserFactory(is_superuser=True)
    client.force_login(admin)
    address = reverse("localguide:index")
    for question, there in (("gople", True), (guide.unit.name, True), ("vagten", False)):
        said = client.get(address, {"q": question}).content.decode()
        assert (str(guide) in said.replace("&#x27;", "'")) is there, question


# --- Questions that are meant to break it -----------------------------------------------------------------


HOSTILE = [
    "a" * 10_000,
    "ord " * 2_500,
    '"',
    '"borgeren',
    "borgeren*",
    "NEAR(borgeren tide)",
    "NEAR",
    "AND OR NOT",
    "-borgeren",
    "^borgeren",
    "title:borgeren",
    "{title} : (borgeren)",
    "borgeren & | ! <-> :*",
    "\\",
    "'; DROP TABLE wagtailsearch_indexentry; --",
    "%s %(x)s %",
    "borg\x00eren",
    "\x00",
    "\ud7ff\ufffe😀",
    "_ __ -- ''",
    "<script>alert(1)</script>",
    "{{ 7|add:7 }}{% now 'Y' %}",
    " \t\n",
    "",
]


@pytest.mark.parametrize("who", ["learner", "nobody"])
def test_no_question_breaks_the_search_or_the_page(module, learner, guide, client, who):
    if who == "learner":
        client.force_login(learner)
    for question in HOSTILE:
        page = soup(search(client, question))
        assert page.main.find("script") is None, question
        assert len(page.select_one("#search-q")["value"]) <= 100
    assert Edition.objects.filter(index_entries__isnull=False).exists()


def test_what_an_author_wrote_is_shown_as_it_stands(module, browser):
    publish(module, summary="Om <script>alert(1)</script> og <b>gople</b>")
    found = soup(search(browser, "gople")).select_one(".content-found")
    assert (found.find("script"), found.find("b")) == (None, None)
    assert "<script>alert(1)</script>" in text(found)


def test_a_question_is_eight_words_of_a_hundred_letters():
    assert words_of('en-to, NOT "tre": * fire_fem') == ["en", "to", "NOT", "tre", "fire", "fem"]
    assert len(words_of("ord " * 20)) == 8
    assert words_of("a" * 200) == ["a" * 100]
    assert words_of("a\u030ar") == ["år"]


def test_the_line_around_a_hit_is_cut_between_words_and_marks_another_ending_too():
    line = excerpt(["Kort.", f"{'ord ' * 40}smerten {'efter ' * 40}"], ["smerter"])
    assert line.hit == "smerten"
    assert line.before.startswith("… ord")
    assert line.after.endswith("efter …")
    assert excerpt(["Kort."], ["borte"]).before == "Kort."


def test_what_was_searched_for_is_neither_stored_nor_logged(module, browser, caplog):
    browser.get("/soeg/")
    with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as captured:
        search(browser, "hemmelighed")
    assert [sql["sql"] for sql in captured if not sql["sql"].lstrip("( ").upper().startswith("SELECT")] == []
    records = [record for record in caplog.records if not record.name.startswith("django.db")]
    assert [record for record in records if "hemmelighed" in record.getMessage()] == []


def test_the_index_asks_once_what_a_page_holds(module):
    page = ModulePage.objects.get(pk=module.pk)
    with CaptureQueriesContext(connection) as captured:
        index.insert_or_update_object(page)
    assert len([sql for sql in captured if 'FROM "courses_edition"' in sql["sql"]]) == 1


def test_three_results_take_as_many_queries_as_one(module, browser, guide, learner):
    index_page = module.get_parent().specific
    began(learner, small(index_page, "M91", "Vandmand"))
    one = queries_of(browser, "/soeg/?q=vandmand")
    began(learner, small(index_page, "M92", "Vandmand"))
    small(index_page, "M93", "Vandmand")
    write_guide(guide.unit, topic="night", text="Vandmand", by=None)
    assert len(titles(browser, "vandmand")) == 4
    assert queries_of(browser, "/soeg/?q=vandmand") == one
