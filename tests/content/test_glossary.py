"""Words explained on a tap: where, how, from what, and by whom they are kept."""

import uuid

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from playwright.sync_api import expect
from wagtail.models import Locale

from content import catalogue
from content.domain.glossary import keep_term
from content.glossary.links import Explainer, explain_in, words_of
from content.models import GlossaryTerm
from content.readability import lix
from courses.domain import enrolment
from courses.models import Edition
from organisations.domain.groups import sync_groups
from organisations.enums import Role
from tests.conftest import PHONE
from tests.factories.organisations import GrantFactory, OrgUnitFactory, UserFactory


def keep(term, *, language="da", **changes):
    locale = Locale.objects.get_or_create(language_code=language)[0]
    fields = {"definition": f"Hvad {term} betyder.", "source": "Kilden", "source_year": "2026"}
    return keep_term(locale, key=changes.pop("key", uuid.uuid4()), term=term, **{**fields, **changes})


def explained(html):
    """The words that the HTML explains, in their order."""
    return [button.get_text() for button in BeautifulSoup(html, "html.parser").select("button.content-word")]


def explain(html):
    return explained(Explainer(words_of("da")).explain(html))


def text(html, kind="text"):
    return {"id": "x", "kind": kind, "html": html}


# --- Where a word is explained ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_word_is_explained_at_its_first_place_in_a_step_and_not_again():
    keep("tryghedskasse", forms="tryghedskassen, tryghedskasser")
    blocks = explain_in(
        [text("<p>En tryghedskasse. Tryghedskassen står der.</p>"), text("<p>Tryghedskassen igen.</p>")],
        language="da",
    )
    assert [explained(block["html"]) for block in blocks] == [["tryghedskasse"], []]
    again = explain_in([text("<p>Tryghedskassen igen.</p>")], language="da")
    assert explained(again[0]["html"]) == ["Tryghedskassen"]


@pytest.mark.django_db
def test_neither_links_nor_headings_nor_buttons_are_touched_but_the_text_after_them_is():
    keep("hospice")
    html = '<h3>Om hospice</h3><p><a href="/x/">et hospice</a></p><p>Et hospice er et hus.</p>'
    found = Explainer(words_of("da")).explain(html)
    assert found.startswith('<h3>Om hospice</h3><p><a href="/x/">et hospice</a></p><p>Et <button')
    assert explained(found) == ["hospice"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "where"),
    [
        ("Hospice-teamet og hospicelignende", []),
        ("HOSPICE er et ord", ["HOSPICE"]),
        ("Vi taler om acp i dag, og ACP i morgen", ["ACP"]),
        ("EORTC QLQ-C15-PAL er et skema", ["EORTC QLQ-C15-PAL"]),
        ("Basal palliation og palliation", ["Basal palliation", "palliation"]),
    ],
)
def test_whole_words_are_meant_the_longest_first_and_abbreviations_in_capitals(words, where):
    for term in ("hospice", "ACP", "EORTC QLQ-C15-PAL", "palliation", "basal palliation"):
        keep(term)
    assert explain(f"<p>{words}</p>") == where


@pytest.mark.django_db
def test_a_definition_is_text_and_never_html():
    keep("hospice", definition='<script>alert("x")</script> & mere')
    found = Explainer(words_of("da")).explain("<p>Et hospice &amp; &lt;b&gt;</p>")
    assert "<script" not in found
    assert "&lt;script&gt;" in found
    assert "&amp; &lt;b&gt;</p>" in found


@pytest.mark.django_db
def test_a_key_message_and_folded_sections_explain_and_stay_safe():
    keep("hospice")
    keep("tovholder")
    blocks = explain_in(
        [
            {"id": "1", "kind": "key_message", "text": "Et hospice <b>er</b> et hus"},
            {"id": "2", "kind": "accordion", "sections": [{"heading": "Om", "html": "<p>En tovholder</p>"}]},
            {"id": "3", "kind": "single_choice", "text": "Hvad er en tovholder?", "options": []},
        ],
        language="da",
    )
    assert explained(blocks[0]["text"]) == ["hospice"]
    assert "&lt;b&gt;er&lt;/b&gt;" in blocks[0]["text"]
    assert explained(blocks[1]["sections"][0]["html"]) == ["tovholder"]
    assert blocks[2]["text"] == "Hvad er en tovholder?"


@pytest.mark.django_db
def test_words_of_another_language_and_those_that_are_not_to_be_linked_are_left():
    keep("hospice", language="en")
    keep("tovholder", is_linked=False)
    assert explain("<p>Et hospice og en tovholder</p>") == []


# --- On the pages -----------------------------------------------------------------------------------------


