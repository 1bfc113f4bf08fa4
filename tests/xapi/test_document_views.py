"""The document resources over HTTP: what 1.0.3 and 2.0 demand of each, and where they differ."""

import json
import urllib.parse
import uuid

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.xapi import ClientFactory, credentials
from xapi.enums import Scope
from xapi.etags import etag_of
from xapi.models import Document
from xapi.vocabulary import actor_of

pytestmark = pytest.mark.django_db

SIGNE = uuid.UUID("0b6d5b8e-7d0e-4f5a-9d27-0a5a5a1c2f3d")
ACTIVITY = "https://lindra.example/id/modules/m02"
AGENT = json.dumps(actor_of(SIGNE))
STATE = ("activities/state", {"activityId": ACTIVITY, "agent": AGENT, "stateId": "bookmark"})
AGENT_PROFILE = ("agents/profile", {"agent": AGENT, "profileId": "bookmark"})
ACTIVITY_PROFILE = ("activities/profile", {"activityId": ACTIVITY, "profileId": "bookmark"})
RESOURCES = [STATE, AGENT_PROFILE, ACTIVITY_PROFILE]
PROFILES = [AGENT_PROFILE, ACTIVITY_PROFILE]
VERSIONS = ["1.0.3", "2.0.0"]
NEW = {"If-None-Match": "*"}
BODY = b'{"page":1}'


@pytest.fixture
def system():
    return ClientFactory()


@pytest.fixture
def ask(client, system):
    """Sends a request to one of the resources, its parameters changed by `change` (None takes one away)."""

    def ask(
        method,
        resource=STATE,
        body=b"",
        *,
        version="2.0.0",
        kind="application/json",
        headers=None,
        by=None,
        query=None,
        **change,
    ):
        path, asked = resource
        asked = {name: value for name, value in {**asked, **change}.items() if value is not None}
        mount = "/xapi/1.0.3/" if version == "1.0.3" else "/xapi/"
        return client.generic(
            method,
            f"{mount}{path}?{urllib.parse.urlencode(asked) if query is None else query}",
            body,
            kind,
            headers={**credentials(by or system, version), **(headers or {})},
        )

    return ask


def told(response):
    return response.status_code, response.json()["path"]


# --- One document -------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("resource", RESOURCES)
def test_what_is_put_comes_back_byte_for_byte_with_its_type_its_etag_and_its_time(ask, resource, version):
    body = b"\x00\xff side 1"
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False):
        response = ask("PUT", resource, body, version=version, kind="image/png; a=b", headers=NEW)
    assert (response.status_code, response.content) == (204, b"")
    assert response["X-Experience-API-Version"] == version
    found = ask("GET", resource, version=version)
    assert (found.status_code, found.content, found["Content-Type"]) == (200, body, "image/png; a=b")
    assert found["ETag"] == f'"{etag_of(body)}"'
    assert found["Last-Modified"] == "Sun, 22 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize("resource", RESOURCES)
def test_head_tells_of_a_document_without_sending_it(ask, resource):
    ask("PUT", resource, BODY, headers=NEW)
    found, head = ask("GET", resource), ask("HEAD", resource)
    assert (head.status_code, head.content) == (200, b"")
    assert (head["ETag"], head["Last-Modified"]) == (found["ETag"], found["Last-Modified"])


@pytest.mark.parametrize("resource", RESOURCES)
def test_who_has_this_version_already_gets_304(ask, resource):
    ask("PUT", resource, BODY, headers=NEW)
    etag = ask("GET", resource)["ETag"]
    response = ask("GET", resource, headers={"If-None-Match": etag})
    assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag)
    assert ask("GET", resource, headers={"If-None-Match": '"x"'}).status_code == 200


@pytest.mark.parametrize("resource", RESOURCES)
def test_what_is_not_there_gets_404(ask, resource):
    response = ask("GET", resource)
    assert (response.status_code, response.json()) == (
        404,
        {"error": "No document with the name bookmark is stored here."},
    )


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("resource", RESOURCES)
def test_what_is_posted_is_merged_one_level_deep(ask, resource, version):
    assert ask("POST", resource, b'{"x":1,"deep":{"a":1}}', version=version).status_code == 204
    assert ask("POST", resource, b'{"y":2,"deep":{"b":2}}', version=version).status_code == 204
    assert ask("GET", resource, version=version).json() == {"x": 1, "y": 2, "deep": {"b": 2}}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("resource", RESOURCES)
