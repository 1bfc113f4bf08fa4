"""The alternate request syntax: any request as a POST of a form (xAPI 1.0.3, Communication 1.3)."""

import json
from urllib.parse import urlencode

import pytest

from tests.factories.xapi import ClientFactory, a_statement, credentials
from xapi.domain.recording import record
from xapi.enums import Scope
from xapi.models import Statement

pytestmark = pytest.mark.django_db

ID = "5f0b7a52-4a5e-4c8e-9a55-4f1d8e6b7c90"
OLD = "/xapi/1.0.3/statements"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def send(client):
    """Everything goes into the form, the headers too."""

    def send(method, form, headers=None, url=OLD, kind=FORM):
        body = form if isinstance(form, bytes | str) else urlencode(form)
        return client.post(f"{url}?method={method}", body, kind, headers=headers or {})

    return send


@pytest.fixture
def own(system):
    return credentials(system, "1.0.3")


def refused(response):
    assert response.status_code == 400, response.content
    return response.json()["path"], response.json()["error"]


def test_a_get_is_a_post_of_its_parameters(send, own):
    record(a_statement(id=ID))
    response = send("GET", {**own, "statementId": ID})
    assert (response.status_code, response.json()["id"]) == (200, ID)
    page = send("GET", {**own, "limit": 1}).json()
    assert [each["id"] for each in page["statements"]] == [ID]
    assert send("GET", "", own).status_code == 200


def test_the_more_of_a_wrapped_get_is_an_address_like_any_other(client, send, own):
    for _ in range(2):
        record(a_statement())
    more = send("GET", {**own, "limit": 1}).json()["more"]
    assert more.startswith("/xapi/1.0.3/statements?more=")
    assert len(client.get(more, headers=own).json()["statements"]) == 1


def test_a_put_is_a_post_with_its_content_in_the_form(send, own, system):
    statement = a_statement(result={"response": "æøå & + = %"})
    response = send("PUT", {**own, "statementId": ID, "content": json.dumps(statement)})
    assert (response.status_code, response.content) == (204, b"")
    row = Statement.objects.get()
    assert (str(row.uuid), row.client, row.data["result"]) == (ID, system, statement["result"])


def test_a_post_is_wrapped_as_well(send, own):
    response = send(
        "POST", {**own, "content": json.dumps(a_statement(id=ID)), "Content-Type": "application/json"}
    )
    assert (response.status_code, response.json()) == (200, [ID])


def test_headers_stand_outside_or_in_the_form_and_the_form_wins(send, own, system):
    assert send("GET", {}, own).status_code == 200
    assert send("GET", {name.lower(): value for name, value in own.items()}).status_code == 200
    assert send("GET", {"X-Experience-API-Version": "0.8"}, own).status_code == 400
    assert send("GET", {"Authorization": "Basic eDp5"}, own).status_code == 401
    assert send("GET", own, {"Authorization": "Basic eDp5"}).status_code == 200


def test_the_language_may_stand_in_the_form(send, own):
    record(a_statement(id=ID))
    answer = send("GET", {**own, "statementId": ID, "format": "canonical", "Accept-Language": "en"}).json()
    assert answer["verb"]["display"] == {"en": "answered"}


def test_the_same_scopes_are_asked_for(send):
    reader = credentials(ClientFactory(scopes=[Scope.READ]), "1.0.3")
    writer = credentials(ClientFactory(scopes=[Scope.WRITE]), "1.0.3")
    content = {"statementId": ID, "content": json.dumps(a_statement())}
    assert send("PUT", {**reader, **content}).status_code == 403
    assert send("GET", writer).status_code == 403
    assert send("GET", {"X-Experience-API-Version": "1.0.3"}).status_code == 401


def test_a_body_that_is_too_large_is_refused_before_it_is_unwrapped(send, own, settings):
    settings.XAPI_MAX_BODY = 1000
    response = send("PUT", {**own, "statementId": ID, "content": "x" * 1000})
    assert response.status_code == 413


@pytest.mark.parametrize("method", ["DELETE", "GET"])
def test_a_method_that_the_resource_does_not_know_is_405(send, own, method):
    assert send(method, own).status_code == (405 if method == "DELETE" else 200)


@pytest.mark.parametrize("method", ["HEAD", "get", "TRACE", "", "GET&method=PUT"])
def test_any_other_method_is_refused(send, own, method):
    assert refused(send(method, own)) == ("method", "must be one of GET, PUT, POST, DELETE, and stand once")


@pytest.mark.parametrize("url", [OLD, "/xapi/statements"])
@pytest.mark.parametrize("how", ["get", "put", "delete"])
def test_a_method_parameter_belongs_to_a_post(client, own, url, how):
    response = getattr(client, how)(f"{url}?method=GET", headers=own)
    assert refused(response) == ("method", "belongs to a POST (alternate request syntax)")


def test_nothing_else_stands_in_the_address(send, own):
    path, error = refused(send(f"PUT&statementId={ID}", {**own, "content": json.dumps(a_statement())}))
    assert (path, error) == (
        "statementId",
        "must go into the form: in the alternate request syntax method stands alone",
    )


def test_a_put_without_content_is_refused(send, own):
    assert refused(send("PUT", {**own, "statementId": ID})) == ("content", "is missing")


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"statementId": ID, "content": "{}"}),
        b"content=%FF",
        b"\xff=1",
        "a",
        "&".join(f"a{number}=1" for number in range(101)),
    ],
)
def test_a_body_that_is_no_form_is_refused(send, own, body):
    assert refused(send("PUT", body, own)) == (
        "",
        "the body is not a form of names and values, encoded as UTF-8",
    )


def test_a_body_of_another_type_is_refused(send, own):
    problem = "the Content-Type of the alternate request syntax must be application/x-www-form-urlencoded"
    assert refused(send("GET", "{}", own, kind="application/json")) == (
        "",
        f'{problem}, not "application/json"',
    )


@pytest.mark.parametrize("twice", ["limit=1&limit=2", "Authorization=a&authorization=b"])
def test_a_parameter_given_twice_is_refused(send, own, twice):
    assert refused(send("GET", twice, own))[1] == "is given more than once"


@pytest.mark.parametrize("extra", [{"foo": 1}, {"content": "{}"}, {"Statementid": ID}])
def test_a_parameter_that_the_resource_does_not_know_is_refused(send, own, extra):
    assert refused(send("GET", {**own, **extra}))[0] in extra


@pytest.mark.parametrize("inside", [True, False])
def test_the_second_version_has_no_alternate_request_syntax(send, system, inside):
    new = credentials(system)
    response = send("GET", new if inside else {}, {} if inside else new, url="/xapi/statements")
    assert refused(response) == (
        "method",
        "the alternate request syntax belongs to 1.0.3, and 2.0 has it no more",
    )


def test_a_request_in_the_first_version_may_be_wrapped_at_the_seconds_address(send, own):
    response = send("GET", own, url="/xapi/statements")
    assert (response.status_code, response["X-Experience-API-Version"]) == (200, "1.0.3")


def test_about_may_be_asked_that_way(send):
    response = send("GET", "", url="/xapi/1.0.3/about")
    assert (response.status_code, response.json()["version"]) == (200, ["1.0.3", "2.0.0"])
    assert send("PUT", {"content": "x"}, url="/xapi/1.0.3/about").status_code == 405