@pytest.fixture
def begun(client, learner, module):
    """The learner has begun *Se det i tide*, and is logged in."""
    enrolment.begin(learner.person, edition=Edition.objects.get(language="da"))
    client.force_login(learner)


@pytest.fixture
def step(client, begun, module):
    """Opens steps of the module, with words that stand all over it."""
    for term in ("du", "det", "er", "og"):
        keep(term)
    return lambda number: client.get(f"{module.url}trin/{number}/").content.decode()


def test_no_form_question_or_heading_of_a_step_holds_an_explained_word(step):
    pages = [BeautifulSoup(step(number), "html.parser") for number in range(1, 7)]
    assert sum(len(page.select(".content-word")) for page in pages) > 3
    for inside in ("form", ".content-item", "a", "h1", "h2", "h3", "label", "legend", "summary"):
        assert [page.select(f"{inside} .content-word") for page in pages] == [[]] * 6


def test_every_explained_word_has_its_words_and_the_way_to_the_glossary(step):
    page = BeautifulSoup(step(1), "html.parser")
    for button in page.select("button.content-word"):
        said = page.select(f"[popover]#{button['popovertarget']}")
        assert [one.name for one in said] == ["span"]
        assert said[0].find("a")["href"].startswith("/ordbog/#")
        assert "Kilde: Kilden, 2026." in said[0].get_text()


def test_an_edition_and_its_version_know_nothing_of_the_glossary(step, module):
    before = list(Edition.objects.order_by("pk").values("pk", "number", "version", "content"))
    assert "popovertarget" in step(1)
    module.save_revision().publish()
    assert list(Edition.objects.order_by("pk").values("pk", "number", "version", "content")) == before


def test_words_are_asked_for_once_and_not_again_until_one_changes(db, django_assert_num_queries):
    for term in ("hospice", "tovholder", "klynge"):
        keep(term)
    with django_assert_num_queries(1):
        assert len(words_of("da")) == 3
    with django_assert_num_queries(0):
        assert explain("<p>hospice, tovholder, klynge</p>") == ["hospice", "tovholder", "klynge"]
    term = GlossaryTerm.objects.get(term="klynge")
    term.definition = "Noget andet."
    term.save()
    assert "Noget andet." in Explainer(words_of("da")).explain("<p>klynge</p>")
    term.delete()
    assert explain("<p>hospice, klynge</p>") == ["hospice"]


def test_a_step_takes_as_many_queries_with_four_words_as_with_none(client, begun, module):
    def count():
        client.get(f"{module.url}trin/1/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"{module.url}trin/1/")
        return len(asked)

    without = count()
    for term in ("du", "det", "er", "og"):
        keep(term)
    assert count() == without


def test_a_preview_explains_as_the_learners_page_does(module, educator, client):
    keep("du")
    client.force_login(educator)
    assert "popovertarget" in module.make_preview_request(preview_mode="").content.decode()


def test_a_stranger_reads_the_glossary_in_her_language_in_the_order_of_the_alphabet(db, client):
    for term in ("åben indlæggelse", "Klynge", "ACP", "ærlighed"):
        keep(term)
    keep("cluster", language="en")
    page = BeautifulSoup(client.get("/ordbog/").content.decode(), "html.parser")
    assert [dt.get_text() for dt in page.select("dt")] == ["ACP", "Klynge", "ærlighed", "åben indlæggelse"]
    assert [word["id"] for word in page.select(".content-glossary__word")] == [
        "acp",
        "klynge",
        "aerlighed",
        "aaben-indlaeggelse",
    ]
    english = BeautifulSoup(client.get("/en/ordbog/").content.decode(), "html.parser")
    assert [dt.get_text() for dt in english.select("dt")] == ["cluster"]


def test_an_empty_glossary_says_who_fills_it(db, client):
    assert "En underviser skriver dem." in client.get("/ordbog/").content.decode()


# --- Keeping them -----------------------------------------------------------------------------------------

ADD, INDEX = "wagtailsnippets_content_glossaryterm:add", "wagtailsnippets_content_glossaryterm:list"


def form(term, **changes):
    fields = {"forms": "", "definition": "Kort.", "source": "Kilden", "source_year": "2026"}
    return {"term": term, **fields, "is_linked": "on", **changes}


def log_in(client, **grant):
    user = UserFactory()
    GrantFactory(person=user.person, **grant)
    sync_groups(user)
    client.force_login(user)


def test_an_educator_writes_changes_and_takes_away_a_word_in_the_back_office(module, client):
    log_in(client, role=Role.EDUCATOR, unit=None)
    assert client.post(reverse(ADD), form("hospice", forms="hospicer")).status_code == 302
    term = GlossaryTerm.objects.get()
    assert (term.term, term.all_forms, term.locale.language_code) == (
        "hospice",
        ["hospice", "hospicer"],
        "da",
    )
    assert "hospice" in client.get(reverse(INDEX)).content.decode()
    edit = reverse("wagtailsnippets_content_glossaryterm:edit", args=[term.pk])
    assert client.post(edit, form("hospice", definition="Nye ord.")).status_code == 302
    assert GlossaryTerm.objects.get().definition == "Nye ord."
    delete = reverse("wagtailsnippets_content_glossaryterm:delete", args=[term.pk])
    assert client.post(delete).status_code == 302
    assert GlossaryTerm.objects.count() == 0


@pytest.mark.parametrize("role", [Role.LEADER, Role.LOCAL_EDITOR, Role.ADMINISTRATOR, Role.KEY_PERSON])
def test_nobody_of_a_single_unit_opens_the_words(module, client, role):
    term = keep("hospice")
    log_in(client, role=role, unit=OrgUnitFactory())
    edit = reverse("wagtailsnippets_content_glossaryterm:edit", args=[term.pk])
    for address in (reverse(INDEX), reverse(ADD), edit):
        assert client.get(address).status_code in {302, 403}
    client.post(edit, form("hospice", definition="Overtaget."))
    assert GlossaryTerm.objects.get().definition != "Overtaget."


def test_a_form_that_another_word_has_is_refused_with_the_word_that_has_it(module, client):
    keep("palliation", forms="palliativ indsats")
    log_in(client, role=Role.EDUCATOR, unit=None)
    refused = client.post(reverse(ADD), form("lindring", forms="Palliativ indsats"))
    assert refused.status_code == 200
    assert "står allerede ved ordet »palliation«" in refused.content.decode()
    assert GlossaryTerm.objects.count() == 1
    # In English the same letters are another word.
    assert keep("palliation", language="en").locale.language_code == "en"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes", [{"definition": "Fru H. 010203-1234"}, {"definition": ""}, {"source_year": ""}]
)
def test_a_word_without_meaning_or_year_or_with_a_cpr_number_is_refused(changes):
    with pytest.raises(ValidationError):
        keep("hospice", **changes)
    assert GlossaryTerm.objects.count() == 0


