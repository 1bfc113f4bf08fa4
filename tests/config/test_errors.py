"""The pages for when something is wrong: Danish, with what to do next, and no stack trace."""

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from config.urls import urlpatterns as site
from tests.factories.organisations import UserFactory

pytestmark = pytest.mark.django_db


def break_down(request: HttpRequest) -> HttpResponse:
    raise ValueError("a secret of the inside")


def lose_the_database(request: HttpRequest) -> HttpResponse:
    raise OperationalError("could not connect to 10.0.0.7")


urlpatterns = [
    path("i-stykker/", break_down),
    path("uden-database/", lose_the_database),
    *site,
]
handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"


@pytest.fixture
def visitor(settings) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "status", "secret"),
    [("/i-stykker/", 500, "a secret of the inside"), ("/uden-database/", 503, "10.0.0.7")],
)
def test_a_mistake_shows_a_plain_page(visitor, django_assert_num_queries, address, status, secret):
    with django_assert_num_queries(0):
        response = visitor.get(address)
    body = response.content.decode()
    assert response.status_code == status
    assert [word for word in (secret, "Traceback", "Error") if word in body] == []
    assert '<html lang="da">' in body


def test_a_page_that_isnt_here_leads_to_the_front_page(visitor):
    response = visitor.get("/findes-ikke/")
    assert response.status_code == 404
    assert response.templates[0].name == "404.html"
    assert 'href="/"' in response.content.decode()


def test_an_english_address_gets_an_english_page(visitor):
    body = visitor.get("/en/not-here/").content.decode()
    assert '<html lang="en">' in body
    assert "The page isn&#x27;t here" in body or "The page isn't here" in body


def test_a_form_from_elsewhere_is_refused_in_plain_words():
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/konto/login/", {"login": "x@lindra.example", "password": "x"})
    assert response.status_code == 403
    assert response.templates[0].name == "403_csrf.html"


def test_whoever_has_nothing_to_do_in_the_back_office_reads_so_and_is_led_on(client):
    client.force_login(UserFactory())
    for address in ("/cms/", "/cms/pages/", "/cms/person/"):
        response = client.get(address)
        assert response.status_code == 403
        assert response.templates[0].name == "403.html"
        assert 'href="/"' in response.content.decode()


def test_whoever_is_not_logged_in_is_asked_to_before_the_back_office(client):
    assert client.get("/cms/").headers["Location"] == "/konto/login/?next=/cms/"