def test_what_cannot_be_merged_gets_400_and_changes_nothing(ask, resource, version):
    assert ask("POST", resource, BODY, version=version).status_code == 204
    assert told(ask("POST", resource, b"abc", version=version, kind="text/plain")) == (400, "Content-Type")
    assert told(ask("POST", resource, b"{}{", version=version)) == (400, "")
    assert told(ask("POST", resource, b"[]", version=version)) == (400, "")
    assert ask("GET", resource, version=version).content == BODY
    ask("PUT", resource, b"abc", version=version, kind="not/json", headers={"If-Match": "*"})
    assert told(ask("POST", resource, b"{}", version=version)) == (400, "")
    assert ask("GET", resource, version=version).content == b"abc"


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("resource", RESOURCES)
def test_a_document_is_deleted(ask, resource, version):
    ask("PUT", resource, BODY, version=version, headers=NEW)
    assert ask("DELETE", resource, version=version).status_code == 204
    assert ask("GET", resource, version=version).status_code == 404
    assert ask("DELETE", resource, version=version).status_code == 204


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_method_that_is_not_known_gets_405(ask, resource):
    response = ask("PATCH", resource)
    assert (response.status_code, response["Allow"]) == (405, "DELETE, GET, POST, PUT")


# --- Concurrency --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "resource"),
    [("1.0.3", AGENT_PROFILE), ("1.0.3", ACTIVITY_PROFILE), *(("2.0.0", each) for each in RESOURCES)],
)
def test_a_put_over_a_document_that_nobody_said_was_read_gets_409_in_plain_text(ask, version, resource):
    ask("PUT", resource, BODY, version=version, headers=NEW)
    response = ask("PUT", resource, b"{}", version=version)
    assert (response.status_code, response["Content-Type"]) == (409, "text/plain; charset=utf-8")
    etag = ask("GET", resource, version=version)["ETag"]
    assert response.content.decode() == (
        "A document is stored here already. Get it, check its current state, and send the header If-Match "
        f"with its ETag, which is {etag} now, to replace it."
    )
    assert ask("GET", resource, version=version).content == BODY


def test_in_1_0_3_a_state_may_be_replaced_without_a_word(ask):
    assert [ask("PUT", STATE, body, version="1.0.3").status_code for body in (b"{}", BODY)] == [204, 204]
    assert ask("GET", STATE, version="1.0.3").content == BODY


@pytest.mark.parametrize("resource", PROFILES)
def test_in_1_0_3_a_new_profile_must_be_put_with_one_of_the_headers(ask, resource):
    assert told(ask("PUT", resource, BODY, version="1.0.3")) == (400, "If-Match")
    assert Document.objects.count() == 0
    assert ask("PUT", resource, BODY, version="1.0.3", headers=NEW).status_code == 204


@pytest.mark.parametrize("resource", RESOURCES)
def test_in_2_0_a_new_document_needs_no_header(ask, resource):
    assert ask("PUT", resource, BODY).status_code == 204


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("resource", RESOURCES)
def test_every_change_heeds_the_version_that_was_read(ask, resource, version, method):
    ask("PUT", resource, BODY, version=version, headers=NEW)
    etag = ask("GET", resource, version=version)["ETag"]
    for header in (
        {"If-Match": '"1111111111111111111111111111111111111111"'},
        {"If-Match": "1234"},
        {"If-Match": f"W/{etag}"},
        {"If-None-Match": "*"},
        {"If-None-Match": etag},
    ):
        response = ask(method, resource, b"{}", version=version, headers=header)
        assert response.status_code == 412, header
        assert response.json() == {
            "error": f"What is stored here has the ETag {etag}: "
            "the header If-Match or If-None-Match asks for something else."
        }
    assert ask("GET", resource, version=version).content == BODY
    response = ask(method, resource, b'{"page":2}', version=version, headers={"If-Match": f'"x", {etag}'})
    assert response.status_code == 204


