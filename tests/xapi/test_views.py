import base64
import datetime as dt
import hashlib
import json
import urllib.parse
import uuid

import pytest
import time_machine
from django.test import Client as Browser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.xapi import (
    ACTIVITY,
    ClientFactory,
    a_multipart,
    a_part,
    a_statement,
    a_voiding,
    an_attachment,
    credentials,
)
from tests.xapi.test_validation import EVERYTHING
from xapi import vocabulary
from xapi.domain.clients import revoke_client
from xapi.domain.recording import record
from xapi.enums import Scope
from xapi.models import PendingLearner, Statement

pytestmark = pytest.mark.django_db

SIGNE = uuid.UUID("0b6d5b8e-7d0e-4f5a-9d27-0a5a5a1c2f3d")
ID = "5f0b7a52-4a5e-4c8e-9a55-4f1d8e6b7c90"
URL = "/xapi/statements"


def ids(response):
    assert response.status_code == 200, response.content
    return [each["id"] for each in response.json()["statements"]]


# --- The door ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("url", "version"), [("/xapi/about", "2.0.0"), ("/xapi/1.0.3/about", "1.0.3")])
def test_anyone_may_ask_which_versions_are_spoken(client, url, version):
    response = client.get(url)
    assert response.json() == {"version": ["1.0.3", "2.0.0"], "extensions": {}}
    assert response["X-Experience-API-Version"] == version
    assert client.post(url).status_code == 405


@pytest.mark.parametrize(
    ("url", "asked", "status", "answered"),
    [
        ("/xapi/statements", "2.0.0", 200, "2.0.0"),
        ("/xapi/statements", "2.0", 200, "2.0.0"),
        ("/xapi/statements", "2.0.7", 200, "2.0.0"),
        ("/xapi/statements", "1.0.3", 200, "1.0.3"),
        ("/xapi/statements", "1.0", 200, "1.0.3"),
        ("/xapi/statements", "", 400, "2.0.0"),
        ("/xapi/statements", "2.1.0", 400, "2.0.0"),
        ("/xapi/statements", "0.95", 400, "2.0.0"),
        ("/xapi/1.0.3/statements", "1.0.0", 200, "1.0.3"),
        ("/xapi/1.0.3/statements", "2.0.0", 400, "1.0.3"),
        ("/xapi/1.0.3/statements", "1.1.0", 400, "1.0.3"),
        ("/xapi/1.0.3/statements", "", 400, "1.0.3"),
    ],
)
def test_the_version_of_a_request_is_its_header(get, system, url, asked, status, answered):
    response = get(url, credentials(system, asked))
    assert (response.status_code, response["X-Experience-API-Version"]) == (status, answered)


def basic(pair):
    return {"Authorization": f"Basic {base64.b64encode(pair).decode()}", "X-Experience-API-Version": "2.0.0"}


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Experience-API-Version": "2.0.0"},
        {"X-Experience-API-Version": "2.0.0", "Authorization": "Basic %%%"},
        {"X-Experience-API-Version": "2.0.0", "Authorization": "Bearer abc"},
        basic(b"nobody:nothing"),
        basic(b"\xff\xfe:x"),
        basic(b"\0:x"),
        basic(b""),
    ],
)
def test_without_a_key_and_its_secret_there_is_no_way_in(get, headers):
    response = get(headers=headers)
    assert (response.status_code, response["WWW-Authenticate"]) == (401, 'Basic realm="xapi"')
    assert response.json() == {
        "error": "A key and a secret that are valid here are needed (Basic authentication)."
    }


def test_a_revoked_client_gets_401(get, system):
    revoke_client(system)
    assert get().status_code == 401


def test_a_client_that_expired_half_a_second_ago_gets_401(client):
    expires = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    system = ClientFactory(expires_at=expires)
    with time_machine.travel(expires - dt.timedelta(seconds=0.5), tick=False):
        assert client.get(URL, headers=credentials(system)).status_code == 200
    with time_machine.travel(expires + dt.timedelta(seconds=0.5), tick=False):
        assert client.get(URL, headers=credentials(system)).status_code == 401


def test_a_method_that_is_not_known_gets_405(client, system):
    response = client.delete(URL, headers=credentials(system))
    assert (response.status_code, response["Allow"]) == (405, "GET, POST, PUT")


