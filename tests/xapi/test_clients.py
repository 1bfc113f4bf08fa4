import datetime as dt
import uuid

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import CommandError, call_command

from tests.factories.xapi import ClientFactory, a_statement, credentials
from xapi.domain.clients import (
    authenticate,
    change_client,
    create_client,
    note_use,
    revoke_client,
    seconds_to_wait,
)
from xapi.domain.recording import record
from xapi.enums import Scope
from xapi.http import client_of
from xapi.models import Client, PendingLearner

pytestmark = pytest.mark.django_db


def test_a_secret_is_random_and_kept_only_as_a_hash():
    client, secret = create_client("Plan2Learn")
    _other, other_secret = create_client("Plan2Learn")
    assert (len(secret), secret != other_secret) == (43, True)
    assert client.secret_hash == Client.hash_of(secret)
    assert client.scopes == ["statements/write", "statements/read/mine"]


def test_a_client_comes_in_with_its_own_secret_only():
    client = ClientFactory()
    assert authenticate(client.key, client.secret) == client
    assert authenticate(client.key, ClientFactory().secret) is None
    assert authenticate(client.key, client.secret_hash) is None
    assert authenticate("nobody", client.secret) is None


def test_a_client_is_shut_out_from_the_instant_it_expires():
    expires = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    client = ClientFactory(expires_at=expires)
    with time_machine.travel(expires - dt.timedelta(seconds=0.5), tick=False):
        assert authenticate(client.key, client.secret) == client
    with time_machine.travel(expires, tick=False):
        assert authenticate(client.key, client.secret) is None


def test_a_revoked_client_is_shut_out_and_stays_revoked_from_the_first_time():
    client = ClientFactory()
    with time_machine.travel("2026-11-22 12:00+01:00", tick=False):
        revoke_client(client)
        assert authenticate(client.key, client.secret) is None
    with time_machine.travel("2026-11-23 12:00+01:00", tick=False):
        revoke_client(client)
    assert Client.objects.get().revoked_at == dt.datetime(2026, 11, 22, 11, tzinfo=dt.UTC)


def test_the_last_use_is_noted_to_five_minutes():
    client = ClientFactory()
    with time_machine.travel("2026-11-22 12:00+01:00", tick=False) as clock:
        note_use(client)
        client.refresh_from_db()
        first = client.last_used_at
        clock.shift(299)
        note_use(client)
        client.refresh_from_db()
        assert client.last_used_at == first
        clock.shift(2)
        note_use(client)
        client.refresh_from_db()
    assert client.last_used_at - first == dt.timedelta(seconds=301)


def test_noting_a_use_again_asks_nothing_of_the_database(django_assert_num_queries):
    client = ClientFactory()
    note_use(client)
    client.refresh_from_db()
    with django_assert_num_queries(0):
        note_use(client)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"scopes": ["root"]}, "'root' is not a valid Scope"),
        ({"trusted_prefixes": ["modules"]}, "The prefix modules is not an IRI."),
        ({"key": "a:b"}, "A key has 1 to 100 printable characters and no colon; a secret isn't empty."),
        ({"secret": ""}, "A key has 1 to 100 printable characters and no colon; a secret isn't empty."),
        ({"key": "taken"}, "The key taken is taken."),
    ],
)
def test_a_client_that_could_not_work_is_refused(fields, message):
    create_client("First", key="taken")
    with pytest.raises(ValueError, match="^" + message.replace(".", r"\.") + "$"):
        create_client("Second", **fields)


@pytest.mark.parametrize(
    ("scopes", "asked", "may"),
    [
        ([Scope.WRITE], [Scope.WRITE], True),
        ([Scope.WRITE], [Scope.READ, Scope.READ_MINE], False),
        ([Scope.READ_MINE], [Scope.READ, Scope.READ_MINE], True),
        ([Scope.ALL], [Scope.READ], True),
        ([], [Scope.READ], False),
    ],
)
def test_a_scope_opens_what_it_names(scopes, asked, may):
    assert ClientFactory(scopes=scopes).may(*asked) is may


def test_the_command_prints_key_and_secret_once(capsys):
    call_command(
        "create_xapi_client", "Plan2Learn", "--scope", "statements/write", "--trust", "https://a.example/"
    )
    client = Client.objects.get()
    key, secret = (line.split(": ")[1] for line in capsys.readouterr().out.splitlines())
    assert authenticate(key, secret) == client
    assert (client.name, client.scopes, client.trusted_prefixes) == (
        "Plan2Learn",
        ["statements/write"],
        ["https://a.example/"],
    )