def test_a_list_has_no_version_that_a_deletion_could_heed(ask):
    ask("PUT", STATE, BODY)
    assert told(ask("DELETE", STATE, stateId=None, headers={"If-Match": '"x"'})) == (400, "stateId")
    assert Document.objects.count() == 1


# --- Many documents -----------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("resource", RESOURCES)
def test_the_names_in_a_context_are_listed_and_those_after_an_instant(ask, resource, version):
    name = "stateId" if resource is STATE else "profileId"
    for minute, document in enumerate(["one", "two", "three"]):
        with time_machine.travel(f"2026-11-22T12:0{minute}:00Z", tick=False):
            ask("PUT", resource, BODY, version=version, headers=NEW, **{name: document})
    listed = ask("GET", resource, version=version, **{name: None})
    assert (listed.status_code, listed.json()) == (200, ["one", "two", "three"])
    assert listed["Last-Modified"] == "Sun, 22 Nov 2026 12:02:00 GMT"
    assert listed["ETag"] == f'"{etag_of(listed.content)}"'
    since = ask("GET", resource, version=version, since="2026-11-22T13:00:00.000+01:00", **{name: None})
    assert since.json() == ["two", "three"]
    none = ask("GET", resource, version=version, since="2026-11-22T12:02:00Z", **{name: None})
    assert (none.status_code, none.json(), "Last-Modified" in none) == (200, [], False)


def test_a_state_of_one_registration_is_listed_there_and_among_all(ask):
    registration = str(uuid.uuid4())
    for given_registration, name in ((None, "one"), (registration, "two"), (registration, "one")):
        ask("PUT", STATE, BODY, registration=given_registration, stateId=name)
    assert ask("GET", STATE, stateId=None).json() == ["one", "two"]
    assert ask("GET", STATE, stateId=None, registration=registration.upper()).json() == ["two", "one"]
    assert ask("GET", STATE, stateId="two").status_code == 404
    assert ask("DELETE", STATE, stateId=None, registration=registration).status_code == 204
    assert ask("GET", STATE, stateId=None).json() == ["one"]
    assert ask("DELETE", STATE, stateId=None).status_code == 204
    assert Document.objects.count() == 0


@pytest.mark.parametrize("resource", PROFILES)
def test_profiles_are_deleted_one_at_a_time(ask, resource):
    ask("PUT", resource, BODY, headers=NEW)
    assert told(ask("DELETE", resource, profileId=None)) == (400, "profileId")
    assert Document.objects.count() == 1


@pytest.mark.parametrize("size", [1, 3])
def test_every_request_takes_a_fixed_number_of_queries(
    ask, django_assert_num_queries, connection_queries, size
):
    for n in range(size):
        ask("PUT", STATE, BODY, stateId=str(n))
    # The client, the documents.
    with django_assert_num_queries(connection_queries + 1):
        assert len(ask("GET", STATE, stateId=None).json()) == size
    with django_assert_num_queries(connection_queries + 1):
        assert ask("GET", STATE, stateId="0").status_code == 200
    with django_assert_num_queries(connection_queries + 1):
        assert ask("DELETE", STATE, stateId=None).status_code == 204


@pytest.fixture
def connection_queries(ask, django_assert_num_queries):
    """How many queries a request takes that asks for nothing: its credentials, its headers."""
    ask("GET", STATE)  # notes the use
    with CaptureQueriesContext(connection) as queries:
        assert ask("GET", STATE, query="foo=1").status_code == 400
    return len(queries)


# --- Who may ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "POST", "DELETE"])
@pytest.mark.parametrize(
    ("resource", "opening"),
    [(STATE, Scope.STATE), (AGENT_PROFILE, Scope.PROFILE), (ACTIVITY_PROFILE, Scope.PROFILE)],
)
def test_no_document_is_read_or_written_without_its_scope(ask, resource, opening, method):
    ask("PUT", resource, b'{"secret":1}', headers=NEW)
    for scopes in [[scope] for scope in Scope if scope not in {opening, Scope.ALL}] + [[]]:
        response = ask(method, resource, BODY, by=ClientFactory(scopes=scopes), headers={"If-Match": "*"})
        assert response.status_code == 403
        assert b"secret" not in response.content
    assert bytes(Document.objects.get().content) == b'{"secret":1}'
    allowed = ask(method, resource, BODY, by=ClientFactory(scopes=[opening]), headers={"If-Match": "*"})
    assert allowed.status_code in {200, 204}


