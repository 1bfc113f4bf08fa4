"""*Min side*: what to take next and why, and whom to call; nobody else's card or key person."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content import catalogue
from courses.domain import enrolment
from courses.domain.local_guides import write_guide
from courses.models import Edition
from courses.templatetags.plain_text import linked
from organisations.enums import Role, UnitKind
from organisations.models import Employment
from tests.factories.courses import answer_all
from tests.factories.organisations import (
    EmploymentFactory,
    GrantFactory,
    OrgUnitFactory,
    PersonFactory,
    UserFactory,
)
from tests.files import soup, text

pytestmark = pytest.mark.usefixtures("noon")
DAY = dt.date(2026, 11, 22)
PATH = {
    "code": "KORT",
    "name": {"da": "Et kort forløb", "en": "A short path"},
    "summary": {"da": "Kort", "en": "Short"},
    "professions": ["sosu_assistant"],
    "for_key_persons": False,
    "deadline_days": None,
}


@pytest.fixture
def browser_of(client, learner):
    client.force_login(learner)
    return client


@pytest.fixture
def unit(learner):
    return Employment.objects.get(person=learner.person).unit


def another(module, code, **changes):
    """A module like *Se det i tide*, with another name."""
    row = {**catalogue.read("modules/M02.json"), "code": code, "slug": code.lower(), **changes}
    row["title"] = {"da": f"Modul {code}", "en": f"Module {code}"}
    return catalogue.load_module(row, index=module.get_parent().specific)


def said(client):
    return " ".join(client.get("/mit/").content.decode().split())


def recommended(client):
    return [(one.row["edition"].title, one.why) for one in client.get("/mit/").context["recommended"]]


def key_person(unit, name, **employment):
    person = PersonFactory(given_name=name, family_name="Nøgle")
    EmploymentFactory(person=person, unit=unit, **employment)
    GrantFactory(person=person, role=Role.KEY_PERSON, unit=unit)
    return person


# --- What is recommended ----------------------------------------------------------------------------------


def test_the_next_of_her_path_comes_first_and_says_so(browser_of, module):
    another(module, "M04")
    catalogue.load_paths([{**PATH, "modules": ["M04", "M02"]}])
    assert recommended(browser_of)[0] == (
        "Modul M04",
        "Det næste modul i Et kort forløb: 0 af 2 er på plads.",
    )


def test_a_module_is_recommended_for_what_it_can_show_that_she_lacks(browser_of, module):
    (title, why) = recommended(browser_of)[0]
    assert title == "Se det i tide"
    assert why.startswith("Det kan vise ")
    assert why.endswith("forventes af dig og ikke er på plads endnu.")


def test_what_she_has_begun_or_shown_is_not_recommended_again(browser_of, module, learner):
    going = enrolment.begin(learner.person, edition=Edition.objects.get(language="da"))
    page = browser_of.get("/mit/")
    assert [row["edition"].title for row in page.context["going"]] == ["Se det i tide"]
    assert page.context["recommended"] == []
    answer_all(going)
    enrolment.finish(going)
    assert recommended(browser_of) == []


def test_at_most_three_are_recommended_and_the_rest_stands_below_once(browser_of, module):
    for code in ("M21", "M22", "M23"):
        another(module, code)
    page = browser_of.get("/mit/")
    titles = [one.row["edition"].title for one in page.context["recommended"]]
    below = [row["edition"].title for row in page.context["new"]]
    assert (len(titles), len(below)) == (3, 1)
    assert sorted([*titles, *below]) == ["Modul M21", "Modul M22", "Modul M23", "Se det i tide"]


def test_one_tap_leads_to_the_step_where_she_was(browser_of, module, learner):
    going = enrolment.begin(learner.person, edition=Edition.objects.get(language="da"))
    enrolment.open_step(going, step=3)
    assert f'action="{module.url}begynd/"' in said(browser_of)
    assert browser_of.post(f"{module.url}begynd/").headers["Location"] == f"{module.url}trin/3/"


# --- Whom to call -----------------------------------------------------------------------------------------


def test_the_advice_card_says_whom_to_call_who_checked_it_and_when(browser_of, unit):
    by = PersonFactory(given_name="Lis", family_name="Lokal")
    write_guide(unit, topic="advice", text="Døgnet rundt: 12 34 56 78", by=by)
    page = said(browser_of)
    assert '<a href="tel:12345678">12 34 56 78</a>' in page
    assert "Tjekket 22. november 2026 af Lis Lokal." in page
    assert "forældede" not in page


def test_a_card_that_nobody_has_checked_for_a_year_says_so(browser_of, unit):
    write_guide(unit, topic="advice", text="Ring", by=None, checked_on=dt.date(2025, 11, 1))
    page = said(browser_of)
    assert "Tjekket 1. november 2025." in page
    assert "mere end et år siden: Numrene kan være forældede" in page


def test_another_municipalitys_card_and_key_person_are_not_shown(browser_of, unit):
    elsewhere = OrgUnitFactory(name="Samsø")
    write_guide(elsewhere, topic="advice", text="De andres: 87 65 43 21", by=None)
    key_person(elsewhere, "Fremmed", work_phone="11 22 33 44")
    page = said(browser_of)
    assert [words in page for words in ("87 65 43 21", "Fremmed", "11 22 33 44")] == [False] * 3


def test_without_a_card_it_says_who_can_write_one(browser_of, unit):
    assert "Spørg din leder, hvem det er." in said(browser_of)
    editor = PersonFactory(given_name="Lis", family_name="Lokal")
    GrantFactory(person=editor, role=Role.LOCAL_EDITOR, unit=unit)
    assert "Det kan Lis Lokal, som er lokal redaktør" in said(browser_of)


def test_her_units_key_persons_stand_with_how_to_reach_them_at_work(browser_of, unit):
    key_person(unit, "Kirsten", work_phone="12 34 56 78", work_email="kirsten@odder.example")
    key_person(OrgUnitFactory(kind=UnitKind.TEAM, parent=unit), "Naboteamets")
    page = said(browser_of)
    assert "Kirsten Nøgle" in page
    assert 'href="tel:12345678"' in page
    assert 'href="mailto:kirsten@odder.example"' in page
    assert "Naboteamets" not in page


def test_without_a_key_person_it_says_who_appoints_one(browser_of, unit):
    assert "Det er din leder, der udpeger en." in said(browser_of)


def test_without_a_key_person_a_leader_is_led_to_appointing_one(browser_of, learner, unit):
    GrantFactory(person=learner.person, role=Role.LEADER, unit=unit)
    card = soup(browser_of.get("/mit/")).select_one("#call").parent
    assert "Du leder enheden og kan udpege en under Mit team." in text(card).replace(" .", ".")
    assert [link["href"] for link in card.find_all("a", string="Mit team")] == ["/team/"]
    assert "Det er din leder" not in text(card)


def test_a_key_person_is_told_that_she_is_the_one_and_not_to_call_herself(browser_of, learner, unit):
    GrantFactory(person=learner.person, role=Role.KEY_PERSON, unit=unit)
    page = said(browser_of)
    assert "Du er nøgleperson her." in page
    assert browser_of.get("/mit/").context["key_persons"] == []


def test_a_former_employees_card_and_key_person_are_not_hers_any_more(client, module):
    user, former = UserFactory(), OrgUnitFactory()
    EmploymentFactory(person=user.person, unit=former, ends_on=DAY)
    write_guide(former, topic="advice", text="De forriges", by=None)
    key_person(former, "Tidligere")
    client.force_login(user)
    page = said(client)
    assert ["De forriges" in page, "Tidligere" in page, 'id="call"' in page] == [False] * 3


def test_two_cards_and_three_key_persons_take_as_many_queries_as_one(browser_of, learner, unit):
    def count():
        with CaptureQueriesContext(connection) as asked:
            browser_of.get("/mit/")
        return len(asked)

    write_guide(unit, topic="advice", text="Ring", by=None)
    key_person(unit, "Et")
    count()
    with_one = count()
    assert with_one == 31
    second = OrgUnitFactory()
    EmploymentFactory(person=learner.person, unit=second)
    write_guide(second, topic="advice", text="Ring også", by=None)
    key_person(unit, "To")
    key_person(second, "Tre")
    assert count() == with_one


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("12 34 56 78", '<a href="tel:12345678">12 34 56 78</a>'),
        ("+45 12345678.", '<a href="tel:+4512345678">+45 12345678</a>.'),
        ("<b>1234 5678</b>", '&lt;b&gt;<a href="tel:12345678">1234 5678</a>&lt;/b&gt;'),
        ("22 11 2026", "22 11 2026"),
        ("123456789", "123456789"),
        (
            "https://x.example/12345678",
            '<a href="https://x.example/12345678">https://x.example/12345678</a>',
        ),
    ],
)
def test_a_number_of_eight_digits_can_be_tapped_and_nothing_else_becomes_html(text, html):
    assert linked(text) == html
