"""One's own log-in: what the page says, the second step, and where one is logged in."""

import time

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import expect

from organisations.enums import Role, UnitKind
from organisations.models import User
from tests.conftest import DESK, PHONE, follow
from tests.factories.organisations import (
    PASSWORD,
    EmploymentFactory,
    GrantFactory,
    OrgUnitFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_earlier_tries():
    cache.clear()


def by_password(client, user):
    """By the log-in page. `prove` is for what asks for the password once more."""
    return client.post("/konto/login/", {"login": user.login_name, "password": PASSWORD})


def prove(client) -> None:
    client.post("/konto/reauthenticate/", {"password": PASSWORD})


def code_of(secret: str) -> str:
    """The code of now. One that is about to end is let go by: a browser takes a while to send it."""
    left = 30 - time.time() % 30
    if left < 5:
        time.sleep(left)
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.fixture
def leader():
    user = UserFactory()
    GrantFactory(person=user.person)
    return user


# --- The page ------------------------------------------------------------------------------------------


def test_the_page_says_who_leads_where_one_works(client):
    top = OrgUnitFactory(name="Viborg")
    team = OrgUnitFactory(name="Team Nord", kind=UnitKind.TEAM, parent=top)
    above = GrantFactory(unit=top, person__given_name="Karen").person
    user = UserFactory()
    EmploymentFactory(person=user.person, unit=team)
    client.force_login(user)
    content = client.get("/konto/").content.decode()
    assert f"Din leder: {above.full_name}, Viborg" in content
    own = GrantFactory(unit=team, person__given_name="Ole").person
    content = client.get("/konto/").content.decode()
    assert f"Din leder: {own.full_name}, Team Nord" in content
    assert above.full_name not in content
    GrantFactory(unit=team, person=user.person)
    assert "Du leder Team Nord" in client.get("/konto/").content.decode()


def test_the_name_in_the_header_leads_there(client, leader):
    client.force_login(leader)
    assert 'href="/konto/"' in client.get("/konto/password/change/").content.decode()


def test_a_log_in_without_a_person_and_nobody_at_all(client):
    assert client.get("/konto/").url == "/konto/login/?next=/konto/"
    client.force_login(UserFactory(person=None))
    assert client.get("/konto/").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/konto/",
        "/konto/password/change/",
        "/konto/email/",
        "/konto/sessions/",
        "/konto/2fa/",
        "/konto/2fa/totp/activate/",
    ],
)
def test_the_pages_are_danish_and_load_nothing_from_outside(client, leader, address):
    by_password(client, leader)
    prove(client)
    content = client.get(address).content.decode()
    assert '<html lang="da">' in content
    assert [
        word for word in ("Password", "Email", "Sessions", "wo-Factor", "http://") if word in content
    ] == []


# --- The second step -----------------------------------------------------------------------------------


def test_where_required_a_leader_sets_up_the_second_step_before_anything_else(client, leader, settings):
    settings.MFA_REQUIRED = True
    by_password(client, leader)
    for address in ("/mit/", "/team/", "/konto/", "/cms/", "/moduler/"):
        assert client.get(address).url == "/konto/2fa/totp/activate/"
    assert client.get("/konto/2fa/totp/activate/").url.startswith("/konto/reauthenticate/")
    prove(client)
    page = client.get("/konto/2fa/totp/activate/")
    assert (page.status_code, "data:image/svg+xml" in page.content.decode()) == (200, True)
    secret = page.context["form"].secret
    done = client.post("/konto/2fa/totp/activate/", {"code": code_of(secret)})
    assert (done.status_code, done.url) == (302, "/konto/2fa/recovery-codes/")
    assert len(client.get(done.url).context["unused_codes"]) == 10
    assert client.get("/team/").status_code != 404
    assert client.get("/konto/").status_code == 200


@pytest.mark.parametrize("required", [True, False])
def test_a_log_in_opens_nothing_in_the_record_store_which_knows_only_keys(client, leader, settings, required):
    settings.MFA_REQUIRED = required
    by_password(client, leader)
    for address in ("statements", "activities/state", "agents", "activities"):
        answer = client.get(f"/xapi/{address}", headers={"X-Experience-API-Version": "2.0.0"})
        assert (answer.status_code, answer.cookies) == (401, {})


def test_a_leader_may_leave_and_the_machine_may_ask_how_it_is(client, leader, settings):
    settings.MFA_REQUIRED = True
    by_password(client, leader)
    assert client.get("/healthz/live").status_code == 200
    assert client.post("/konto/logout/").url == "/"


def test_a_learner_needs_no_second_step(client, settings):
    settings.MFA_REQUIRED = True
    user = UserFactory()
    by_password(client, user)
    assert client.get("/konto/").status_code == 200
    GrantFactory(person=user.person, role=Role.KEY_PERSON)
    assert client.get("/konto/").url == "/konto/2fa/totp/activate/"