def test_without_a_key_nothing_is_told(client):
    response = client.get("/xapi/activities/state", STATE[1], headers={"X-Experience-API-Version": "2.0.0"})
    assert response.status_code == 401


# --- Bad input ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
@pytest.mark.parametrize(
    ("resource", "change", "path"),
    [
        (STATE, {"activityId": None}, "activityId"),
        (STATE, {"agent": None}, "agent"),
        (STATE, {"activityId": "m02"}, "activityId"),
        (STATE, {"activityId": "https://a.example/\0"}, "activityId"),
        (STATE, {"activityId": "https://a.example/" + "a" * 1000}, "activityId"),
        (STATE, {"agent": "signe"}, "agent"),
        (STATE, {"agent": "true"}, "agent"),
        (STATE, {"agent": "{}"}, "agent"),
        (STATE, {"agent": "[" * 10_000}, "agent"),
        (STATE, {"agent": '{"mbox":"mailto:a@b.example","mbox":"mailto:a@b.example"}'}, "agent.mbox"),
        (STATE, {"agent": '{"mbox":"mailto:a@b.example","openid":"https://a.example"}'}, "agent"),
        (STATE, {"agent": '{"mbox":"a@b.example"}'}, "agent.mbox"),
        (STATE, {"agent": r'{"mbox":"mailto:\ud800@b.example"}'}, "agent"),
        (STATE, {"agent": r'{"name":"\ud800","mbox":"mailto:a@b.example"}'}, "agent"),
        (
            STATE,
            {"agent": r'{"account":{"homePage":"https://a.example","name":"\u0000"}}'},
            "agent.account.name",
        ),
        (STATE, {"agent": '{"account":{"name":"x"}}'}, "agent.account.homePage"),
        (STATE, {"agent": '{"objectType":"Group","mbox":"mailto:a@b.example"}'}, "agent.objectType"),
        (STATE, {"registration": "7"}, "registration"),
        (STATE, {"registration": ""}, "registration"),
        (STATE, {"stateId": ""}, "stateId"),
        (STATE, {"stateId": "\0"}, "stateId"),
        (STATE, {"stateId": "æ" * 501}, "stateId"),
        (STATE, {"profileId": "x"}, "profileId"),
        (STATE, {"StateId": "x"}, "StateId"),
        (AGENT_PROFILE, {"agent": None}, "agent"),
        (AGENT_PROFILE, {"activityId": ACTIVITY}, "activityId"),
        (AGENT_PROFILE, {"registration": str(SIGNE)}, "registration"),
        (AGENT_PROFILE, {"stateId": "x"}, "stateId"),
        (ACTIVITY_PROFILE, {"activityId": None}, "activityId"),
        (ACTIVITY_PROFILE, {"agent": AGENT}, "agent"),
    ],
)
def test_a_parameter_that_is_wrong_gets_400_with_its_name(ask, resource, method, change, path):
    assert told(
        ask(method, resource, BODY, headers={"If-Match": "*"} if method == "PUT" else None, **change)
    ) == (
        400,
        path,
    )
    assert Document.objects.count() == 0


def test_a_parameter_given_twice_gets_400(ask):
    query = urllib.parse.urlencode([*STATE[1].items(), ("stateId", "other")])
    assert told(ask("GET", STATE, query=query)) == (400, "stateId")


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_document_is_written_only_under_a_name(ask, resource):
    name = "stateId" if resource is STATE else "profileId"
    for method in ("PUT", "POST"):
        assert told(ask(method, resource, BODY, **{name: None})) == (400, name)


@pytest.mark.parametrize(
    ("version", "since"), [("1.0.3", "x"), ("2.0.0", "x"), ("2.0.0", "2026-11-22T12:00:00")]
)
def test_since_must_be_an_instant(ask, version, since):
    assert told(ask("GET", STATE, version=version, stateId=None, since=since)) == (400, "since")