# --- What comes with Lindra -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped():
    return catalogue.read("glossary.json")


def test_the_shipped_words_are_loaded_once_and_left_as_editors_made_them(db, shipped):
    call_command("load_glossary", verbosity=0)
    assert GlossaryTerm.objects.count() == 2 * len(shipped)
    term = GlossaryTerm.objects.get(term="tryghedskasse", locale__language_code="da")
    term.definition = "Vores egne ord."
    term.save()
    call_command("load_glossary", verbosity=0)
    term.refresh_from_db()
    assert (term.definition, GlossaryTerm.objects.count()) == ("Vores egne ord.", 2 * len(shipped))


def test_the_shipped_words_have_a_source_with_its_year_and_read_easily(shipped):
    for row in shipped:
        assert row["source"], row["code"]
        assert any(sign.isdigit() for sign in row["year"]), row["code"]
        assert lix([row["da"]["definition"]]) <= 40, row["code"]
    assert lix([row["da"]["definition"] for row in shipped]) <= 30


def test_a_data_file_with_a_form_twice_says_which_word(db):
    row = {"code": "a", "source": "K", "year": "2026"}
    said = {"term": "hospice", "forms": [], "definition": "Et hus."}
    rows = [{**row, "da": said, "en": said}, {**row, "code": "b", "da": said, "en": said}]
    with pytest.raises(catalogue.CatalogueError, match=r"b \(da\)"):
        catalogue.load_glossary(rows)


# --- In the browser ---------------------------------------------------------------------------------------


def test_a_word_opens_by_keyboard_closes_by_escape_and_keeps_the_focus(
    page, let_in, learner, module, assert_accessible
):
    keep("du")
    enrolment.begin(learner.person, edition=Edition.objects.get(language="da", title="Se det i tide"))
    let_in(page.context)
    page.set_viewport_size(PHONE)
    page.goto(f"{module.url}trin/1/")
    word = page.locator(".content-word").first
    said = page.locator(".content-word__said").first
    expect(word).to_be_visible()
    expect(said).to_be_hidden()
    word.focus()
    page.keyboard.press("Enter")
    expect(said).to_be_visible()
    expect(said).to_contain_text("Hvad du betyder.")
    assert_accessible(page)
    page.keyboard.press("Tab")
    expect(said.get_by_role("link", name="Se det i ordbogen")).to_be_focused()
    page.keyboard.press("Escape")
    expect(said).to_be_hidden()
    expect(word).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.keyboard.press("Enter")
    said.get_by_role("link", name="Se det i ordbogen").click()
    expect(page.get_by_role("heading", name="Ordbog", level=1)).to_be_visible()
    assert_accessible(page)
