"""The record store's requests pass by what is made for people, and miss nothing of what protects them."""

import json

import pytest
from django.utils import translation

from tests.factories.xapi import ClientFactory, credentials

pytestmark = pytest.mark.django_db
STATE = "/xapi/activities/state"


def test_no_session_is_opened_and_no_language_chosen(client):
    client.cookies["sessionid"] = "x"
    client.cookies["django_language"] = "en"
    answer = client.get("/xapi/statements", headers={**credentials(ClientFactory()), "Accept-Language": "en"})
    assert answer.status_code == 200
    assert "Content-Language" not in answer.headers
    assert "Vary" not in answer.headers
    assert answer.cookies == {}


def test_a_page_in_a_document_runs_nothing_where_somebody_opens_it(client):
    headers = credentials(ClientFactory(scopes=["all"]))
    asked = {
        "activityId": "https://a.example/a",
        "agent": json.dumps({"mbox": "mailto:a@b.example"}),
        "stateId": "1",
    }
    put = client.put(STATE, b"<script>alert(1)</script>", "text/html", headers=headers, query_params=asked)
    answer = client.get(STATE, asked, headers=headers)
    assert (put.status_code, answer.status_code, answer.content) == (204, 200, b"<script>alert(1)</script>")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_answer_says_its_length(client):
    answer = client.get("/xapi/about")
    assert answer.headers["Content-Length"] == str(len(answer.content))


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("path", ["/xapi/", "/xapi/statement", "/xapi/statements/", "/xapi/a/b/"])
def test_an_address_that_the_store_has_not_is_told_in_json_and_looked_for_among_no_pages(
    client, django_assert_num_queries, language, path
):
    with translation.override(language), django_assert_num_queries(0):
        answer = client.get(path)
    assert (answer.status_code, answer.json()) == (404, {"error": f"The record store has no {path}."})


def test_another_host_is_refused_with_the_same_policy(client):
    answer = client.get("/xapi/about", headers={"Host": "somebody.example"})
    assert answer.status_code == 400
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_who_brings_no_key_asks_nothing_of_the_clients(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get(STATE, headers={"X-Experience-API-Version": "2.0.0"})
    assert answer.status_code == 401


def test_a_request_in_the_open_is_sent_to_the_encrypted_address(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/xapi/about")
    assert (answer.status_code, answer.headers["Location"]) == (301, "https://testserver/xapi/about")