@pytest.mark.parametrize(
    ("scopes", "reading", "writing"),
    [
        ([Scope.WRITE], 403, 200),
        ([Scope.READ], 200, 403),
        ([Scope.READ_MINE], 200, 403),
        ([Scope.WRITE, Scope.READ_MINE], 200, 200),
        ([Scope.ALL], 200, 200),
    ],
)
def test_a_scope_opens_what_it_names(client, post, get, scopes, reading, writing):
    headers = credentials(ClientFactory(scopes=scopes))
    assert get(headers=headers).status_code == reading
    assert post(a_statement(), headers=headers).status_code == writing
    put = client.put(f"{URL}?statementId={ID}", a_statement(), "application/json", headers=headers)
    assert put.status_code == (204 if writing == 200 else 403)


def test_the_cross_site_check_is_not_asked_of_machines(system):
    strict = Browser(enforce_csrf_checks=True)
    assert strict.post(URL, a_statement(), "application/json", headers=credentials(system)).status_code == 200


# --- POST and PUT ---------------------------------------------------------------------------------------


def test_a_statement_is_stored_and_its_id_is_answered(post, system):
    response = post(a_statement(SIGNE, id=ID))
    assert (response.status_code, response.json()) == (200, [ID])
    row = Statement.objects.get()
    assert (str(row.uuid), row.client, row.learner) == (ID, system, SIGNE)
    assert PendingLearner.objects.get().learner == SIGNE


def test_a_batch_is_answered_with_its_ids_in_order(post):
    batch = [a_statement(id=str(uuid.uuid4())) for _ in range(3)]
    response = post(batch)
    assert (response.status_code, response.json()) == (200, [each["id"] for each in batch])


def test_a_bad_statement_in_a_batch_is_named_and_none_is_stored(post):
    response = post([a_statement(), a_statement(verb="passed")])
    assert response.status_code == 400
    assert response.json() == {"error": "is not an IRI", "path": "verb.id", "statement": 1}
    assert Statement.objects.count() == 0


def test_an_equal_resend_is_accepted_silently_and_another_is_refused(post):
    assert [post(a_statement(SIGNE, id=ID)).status_code for _ in range(2)] == [200, 200]
    response = post(a_statement(SIGNE, vocabulary.PASSED, id=ID))
    assert response.status_code == 409
    assert response.json() == {
        "error": f"A statement with the id {ID} is stored, and it says something else.",
        "path": "id",
    }
    assert Statement.objects.count() == 1


def test_a_clients_voiding_of_somebody_elses_statement_gets_403(post):
    row = record(a_statement(SIGNE))
    response = post(a_voiding(row.uuid))
    assert (response.status_code, response.json()["path"]) == (403, "object.id")


def test_put_stores_one_statement_under_the_id_of_the_address(client, system):
    def put(query, body):
        return client.put(f"{URL}?{query}", body, "application/json", headers=credentials(system))

    statement = a_statement(SIGNE)
    assert put(f"statementId={ID.upper()}", statement).status_code == 204
    assert put(f"statementId={ID}", {**statement, "id": ID.upper()}).status_code == 204
    assert put(f"statementId={ID}", a_statement()).status_code == 409
    assert str(Statement.objects.get().uuid) == ID
    refused = [
        put("", statement),
        put("statementId=7", statement),
        put(f"statementId={uuid.uuid4()}", {**statement, "id": ID}),
        put(f"statementId={ID}&x=1", statement),
        put(f"statementId={ID}", [statement]),
        put(f"statementId={ID}", {**statement, "id": 7}),
    ]
    assert [(response.status_code, response.json()["path"]) for response in refused] == [
        (400, "statementId"),
        (400, "statementId"),
        (400, "id"),
        (400, "x"),
        (400, ""),
        (400, "id"),
    ]


