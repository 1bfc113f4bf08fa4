"""Getting in, in Danish; and nobody signs up by herself."""

import pytest
from django.contrib.auth.models import Group
from django.template.loader import render_to_string

from config.accounts import Backend
from organisations.domain.grants import grant_role
from organisations.domain.people import create_login, register_person
from organisations.enums import Role
from organisations.models import Person, User
from reports.forms.sharing import AskColleagueForm
from tests.files import soup, text

pytestmark = pytest.mark.django_db

EMAIL, PASSWORD = "sofie@lindra.example", "et-langt-ord-mere"


@pytest.fixture
def user() -> User:
    person = register_person(given_name="Sofie", family_name="Dahl")
    return create_login(person, email=EMAIL, password=PASSWORD)


def log_in(client, password: str = PASSWORD, email: str = EMAIL):
    return client.post("/konto/login/", {"login": email, "password": password})


def test_the_page_is_danish_and_english_under_en(client):
    assert '<html lang="da">' in client.get("/konto/login/").content.decode()
    assert '<html lang="en">' in client.get("/en/konto/login/").content.decode()


def test_the_right_password_leads_to_my_page(client, user):
    response = log_in(client)
    assert (response.status_code, response.url) == (302, "/mit/")


def test_the_address_is_written_in_capitals_and_that_is_fine(client, user):
    assert log_in(client, email="Sofie@Lindra.example").status_code == 302


def test_a_wrong_password_says_so_and_keeps_the_address(client, user):
    response = log_in(client, password="forkert")
    body = response.content.decode()
    assert response.status_code == 200
    assert "data-focus" in body
    assert f'value="{EMAIL}"' in body


def test_a_closed_log_in_doesnt_get_in(client, user):
    user.is_active = False
    user.save()
    log_in(client)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_signs_up(client, method):
    form = {"email": "ny@lindra.example", "password1": PASSWORD}
    response = getattr(client, method)("/konto/signup/", form)
    assert response.templates[0].name == "account/signup_closed.html"
    assert User.objects.count() == 0


def test_a_log_in_renews_the_groups(client, user):
    grant_role(user.person, role=Role.EDUCATOR, starts_on=user.date_joined.date())
    user.groups.set([Group.objects.get_or_create(name="Administrators")[0]])
    log_in(client)
    assert list(user.groups.values_list("name", flat=True)) == ["Educators"]


def test_logging_out_takes_a_post_and_leads_to_the_front_page(client, user):
    client.force_login(user)
    assert client.get("/konto/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    response = client.post("/konto/logout/")
    assert (response.status_code, response.url) == (302, "/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(("demo", "listed"), [(True, 8), (False, 0)])
def test_the_demo_log_ins_are_listed_only_in_the_demo(client, settings, demo, listed):
    settings.DEMO = demo
    assert client.get("/konto/login/").content.decode().count("<dt>") == listed


def test_who_is_logged_in_is_one_question_and_nobody_once_she_is_shut_out(user, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert Backend().get_user(user.pk).get_full_name() == "Sofie Dahl"
    User.objects.update(is_active=False)
    assert (Backend().get_user(user.pk), Backend().get_user(0)) == (None, None)


@pytest.mark.parametrize(
    ("login", "says"),
    [
        (EMAIL, "E-mailadressen eller adgangskoden passer ikke."),
        ("sofie", "Brugernavnet eller adgangskoden passer ikke."),
    ],
)
def test_what_doesnt_fit_says_what_to_do_by_the_name_of_the_link(client, user, login, says):
    page = soup(log_in(client, password="forkert", email=login))
    assert f"{says} Prøv igen, eller vælg Glemt din adgangskode?" in text(page.main)
    assert "Glemt din adgangskode?" in {text(link) for link in page.main.find_all("a")}


def test_a_current_password_that_doesnt_fit_is_said_to_be_that(client, user):
    client.force_login(user)
    sent = {"oldpassword": "forkert", "password1": "et-andet-ord-mere", "password2": "et-andet-ord-mere"}
    page = soup(client.post("/konto/password/change/", sent))
    assert "Den nuværende adgangskode passer ikke." in text(page.main)


def test_an_empty_field_is_asked_for_and_a_question_gets_no_colon(client):
    page = text(soup(client.post("/konto/login/", {})).main)
    assert "Adgangskode: Udfyld feltet." in page
    shown = render_to_string(
        "lindra/errors.html", {"form": AskColleagueForm({}, people=Person.objects.none())}
    )
    assert "Hvilken kollega? Vælg en kollega." in shown