def test_the_command_takes_a_key_a_secret_and_the_day_on_which_it_expires(capsys):
    call_command(
        "create_xapi_client",
        "Suite",
        "--scope",
        "all",
        "--key",
        "k",
        "--secret",
        "s",
        "--expires",
        "2027-01-01",
    )
    said = capsys.readouterr()
    assert said.out == "key: k\nsecret: s\n"
    assert said.err == "Warning: a secret under 20 characters is fit for tests only.\n"
    assert Client.objects.get().expires_at == dt.datetime(2026, 12, 31, 23, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--trust", "modules"], "The prefix modules is not an IRI."),
        (["--expires", "2027-02-30"], "Error: argument --expires: 2027-02-30 is not a date that exists"),
        (["--expires", "soon"], "Error: argument --expires: soon is not a date like 2027-12-31"),
    ],
)
def test_the_command_refuses_with_a_sentence(arguments, message):
    with pytest.raises(CommandError) as refused:
        call_command("create_xapi_client", "Plan2Learn", *arguments)
    assert str(refused.value) == message
    assert Client.objects.count() == 0


# --- How often ----------------------------------------------------------------------------------------


@pytest.fixture
def empty_cache():
    cache.clear()
    yield
    cache.clear()


def test_a_client_without_a_limit_asks_nothing_of_the_cache():
    client = ClientFactory()
    assert [seconds_to_wait(client) for _ in range(3)] == [0, 0, 0]
    assert cache.get(f"xapi-requests:{client.pk}:29745660") is None


def test_a_limit_counts_the_minute_of_the_clock(empty_cache):
    client, other = ClientFactory(requests_a_minute=2), ClientFactory(requests_a_minute=2)
    with time_machine.travel("2026-11-22 12:00:48+01:00", tick=False) as clock:
        assert [seconds_to_wait(client) for _ in range(4)] == [0, 0, 12, 12]
        assert seconds_to_wait(other) == 0
        clock.shift(12)
        assert [seconds_to_wait(client) for _ in range(3)] == [0, 0, 60]


def test_who_asks_too_often_is_told_when_to_come_again(client, empty_cache):
    system = ClientFactory(requests_a_minute=1)
    with time_machine.travel("2026-11-22 12:00:50+01:00", tick=False):
        answers = [client.get("/xapi/statements", headers=credentials(system)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert (answers[1]["Retry-After"], answers[1].json()) == (
        "10",
        {"error": "More than 1 requests this minute. Wait 10 s."},
    )


def test_whoever_guesses_at_a_key_does_not_use_up_its_limit(client, empty_cache):
    system = ClientFactory(requests_a_minute=1)
    right, system.secret = system.secret, "wrong"
    for _ in range(3):
        assert client.get("/xapi/statements", headers=credentials(system)).status_code == 401
    system.secret = right
    assert client.get("/xapi/statements", headers=credentials(system)).status_code == 200


def test_letting_a_client_in_asks_the_database_once(empty_cache, django_assert_num_queries, rf):
    system = ClientFactory(requests_a_minute=100)
    note_use(system)
    request = rf.get("/xapi/statements", headers=credentials(system))
    with django_assert_num_queries(1):
        assert client_of(request) == system


def test_the_command_takes_a_limit(capsys):
    call_command("create_xapi_client", "Plan2Learn", "--limit", "600")
    assert Client.objects.get().requests_a_minute == 600
    with pytest.raises(CommandError, match="at least one request a minute"):
        call_command("create_xapi_client", "Plan2Learn", "--limit", "0")


# --- Changing what it may do --------------------------------------------------------------------------


def change(client, **fields):
    given = {
        "scopes": client.scopes,
        "trusted_prefixes": client.trusted_prefixes,
        "expires_at": client.expires_at,
        "requests_a_minute": client.requests_a_minute,
    }
    change_client(client, **{**given, **fields})


def test_a_change_holds_from_the_next_request_on():
    client = ClientFactory()
    change(client, scopes=[Scope.READ_MINE], requests_a_minute=5)
    stored = authenticate(client.key, client.secret)
    assert (stored.scopes, stored.requests_a_minute) == (["statements/read/mine"], 5)


def test_a_change_of_trust_has_the_learners_recomputed_whom_it_concerns():
    client, other = ClientFactory(), ClientFactory()
    signe, bent = uuid.UUID(int=1), uuid.UUID(int=2)
    record(a_statement(signe), client=client)
    record(a_statement(bent), client=other)
    PendingLearner.objects.all().delete()
    change(client, requests_a_minute=5)
    assert PendingLearner.objects.count() == 0
    change(client, trusted_prefixes=["https://lindra.example/id/modules/"])
    assert list(PendingLearner.objects.values_list("learner", flat=True)) == [signe]


@pytest.mark.parametrize("prefix", ["https://", "https:/", "urn:/"])
def test_a_prefix_that_would_cover_everybody_is_refused(prefix):
    with pytest.raises(ValueError, match="prefix"):
        ClientFactory(trusted_prefixes=[prefix])
