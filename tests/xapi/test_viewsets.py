"""The record store in the back office: who gets in, and what is shown once."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from organisations.domain.groups import sync_groups
from organisations.enums import Role
from organisations.models import RoleGrant
from tests.factories.organisations import GrantFactory, OrgUnitFactory, UserFactory
from tests.factories.xapi import ClientFactory, a_statement
from xapi.domain.clients import authenticate
from xapi.domain.recording import record
from xapi.models import Client, Forwarding, ForwardingRefusal, ImportRun, PendingLearner, Removal

pytestmark = pytest.mark.django_db

LISTS = ["client", "forwarding", "forwardingrefusal", "importrun", "removal"]


def log_in(client, **grant):
    user = UserFactory()
    if grant:
        GrantFactory(person=user.person, **{"unit": None, **grant})
    sync_groups(user)
    client.force_login(user)
    return user


@pytest.fixture
def administrator(client, noon):
    return log_in(client, role=Role.ADMINISTRATOR)


@pytest.fixture
def rows(db):
    """One row of each kind, so that there is something to see."""
    forwarding = Forwarding.objects.create(
        name="Region Midt", endpoint="https://lrs.example/xapi/", key="k", secret_name="MIDT"
    )
    system = ClientFactory(name="Plan2Learn")
    return {
        "client": system,
        "forwarding": forwarding,
        "forwardingrefusal": ForwardingRefusal.objects.create(
            forwarding=forwarding,
            statement="0b6d5b8e-7d0e-4f5a-9d27-0a5a5a1c2f3d",
            seq=1,
            status=400,
            reason="Not like this",
            at=timezone.now(),
        ),
        "importrun": ImportRun.objects.create(fingerprint="0" * 64, client=system, line=20, refused=3),
        "removal": Removal.objects.create(by="drift", reason="Five years", before=timezone.now()),
    }


def addresses(rows):
    return [
        *(reverse(f"{name}:index") for name in LISTS),
        reverse("client:add"),
        reverse("forwarding:add"),
        *(
            reverse(f"{name}:{view}", args=[rows[name].pk])
            for name in LISTS[:2]
            for view in ("edit", "history")
        ),
        *(reverse(f"{name}:inspect", args=[rows[name].pk]) for name in LISTS[2:]),
        reverse("client:revoke", args=[rows["client"].pk]),
    ]


# --- Who gets in --------------------------------------------------------------------------------------


def test_who_runs_the_whole_platform_opens_everything(client, administrator, rows):
    assert [(url, client.get(url).status_code) for url in addresses(rows)] == [
        (url, 200) for url in addresses(rows)
    ]


def test_so_does_a_superuser(client, rows, noon):
    client.force_login(UserFactory(is_superuser=True))
    assert {client.get(url).status_code for url in addresses(rows)} == {200}


@pytest.mark.parametrize("role", [Role.EDUCATOR, Role.ADMINISTRATOR, Role.LEADER, Role.KEY_PERSON, None])
def test_nobody_else_sees_or_changes_anything(client, rows, noon, role):
    unit = None if role in {Role.EDUCATOR, None} else OrgUnitFactory()
    log_in(client, **({"role": role, "unit": unit} if role else {}))
    for url in addresses(rows):
        for answer in (client.get(url), client.post(url, {"name": "Mine", "scopes": "all"})):
            assert (url, answer.status_code) in {(url, 302), (url, 403), (url, 404)}
            assert b"Plan2Learn" not in answer.content
    assert Client.objects.count() == 1
    assert Client.objects.get().revoked_at is None


def test_django_s_own_permissions_open_nothing(client, rows, noon):
    user = log_in(client, role=Role.EDUCATOR)
    group = Group.objects.create(name="Clever")
    group.permissions.set(Permission.objects.filter(content_type__app_label="xapi"))
    user.groups.add(group)
    assert {client.get(url).status_code for url in addresses(rows)} <= {302, 403, 404}


def test_whose_grant_has_ended_is_out_at_the_next_request(client, administrator, rows):
    RoleGrant.objects.update(ends_on=dt.date(2020, 1, 1))
    assert {client.get(url).status_code for url in addresses(rows)} <= {302, 403, 404}


def test_nothing_can_be_deleted_or_made_that_only_the_domain_makes(client, administrator, rows):
    for name in LISTS:
        client.post(f"/cms/{name}/delete/{rows[name].pk}/")
    for name in LISTS[2:]:
        assert client.get(f"/cms/{name}/new/").status_code == 404
        assert client.get(f"/cms/{name}/edit/{rows[name].pk}/").status_code == 404
    assert [type(rows[name]).objects.count() for name in LISTS] == [1, 1, 1, 1, 1]


# --- Clients ------------------------------------------------------------------------------------------


def test_a_new_client_s_secret_is_shown_once_and_kept_nowhere(client, administrator):
    given = {"name": "Plan2Learn", "scopes": ["statements/write"], "trusted_prefixes": "https://a.example/\n"}
    answer = client.post(reverse("client:add"), given)
    made = Client.objects.get()
    secret = answer.context["secret"]
    assert authenticate(made.key, secret) == made
    assert secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert (made.scopes, made.trusted_prefixes) == (["statements/write"], ["https://a.example/"])
    for url in (
        reverse("client:index"),
        *(reverse(f"client:{v}", args=[made.pk]) for v in ("edit", "history")),
    ):
        shown = client.get(url).content.decode()
        assert (secret in shown, made.secret_hash in shown) == (False, False)
    logged = ModelLogEntry.objects.get()
    assert (logged.action, logged.user) == ("wagtail.create", administrator)
    assert secret not in str(logged.data)


def test_what_a_client_may_do_is_changed_and_who_it_is_is_not(client, administrator):
    system = ClientFactory(name="Plan2Learn")
    record(a_statement(), client=system)
    PendingLearner.objects.all().delete()
    given = {
        "name": "The platform",
        "scopes": ["statements/read/mine"],
        "trusted_prefixes": "https://a.example/\n\nhttps://b.example/1",
        "requests_a_minute": "60",
        "expires_at": "2027-01-01 00:00",
    }
    assert client.post(reverse("client:edit", args=[system.pk]), given).status_code == 302
    stored = Client.objects.get()
    assert (stored.name, stored.scopes, stored.trusted_prefixes, stored.requests_a_minute) == (
        "Plan2Learn",
        ["statements/read/mine"],
        ["https://a.example/", "https://b.example/1"],
        60,
    )
    assert stored.expires_at == dt.datetime(2026, 12, 31, 23, tzinfo=dt.UTC)
    assert PendingLearner.objects.count() == 1
    assert ModelLogEntry.objects.get().action == "wagtail.edit"


@pytest.mark.parametrize("prefixes", ["modules", "https://", "https://a.example/\nnot an address"])
def test_a_prefix_that_is_no_address_is_an_error_of_the_form(client, administrator, prefixes):
    given = {"name": "P", "scopes": ["all"], "trusted_prefixes": prefixes}
    answer = client.post(reverse("client:add"), given)
    assert list(answer.context["form"].errors) == ["trusted_prefixes"]
    assert Client.objects.count() == 0


def test_revoking_asks_first_and_is_noted(client, administrator):
    system = ClientFactory(name="Plan2Learn")
    url = reverse("client:revoke", args=[system.pk])
    assert "Plan2Learn" in client.get(url).content.decode()
    assert authenticate(system.key, system.secret) == system
    assert client.post(url).status_code == 302
    assert authenticate(system.key, system.secret) is None
    client.post(url)
    logged = ModelLogEntry.objects.get()
    assert (logged.action, logged.user) == ("xapi.revoke", administrator)
    assert client.get(reverse("client:history", args=[system.pk])).status_code == 200


def test_the_list_says_the_state_and_the_last_statement_without_counting(client, administrator):
    ClientFactory(name="A")
    ClientFactory(name="B", expires_at=timezone.now() - dt.timedelta(days=1))
    revoked = ClientFactory(name="C")
    record(a_statement(), client=revoked)
    Client.objects.filter(pk=revoked.pk).update(revoked_at=timezone.now())
    listed = client.get(reverse("client:index")).context["object_list"]
    assert [(one.name, one.state.value, one.last_statement_at is not None) for one in listed] == [
        ("A", "active", False),
        ("B", "expired", False),
        ("C", "revoked", True),
    ]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_as_often_for_three_as_for_one(client, administrator, rows, name):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(f"{name}:index")).status_code == 200
        return len(asked)

    queries()
    before = queries()
    for number in (2, 3):
        record(a_statement(), client=ClientFactory())
        Forwarding.objects.create(name=number, endpoint="https://a.example/", key="k", secret_name="MIDT")
        Removal.objects.create(by="drift", reason="Five years", before=timezone.now())
        ImportRun.objects.create(fingerprint="1" * 64, client=ClientFactory())
        ForwardingRefusal.objects.create(
            forwarding=rows["forwarding"],
            statement="0b6d5b8e-7d0e-4f5a-9d27-0a5a5a1c2f3d",
            seq=number,
            status=400,
            reason="",
            at=timezone.now(),
        )
    assert queries() == before


# --- Forwardings --------------------------------------------------------------------------------------


def test_a_forwarding_is_named_with_its_secret_s_name_only(client, administrator, settings):
    settings.FORWARDING_SECRETS = {"MIDT": "the secret itself"}
    given = {
        "name": "Region Midt",
        "endpoint": "https://lrs.example/xapi",
        "key": "lindra",
        "secret_name": "MIDT",
        "is_active": "on",
    }
    assert client.post(reverse("forwarding:add"), given).status_code == 302
    made = Forwarding.objects.get()
    assert (made.endpoint, made.cursor) == ("https://lrs.example/xapi/", 0)
    record(a_statement())
    listed = client.get(reverse("forwarding:index")).content.decode()
    assert "22. november 2026" in listed
    assert "the secret itself" not in listed
    assert "the secret itself" not in client.get(reverse("forwarding:edit", args=[made.pk])).content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("endpoint", "http://lrs.example/xapi/"),
        ("endpoint", "https://me:pass@lrs.example/xapi/"),
        ("endpoint", "https://lrs.example/xapi/?to=me"),
        ("endpoint", "ftp://lrs.example/"),
        ("secret_name", "../SECRET_KEY"),
        ("secret_name", "secret key"),
    ],
)
def test_an_address_or_a_name_that_is_unsafe_is_an_error_of_the_form(client, administrator, field, value):
    given = {"name": "R", "endpoint": "https://lrs.example/", "key": "k", "secret_name": "MIDT", field: value}
    answer = client.post(reverse("forwarding:add"), given)
    assert list(answer.context["form"].errors) == [field]
    assert Forwarding.objects.count() == 0


# --- Imports ------------------------------------------------------------------------------------------


def test_an_import_says_how_far_it_came_and_what_was_refused(client, administrator, rows):
    done = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    ImportRun.objects.create(fingerprint="1" * 64, client=None, stored=7, known=5, finished_at=done)
    listed = client.get(reverse("importrun:index"))
    own, plan = listed.context["object_list"]
    assert (own.client, own.stored, own.known) == (None, 7, 5)
    assert (str(plan.client), plan.line, plan.refused, plan.finished_at) == ("Plan2Learn", 20, 3, None)
    shown = listed.content.decode()
    assert ("22. november 2026 kl. 13.00" in shown, "Plan2Learn" in shown) == (True, True)
    assert plan.fingerprint not in shown