def test_where_it_isnt_required_it_is_offered(client, leader):
    by_password(client, leader)
    content = client.get("/konto/").content.decode()
    assert ("Sæt to-trins-login op" in content, "skal du bruge det" in content) == (True, False)


def test_production_requires_it(production):
    assert production().MFA_REQUIRED is True


def test_with_a_second_step_the_password_alone_lets_nobody_in(client, leader):
    secret = generate_totp_secret()
    TOTP.activate(leader, secret)
    answer = by_password(client, leader)
    assert answer.url == "/konto/2fa/authenticate/"
    assert "_auth_user_id" not in client.session
    assert client.get("/team/").status_code == 302
    assert client.post(answer.url, {"code": "000000"}).status_code == 200
    assert client.post(answer.url, {"code": code_of(secret)}).url == "/mit/"


def test_the_key_in_the_database_isnt_the_key(leader):
    secret = generate_totp_secret()
    TOTP.activate(leader, secret)
    kept = Authenticator.objects.get().data["secret"]
    assert kept != secret
    assert get_adapter().decrypt(kept) == secret


# --- Where one is logged in ------------------------------------------------------------------------------


def test_a_person_ends_the_other_sessions(client, leader):
    phone = Client(HTTP_USER_AGENT="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1")
    by_password(phone, leader)
    by_password(client, leader)
    others = Client()
    by_password(others, UserFactory())
    page = client.get("/konto/sessions/")
    assert page.context["session_count"] == 2
    assert "Safari, iPhone" in page.content.decode()
    client.post("/konto/sessions/")
    assert client.get("/konto/").status_code == 200
    assert phone.get("/konto/").status_code == 302
    assert others.get("/konto/").status_code == 200


def test_changing_the_password_logs_the_others_out(client, leader):
    phone = Client()
    by_password(phone, leader)
    by_password(client, leader)
    form = {"oldpassword": PASSWORD, "password1": "hvide-svaner-flyver", "password2": "hvide-svaner-flyver"}
    assert client.post("/konto/password/change/", form).status_code == 302
    assert client.get("/konto/").status_code == 200
    assert phone.get("/konto/").status_code == 302


# --- Who has no work mail --------------------------------------------------------------------------------


def test_whoever_has_no_work_mail_logs_in_with_a_username(client):
    user = User.objects.create_user(None, PASSWORD, username="amina", person=EmploymentFactory().person)
    assert by_password(client, user).url == "/mit/"
    prove(client)
    for address in ("/konto/", "/konto/email/", "/konto/sessions/", "/konto/2fa/totp/activate/"):
        assert client.get(address).status_code == 200


def test_a_new_address_counts_when_its_link_is_opened(client, leader, mailoutbox):
    before = leader.email
    by_password(client, leader)
    client.post("/konto/email/", {"email": "ny@kommune.dk", "action_add": ""})
    leader.refresh_from_db()
    assert leader.email == before
    [mail] = mailoutbox
    link = next(word for word in mail.body.split() if "/konto/confirm-email/" in word)
    assert client.get(link).status_code == 200
    client.post(link)
    leader.refresh_from_db()
    assert leader.email == "ny@kommune.dk"
    client.post("/konto/logout/")
    assert by_password(client, leader).url == "/mit/"


def test_a_username_gets_an_address_when_its_link_is_opened(client, mailoutbox):
    user = User.objects.create_user(None, PASSWORD, username="amina", person=EmploymentFactory().person)
    by_password(client, user)
    client.post("/konto/email/", {"email": "amina@kommune.dk", "action_add": ""})
    client.post("/konto/logout/")
    by_password(client, user)
    user.refresh_from_db()
    assert user.email is None
    [mail] = mailoutbox
    client.post(next(word for word in mail.body.split() if "/konto/confirm-email/" in word))
    user.refresh_from_db()
    assert (user.email, user.username) == ("amina@kommune.dk", "amina")


# --- In a browser ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_the_second_step_is_set_up_in_a_browser(page, log_in, assert_accessible, size):
    """The picture is drawn by the platform itself: nothing is fetched, and the policy lets it be shown."""
    user = UserFactory()
    page.set_viewport_size(size)
    log_in(user.email, PASSWORD)
    follow(page, page.get_by_role("link", name="Dit login"))
    follow(page, page.get_by_role("link", name="Sæt to-trins-login op"))
    page.fill("input[name=password]", PASSWORD)
    follow(page, page.locator("main button[type=submit]"))
    picture = page.locator("main img")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    assert_accessible(page)
    page.fill("input[name=code]", code_of(page.locator("main code").inner_text()))
    follow(page, page.locator("main button[type=submit]"))
    expect(page.locator("main li code")).to_have_count(10)
    assert_accessible(page)
    follow(page, page.get_by_role("link", name="Dit login"))
    assert_accessible(page)