def test_in_1_0_3_the_time_zone_of_since_may_be_left_out(ask):
    assert ask("GET", STATE, version="1.0.3", stateId=None, since="2026-11-22T12:00:00").json() == []


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_since_belongs_to_get(ask, method):
    assert told(ask(method, STATE, BODY, since="2026-11-22T12:00:00Z")) == (400, "since")


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize(
    "body", [b"{", b'{"a":1,"a":2}', b'{"a":NaN}', b"\xff\xfe", b" ", b'{"a":' + b"[" * 70 + b"]" * 70 + b"}"]
)
def test_what_says_that_it_is_json_and_cannot_be_read_gets_400(ask, method, body):
    assert ask(method, STATE, body).status_code == 400
    assert Document.objects.count() == 0


@pytest.mark.parametrize("kind", ["text", "text/", "a/b/c", "æ/b", "a/b\tc", "a/" + "b" * 300])
def test_a_content_type_that_is_none_gets_400(ask, kind):
    assert told(ask("PUT", STATE, b"abc", kind=kind)) == (400, "Content-Type")


def test_a_body_without_a_type_is_bytes(ask):
    assert ask("PUT", STATE, b"abc", kind="").status_code == 204
    assert ask("GET", STATE)["Content-Type"] == "application/octet-stream"


def test_a_document_that_is_too_large_gets_413(ask, settings):
    settings.XAPI_MAX_DOCUMENT = 20
    assert ask("PUT", STATE, b"x" * 20, kind="text/plain").status_code == 204
    response = ask("PUT", STATE, b"x" * 21, kind="text/plain", headers={"If-Match": "*"})
    assert (response.status_code, response.json()) == (413, {"error": "A document may be at most 20 bytes."})
    assert ask("POST", STATE, b'{"a":"12345"}', stateId="merged").status_code == 204
    response = ask("POST", STATE, b'{"b":"12345"}', stateId="merged")
    assert (response.status_code, response.json()) == (
        413,
        {"error": "The merged document would be larger than 20 bytes."},
    )


def test_a_document_beyond_the_limit_of_forms_is_stored(ask):
    body = b"x" * (3 * 1024 * 1024)
    assert ask("PUT", STATE, body, kind="text/plain").status_code == 204
    assert ask("GET", STATE).content == body


# --- Never 500 ----------------------------------------------------------------------------------------

JUNK = st.sampled_from(
    [
        "",
        "\0",
        "*",
        '"',
        '"*"',
        "W/",
        '"' + "a" * 40 + '"',
        "null",
        "[]",
        "{}",
        "mailto:@",
        "0001-01-01T00:00:00+23:59",
        AGENT,
        AGENT[:-1],
        AGENT.replace("Agent", "Group"),
        r'{"mbox":"mailto:\ud800@a.example"}',
        ACTIVITY,
        "æ" * 600,
    ]
) | st.text(max_size=10)
HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=20)
ANYTHING = st.recursive(
    st.none() | st.integers() | st.floats() | st.text(st.characters(), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(), max_size=3), inner),
    max_leaves=6,
)


@settings(
    max_examples=300,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    requests=st.lists(
        st.tuples(
            st.sampled_from(["GET", "PUT", "POST", "DELETE"]),
            st.dictionaries(
                st.sampled_from(
                    ["activityId", "agent", "stateId", "profileId", "registration", "since", "x"]
                ),
                st.none() | JUNK,
                max_size=2,
            ),
            st.dictionaries(
                st.sampled_from(["If-Match", "If-None-Match", "Content-Type"]),
                JUNK.filter(str.isprintable) | HEADER,
            ),
            ANYTHING.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=10),
        ),
        min_size=1,
        max_size=3,
    ),
    resource=st.sampled_from(RESOURCES),
    version=st.sampled_from(VERSIONS),
)
def test_whatever_is_asked_the_answer_is_never_500(ask, requests, resource, version):
    for method, change, headers, body in requests:
        kind = headers.pop("Content-Type", "application/json")
        response = ask(method, resource, body, version=version, kind=kind, headers=headers, **change)
        assert response.status_code in {200, 204, 304, 400, 404, 409, 412}
