"""The whole module on paper: everything that is read, and nothing that gives an answer away."""

import pytest

from content import catalogue
from courses.domain import enrolment, free_text
from courses.domain.local_guides import write_guide
from courses.models import Edition
from organisations.models import Employment
from tests.factories.kinds import SOURCES, every_kind
from tests.factories.organisations import OrgUnitFactory, UserFactory
from tests.files import queries_of, soup, text
from xapi.models import Statement

pytestmark = pytest.mark.django_db

WRITTEN = "Det skrev jeg selv"


@pytest.fixture
def going(learner, kinds, client):
    """The module that has every kind, begun by the learner, who is logged in."""
    edition = Edition.objects.get(version__module__key=kinds.translation_key, language="da")
    client.force_login(learner)
    return enrolment.begin(learner.person, edition=edition)


def printed(client, page):
    response = client.get(f"{page.url}udskriv/")
    assert response.status_code == 200
    return soup(response)


def texts_in(value):
    """Every text of a grading specification that is meant to be read."""
    if isinstance(value, dict):
        return [found for one in value.values() for found in texts_in(one)]
    if isinstance(value, list):
        return [found for one in value for found in texts_in(one)]
    return [value] if isinstance(value, str) and " " in value else []


def test_every_step_and_what_it_says_and_asks_is_there(going, kinds, client):
    page = printed(client, kinds)
    headings = [text(tag) for tag in page.select("main h2") if text(tag).startswith("Trin ")]
    assert headings == [f"Trin {n}: {step['title']}" for n, step in enumerate(going.edition.steps, start=1)]
    said = text(page.main)
    for words in (
        "Husk dette.",
        "Din nøgleperson.",
        "En kilde. Nogen, 2026.",
        "Hvad giver du videre?",
        "Skriver det i journalen",
        "Spørge ham",
        "Hvem passer min kone?",
        "Eksistentielt",
        "Meget usikker",
        "Kl. 20. Hr. Holm har ondt.",
        "Jeg spørger begge.",
        "De nævnte palliation.",
        "Spørg en borger i dag.",
        "Hvad hjalp?",
    ):
        assert words in said, words


def test_no_answer_explanation_or_way_on_is_on_the_paper(going, kinds, client):
    said = text(printed(client, kinds).main)
    sources = {"En kilde", "ordret"}
    secrets = [words for words in texts_in(going.edition.grading) if words not in sources]
    assert len(secrets) > 20
    assert [words for words in secrets if words in said] == []
    # The later places of a case, and what is said on the way.
    assert "I journalen ligger en plan." not in said
    assert "Er det ikke det, det betyder?" not in said


def test_what_she_answered_and_wrote_is_not_printed_and_nothing_is_recorded(going, kinds, client, item_of):
    free_text.write(going, item=item_of("reflection"), text=WRITTEN)
    before = Statement.objects.count()
    assert WRITTEN not in client.get(f"{kinds.url}udskriv/").content.decode()
    going.refresh_from_db()
    assert (Statement.objects.count(), going.position) == (before, 1)


def test_a_picture_is_said_in_words_and_a_film_by_what_is_said_in_it(going, kinds, client):
    edition = going.edition
    edition.content["steps"][5]["blocks"] += [
        {
            "id": "a",
            "kind": "image",
            "image": {"src": "/media/a.webp", "width": 10, "height": 10, "alt": "En seng ved et vindue"},
            "caption": "Hjemme",
            "credit": "",
        },
        {
            "id": "b",
            "kind": "video",
            "item": True,
            "name": "Om natten",
            "text": "Om natten",
            "historic_year": None,
            "transcript": "<p>Jeg ringer til vagten.</p>",
            "chapters": [{"at": 0, "title": "Aftenen"}],
        },
    ]
    edition.save()
    said = text(printed(client, kinds).main)
    for words in ("Billedet viser: En seng ved et vindue", "Jeg ringer til vagten.", "Aftenen"):
        assert words in said


def test_her_own_workplace_s_guide_is_printed_and_no_other(going, kinds, client, learner):
    unit = Employment.objects.get(person=learner.person).unit
    write_guide(unit, topic="medicine", text="Nøglen hænger i skabet.", by=None)
    write_guide(OrgUnitFactory(), topic="medicine", text="Goplen hænger i skabet.", by=None)
    said = text(printed(client, kinds).main)
    assert ("Nøglen hænger" in said, "Goplen hænger" in said) == (True, False)


def test_whoever_has_not_begun_is_sent_to_the_beginning(kinds, client, learner):
    address = f"{kinds.url}udskriv/"
    asked_in = client.get(address)
    assert (asked_in.status_code, asked_in["Location"].split("?")[0]) == (302, "/konto/login/")
    for user in (learner, UserFactory(person=None)):
        client.force_login(user)
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (302, kinds.url)


def test_the_edition_that_she_began_is_printed_also_from_the_page_in_another_language(going, kinds, client):
    english = kinds.get_translations().get(locale__language_code="en")
    assert client.get(f"{english.url}udskriv/")["Location"] == f"{kinds.url}udskriv/"


def test_the_module_s_page_leads_to_it_once_it_is_begun(kinds, client, learner):
    client.force_login(learner)
    address = f"{kinds.url}udskriv/"
    assert address not in client.get(kinds.url).content.decode()
    edition = Edition.objects.get(version__module__key=kinds.translation_key, language="da")
    enrolment.begin(learner.person, edition=edition)
    assert address in client.get(kinds.url).content.decode()


def test_three_guides_take_as_many_queries_as_one(module, client, learner):
    guide = {"type": "local_guide", "topic": "medicine"}
    counts = []
    for number, topics in enumerate((["medicine"], ["medicine", "night", "phone"])):
        step = {
            **every_kind()["steps"][5],
            "blocks": [*({**guide, "topic": topic} for topic in topics), SOURCES],
        }
        data = every_kind(code=f"M8{number}", slug=f"m8{number}", steps=[step])
        page = catalogue.load_module(data, index=module.get_parent().specific)
        edition = Edition.objects.get(version__module__key=page.translation_key, language="da")
        enrolment.begin(learner.person, edition=edition)
        client.force_login(learner)
        counts.append(queries_of(client, f"{page.url}udskriv/"))
    assert counts[0] == counts[1]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_axe_finds_nothing_on_it_and_the_button_prints(page, let_in, kinds, assert_accessible):
    let_in(page.context)
    page.goto(f"{kinds.url}udskriv/")
    assert_accessible(page)
    page.evaluate("window.print = () => { document.title = 'printed'; }")
    page.get_by_role("button", name="Udskriv modulet").click()
    assert page.title() == "printed"