@pytest.mark.parametrize(
    ("body", "kind", "status", "error"),
    [
        (
            b"{",
            "application/json",
            400,
            "the body is not JSON: Expecting property name enclosed in double quotes at line 1, column 2",
        ),
        (b'{"a":1,"a":2}', "application/json", 400, "stands twice in the same object"),
        (b"\xff\xfe", "application/json", 400, "the body is not UTF-8: byte 0 can't be read"),
        (b" ", "application/json", 400, "the body is not JSON: Expecting value at line 1, column 2"),
        (b"null", "application/json", 400, "must not be null"),
        (b"{}", "text/plain", 400, 'the Content-Type must be application/json, not "text/plain"'),
        (
            b"{}",
            "application/x-www-form-urlencoded",
            400,
            'the Content-Type must be application/json, not "application/x-www-form-urlencoded"',
        ),
        (
            b"--x--",
            "multipart/form-data; boundary=x",
            400,
            'the Content-Type must be application/json, not "multipart/form-data"',
        ),
        (b"[" * 50_000, "application/json", 400, "the body is nested more than 64 levels deep"),
        (b'{"a":' * 50_000, "application/json", 400, "the body is nested more than 64 levels deep"),
        (b"[" + b"1," * 1_000_000 + b"1]", "application/json", 400, "must be an object"),
        (b"[" + b"{}," * 1_000_000 + b"{}]", "application/json", 400, "is missing"),
        (b'{"id":NaN}', "application/json", 400, "the body is not JSON: NaN is no JSON value"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_with_a_reason(post, body, kind, status, error):
    response = post(body, kind=kind)
    assert (response.status_code, response.json()["error"]) == (status, error)


def test_a_body_that_is_too_large_gets_413_before_it_is_read(post, settings):
    settings.XAPI_MAX_BODY = 1000
    small = json.dumps(a_statement()).encode()
    assert post(small.ljust(1000)).status_code == 200
    response = post(small.ljust(1001))
    assert response.status_code == 413
    assert response.json() == {
        "error": "The body is larger than 1000 bytes. Send fewer statements at a time."
    }


def test_a_body_of_a_hundred_megabytes_is_read_piece_by_piece_and_refused(client, system):
    size = 100 * 1024 * 1024
    pieces = []

    class Endless:
        def read(self, wanted):
            pieces.append(wanted)
            return b" " * wanted

        readline = read

    response = client.generic(
        "POST",
        URL,
        headers=credentials(system),
        **{"CONTENT_LENGTH": str(size), "CONTENT_TYPE": "application/json", "wsgi.input": Endless()},
    )
    assert response.status_code == 413
    assert sum(pieces) == size
    assert max(pieces) == 64 * 1024


def test_a_body_beyond_the_limit_of_forms_is_read(post):
    assert post(json.dumps(a_statement()).encode().ljust(3 * 1024 * 1024)).status_code == 200


# --- GET -------------------------------------------------------------------------------------------------


def test_one_statement_comes_back_as_it_is_kept(get):
    row = record(a_statement(SIGNE, id=ID, result={"response": "æ"}))
    response = get(statementId=ID.upper())
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    assert response.content.decode() == row.raw


def test_a_voided_statement_is_found_as_such_only(get):
    record(a_statement(SIGNE, id=ID))
    assert [get(statementId=ID).status_code, get(voidedStatementId=ID).status_code] == [200, 404]
    voiding = record(a_voiding(uuid.UUID(ID)))
    assert [get(statementId=ID).status_code, get(voidedStatementId=ID).status_code] == [404, 200]
    assert ids(get()) == [str(voiding.uuid)]


def test_a_client_that_reads_its_own_sees_nothing_else(get):
    mine = ClientFactory(scopes=[Scope.READ_MINE])
    headers = credentials(mine)
    own, other = record(a_statement(), client=mine), record(a_statement(), client=ClientFactory())
    record(a_statement())
    assert ids(get(headers=headers)) == [str(own.uuid)]
    assert get(headers=headers, statementId=str(own.uuid)).status_code == 200
    assert get(headers=headers, statementId=str(other.uuid)).status_code == 404


def test_statements_are_filtered(get):
    registration = str(uuid.uuid4())
    times = ["2026-11-20T12:00:00Z", "2026-11-21T12:00:00Z", "2026-11-22T12:00:00Z"]
    said = [
        a_statement(SIGNE, vocabulary.ANSWERED),
        a_statement(SIGNE, vocabulary.PASSED, context={"registration": registration}),
        a_statement(uuid.uuid4(), vocabulary.PASSED, f"{ACTIVITY}/2"),
    ]
    stored = []
    for time, statement in zip(times, said, strict=True):
        with time_machine.travel(time, tick=False):
            stored.append(str(record(statement).uuid))
    one, two, three = stored
    agent = json.dumps(vocabulary.actor_of(SIGNE))
    assert ids(get()) == [three, two, one]
    assert ids(get(ascending="true")) == [one, two, three]
    assert ids(get(agent=agent)) == [two, one]
    assert ids(get(agent=agent, verb=vocabulary.PASSED)) == [two]
    assert ids(get(verb=vocabulary.PASSED)) == [three, two]
    assert ids(get(activity=ACTIVITY)) == [two, one]
    assert ids(get(registration=registration.upper())) == [two]
    assert ids(get(since=times[0])) == [three, two]
    assert ids(get(until=times[1])) == [two, one]
    assert ids(get(since=times[0], until=times[1])) == [two]
    assert ids(get(limit="1")) == [three]
    assert ids(get(limit="0")) == [three, two, one]
    assert ids(get(verb=vocabulary.FAILED)) == []


@pytest.mark.parametrize("ascending", ["false", "true"])
def test_pages_hold_everything_once_also_while_statements_arrive(client, get, system, ascending):
    rows = [str(record(a_statement(SIGNE)).uuid) for _ in range(5)]
    record(a_statement())
    response = get(agent=json.dumps(vocabulary.actor_of(SIGNE)), limit="2", ascending=ascending)
    seen = ids(response)
    pages = 1
    while more := response.json()["more"]:
        late = str(record(a_statement(SIGNE)).uuid) if pages == 1 else None
        rows += [late] if late and ascending == "true" else []
        response = client.get(more, headers=credentials(system))
        seen += ids(response)
        pages += 1
    assert (seen, pages) == ((rows if ascending == "true" else rows[::-1]), 3)


def test_a_more_address_stays_at_the_version_it_came_from(client, get, system):
    record(a_statement())
    record(a_statement())
    headers = credentials(system, "1.0.3")
    more = get("/xapi/1.0.3/statements", headers, limit="1").json()["more"]
    assert more.startswith("/xapi/1.0.3/statements?more=")
    assert len(ids(client.get(more, headers=headers))) == 1


def test_a_more_address_that_was_altered_gets_400(client, get, system):
    record(a_statement())
    record(a_statement())
    more = get(limit="1").json()["more"]
    for altered in (
        more[:-1] + ("a" if more[-1] != "a" else "b"),
        f"{URL}?more=x",
        f"{URL}?more=",
        more + "%00",
    ):
        response = client.get(altered, headers=credentials(system))
        assert response.status_code == 400
        assert response.json() == {"error": "is not an address that this store gave out", "path": "more"}


def test_a_more_address_opens_nothing_to_a_client_that_may_not_read_it(client, get):
    record(a_statement())
    record(a_statement())
    more = get(limit="1").json()["more"]
    assert ids(client.get(more, headers=credentials(ClientFactory(scopes=[Scope.READ_MINE])))) == []
    assert client.get(more, headers=credentials(ClientFactory(scopes=[Scope.WRITE]))).status_code == 403


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("foo=1", "foo"),
        ("Verb=http://a.example", "Verb"),
        ("verb=passed", "verb"),
        ("verb=http://a.example&verb=http://b.example", "verb"),
        ("activity=m02", "activity"),
        ("agent=signe", "agent"),
        ("agent={}", "agent"),
        ("agent=[]", "agent"),
        ('agent={"objectType":"Group","member":[{"mbox":"mailto:a@b.example"}]}', "agent"),
        ('agent={"account":{"name":"x"}}', "agent.account.homePage"),
        ("registration=7", "registration"),
        ("since=yesterday", "since"),
        ("until=2026-11-22T12:00:00", "until"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=²", "limit"),
        ("ascending=1", "ascending"),
        ("statementId=7", "statementId"),
        (f"statementId={ID}&voidedStatementId={ID}", "voidedStatementId"),
        (f"statementId={ID}&verb=http://a.example", "verb"),
        ("format=Canonical", "format"),
        ("format=", "format"),
        ("attachments=yes", "attachments"),
        ("attachments=True", "attachments"),
        ("related_agents=1", "related_agents"),
        ("related_activities=", "related_activities"),
        ("Limit=1", "Limit"),
        ("limit=1&limit=1", "limit"),
        (f"statementId={ID}&limit=1", "limit"),
        (f"voidedStatementId={ID}&related_agents=true", "related_agents"),
        ("more=x&limit=1", "more"),
        ("%00=1", "\0"),
        ("verb=http://a.example/%00", "verb"),
    ],
)
def test_a_question_that_cannot_be_answered_gets_400_with_its_parameter(client, system, query, path):
    name, _sign, value = query.partition("=")
    if "{" in value:
        query = f"{name}={urllib.parse.quote(value)}"
    response = client.get(f"{URL}?{query}", headers=credentials(system))
    assert (response.status_code, response.json()["path"]) == (400, path)


@pytest.mark.parametrize("status", [200, 400, 401])
def test_every_answer_says_up_to_when_it_is_complete(get, status):
    asked = {400: {"foo": "1"}}.get(status, {})
    headers = {"X-Experience-API-Version": "2.0.0"} if status == 401 else None
    before = dt.datetime.now(dt.UTC)
    response = get(headers=headers, **asked)
    assert response.status_code == status
    through = dt.datetime.fromisoformat(response["X-Experience-API-Consistent-Through"])
    assert before - dt.timedelta(seconds=60) <= through <= dt.datetime.now(dt.UTC)


@pytest.mark.parametrize("asked", [{"statementId": ID}, {}, {"attachments": "true"}, {"statementId": "7"}])
@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_head_is_get_without_a_body(client, system, asked, version):
    record(a_statement(id=ID))
    headers = credentials(system, version)
    head, whole = (ask(URL, asked, headers=headers) for ask in (client.head, client.get))
    assert (head.status_code, head.getvalue()) == (whole.status_code, b"")
    varying = {"X-Experience-API-Consistent-Through", "Content-Type", "Content-Length"}
    assert {name: value for name, value in head.items() if name not in varying} == {
        name: value for name, value in whole.items() if name not in varying
    }
    kinds = [response["Content-Type"].partition(";")[0] for response in (head, whole)]
    assert kinds[0] == kinds[1]


def test_head_of_about_has_no_body(client):
    response = client.head("/xapi/about")
    assert (response.status_code, response.content) == (200, b"")


def test_one_statement_says_when_it_was_stored(get):
    with time_machine.travel("2026-11-22 12:00+01:00", tick=False):
        record(a_statement(id=ID))
    assert get(statementId=ID)["Last-Modified"] == "Sun, 22 Nov 2026 11:00:00 GMT"


def test_an_address_with_more_parameters_than_are_read_gets_400_in_json(client, system):
    response = client.get(f"{URL}?{'&'.join(f'a{n}=1' for n in range(1500))}", headers=credentials(system))
    assert (response.status_code, set(response.json())) == (400, {"error", "path"})


@pytest.mark.parametrize("size", [1, 3])
def test_a_page_takes_the_same_number_of_queries_whatever_it_holds(get, django_assert_num_queries, size):
    for _ in range(size):
        record(a_statement(SIGNE))
    get()  # notes the use
    # The client (and, on PostgreSQL, how far it may read), the page.
    with django_assert_num_queries(2):
        assert len(ids(get(agent=json.dumps(vocabulary.actor_of(SIGNE))))) == size


# --- Never 500 ---------------------------------------------------------------------------------------------


def places(value, way=()):
    """The way to everything in a statement."""
    yield way
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in items:
        yield from places(item, (*way, name))


PLACES = list(places(EVERYTHING))
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(alphabet=st.characters(), max_size=8)
    | st.sampled_from(
        ["", "\0", "\ud800", "http://", "mailto:@", "P", "-00:00", "0001-01-01T00:00:00+23:59", 10**400]
    )
    | st.sampled_from(["Agent", "Group", "Activity", "SubStatement", "StatementRef", vocabulary.VOIDED]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "objectType", "member", "mbox", "account", "name", "verb", "actor", "object"]
            )
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
CHANGE = st.tuples(st.sampled_from(PLACES), st.sampled_from(["set", "remove", "add"]), JUNK)


def mutated(changes):
    statement = json.loads(json.dumps(EVERYTHING))
    for way, how, junk in changes:
        place = statement
        try:
            for step in way[:-1]:
                place = place[step]
            if not way:
                statement = {**statement, "id": junk}
            elif how == "remove":
                del place[way[-1]]
            elif how == "add" and isinstance(place[way[-1]], dict):
                place[way[-1]][str(junk)[:10]] = junk
            else:
                place[way[-1]] = junk
        except (KeyError, IndexError, TypeError):
            continue
    return statement


@settings(
    max_examples=250,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    batch=st.lists(st.lists(CHANGE, max_size=3), min_size=1, max_size=2),
    version=st.sampled_from(["1.0.3", "2.0.0"]),
)
def test_whatever_is_sent_the_answer_is_never_500_and_always_json(client, system, batch, version):
    body = json.dumps([mutated(changes) for changes in batch])
    response = client.post(URL, body, "application/json", headers=credentials(system, version))
    assert response.status_code in {200, 400, 403, 409}
    if response.status_code == 200:
        assert len(response.json()) == len(batch)
    else:
        assert set(response.json()) <= {"error", "path", "statement"}


TEXT = st.text(max_size=12)
#: Pieces of a body that is nearly one of several parts.
PIECE = st.sampled_from(
    [
        b"--kant",
        b"--kant--",
        b"\r\n",
        b"\r\n\r\n",
        b"--",
        b": ",
        b"Content-Type: application/json",
        b"Content-Transfer-Encoding: binary",
        b"X-Experience-API-Hash: " + hashlib.sha256(b"x").hexdigest().encode(),
        b"x",
        json.dumps(a_statement(attachments=[an_attachment(b"x")])).encode(),
        json.dumps(a_statement()).encode(),
        b"[]",
    ]
) | st.binary(max_size=8)
BODY = st.lists(PIECE, max_size=14).map(b"".join) | st.builds(
    lambda said, data, headers: a_multipart(
        said, a_part(data, **{name: value for name, value in headers.items() if name})
    ),
    st.just(a_statement(attachments=[an_attachment(b"x")])) | JUNK.map(str),
    st.just(b"x") | st.binary(max_size=4),
    st.dictionaries(
        st.sampled_from(["Content_Type", "Content_Transfer_Encoding", "X_Experience_API_Hash"]),
        st.none() | st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=6),
    ),
)
NEVER_500 = settings(
    max_examples=150,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@NEVER_500
@given(
    body=BODY,
    boundary=st.sampled_from(["kant", '"kant"', "", "ø", '"', "x" * 71]),
    version=st.sampled_from(["1.0.3", "2.0.0"]),
)
def test_whatever_is_sent_in_parts_the_answer_is_never_500_and_always_json(
    client, system, body, boundary, version
):
    kind = f"multipart/mixed; boundary={boundary}"
    response = client.post(URL, body, kind, headers=credentials(system, version))
    assert response.status_code in {200, 400, 409}
    if response.status_code == 400:
        assert set(response.json()) <= {"error", "path", "statement"}


@NEVER_500
@given(
    payload=JUNK.map(lambda junk: json.dumps(junk, default=str).encode()) | st.binary(max_size=20),
    header=st.dictionaries(st.sampled_from(["alg", "x5c", "crit", "typ"]), JUNK | st.just("RS256")),
    rest=st.binary(max_size=6),
)
def test_whatever_a_signature_holds_the_answer_is_never_500(client, system, payload, header, rest):
    encoded = (base64.urlsafe_b64encode(part).rstrip(b"=") for part in (json.dumps(header).encode(), payload))
    data = b".".join([*encoded, rest])
    attachment = an_attachment(
        data,
        usageType="http://adlnet.gov/expapi/attachments/signature",
        contentType="application/octet-stream",
    )
    body = a_multipart(a_statement(attachments=[attachment]), a_part(data))
    response = client.post(URL, body, "multipart/mixed; boundary=kant", headers=credentials(system))
    assert (response.status_code, response.json()["path"]) == (400, "attachments[0]")


NAME = st.sampled_from(
    [
        "content",
        "statementId",
        "limit",
        "agent",
        "Authorization",
        "Content-Type",
        "If-Match",
        "Accept-Language",
    ]
)


@NEVER_500
@given(
    method=st.sampled_from(["GET", "PUT", "POST", "DELETE"]) | TEXT,
    form=st.dictionaries(NAME | TEXT, TEXT | st.just(json.dumps(a_statement())) | st.just(ID), max_size=4),
    raw=st.none() | st.binary(max_size=30),
)
def test_whatever_is_wrapped_into_a_form_the_answer_is_never_500_and_always_json(
    client, system, method, form, raw
):
    body = urllib.parse.urlencode(form, errors="replace").encode() if raw is None else raw
    address = f"/xapi/1.0.3/statements?{urllib.parse.urlencode({'method': method}, errors='replace')}"
    kind = "application/x-www-form-urlencoded"
    response = client.post(address, body, kind, headers=credentials(system, "1.0.3"))
    assert response.status_code in {200, 204, 400, 401, 404, 405, 409}
    if response.status_code >= 400:
        assert set(response.json()) <= {"error", "path", "statement"}
