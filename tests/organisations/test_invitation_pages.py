"""The pages on which an invited person makes her log-in. They say nothing about who exists."""

import datetime as dt
import re

import pytest
from django.core.cache import cache

from organisations.domain import invitations
from organisations.models import User
from tests.factories.organisations import PersonFactory, UserFactory

pytestmark = pytest.mark.django_db

STRONG = "hvide-svaner-flyver"
CODE_PAGE = "/konto/kode/"


@pytest.fixture(autouse=True)
def _no_earlier_tries():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def letter():
    """A person, and the code of her letter."""
    person = PersonFactory(given_name="Amina", family_name="Yusuf")
    return person, invitations.invite_on_paper(person, by=None)[1]


def link_in(mail) -> str:
    return re.search(r"http://127.0.0.1:8000(/konto/invitation/\S+)", mail.body)[1]


def test_by_mail_a_person_chooses_a_password_and_logs_in(client, mailoutbox):
    person = PersonFactory()
    invitations.invite_by_mail(person, email="amina@kommune.dk", by=None)
    link = link_in(mailoutbox[0])
    page = client.get(link)
    assert (page.status_code, list(page.context["form"].fields)) == (200, ["password"])
    assert "no-store" in page.headers["Cache-Control"]
    answer = client.post(link, {"password": STRONG})
    assert (answer.status_code, answer.url) == (302, "/konto/login/")
    answer = client.post("/konto/login/", {"login": "amina@kommune.dk", "password": STRONG})
    assert (answer.status_code, answer.url) == (302, "/mit/")


def test_looking_at_the_link_uses_nothing_up(client, mailoutbox):
    invitations.invite_by_mail(PersonFactory(), email="amina@kommune.dk", by=None)
    link = link_in(mailoutbox[0])
    assert [client.get(link).status_code for _time in range(3)] == [200, 200, 200]


def test_a_used_link_and_one_that_never_was_get_the_same_page(client, mailoutbox):
    invitations.invite_by_mail(PersonFactory(), email="amina@kommune.dk", by=None)
    link = link_in(mailoutbox[0])
    client.post(link, {"password": STRONG})
    client.get("/konto/login/")  # shows the message that the log-in is ready
    used = client.post(link, {"password": "noget-helt-andet"})
    never = client.get("/konto/invitation/never-was/")
    assert (used.status_code, never.status_code) == (404, 404)
    assert next(t.name for t in used.templates) == "organisations/spent.html"
    hidden = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|href="[^"]*"')
    assert hidden.sub("", used.content.decode()) == hidden.sub("", never.content.decode())
    assert User.objects.get().check_password(STRONG)


def test_by_letter_a_person_chooses_a_username_and_logs_in_with_it(client, letter):
    person, code = letter
    answer = client.post(CODE_PAGE, {"code": code.lower(), "family_name": "yusuf"})
    assert (answer.status_code, answer.url) == (302, "/konto/kode/adgang/")
    page = client.get(answer.url)
    assert page.context["form"].initial == {"username": "amina.yusuf"}
    answer = client.post("/konto/kode/adgang/", {"username": "amina", "password": STRONG})
    assert (answer.status_code, answer.url) == (302, "/konto/login/")
    assert person.users.get().username == "amina"
    answer = client.post("/konto/login/", {"login": "Amina", "password": STRONG})
    assert (answer.status_code, answer.url) == (302, "/mit/")


def test_a_weak_password_is_said_in_danish_at_its_field(client, letter):
    _person, code = letter
    client.post(CODE_PAGE, {"code": code, "family_name": "Yusuf"})
    page = client.post("/konto/kode/adgang/", {"username": "amina", "password": "kort"})
    assert list(page.context["form"].errors) == ["password"]
    assert "mindst 10 tegn" in page.content.decode()
    assert 'value="kort"' not in page.content.decode()


def test_every_wrong_code_gets_the_same_answer(client, letter):
    _person, code = letter
    UserFactory(person=PersonFactory(family_name="Holm"))
    spent = PersonFactory(family_name="Berg")
    used, used_code = invitations.invite_on_paper(spent, by=None)
    invitations.accept(used, password=STRONG, username="berg")
    wrong = [(code, "Holm"), ("AAAA-AAAA-AAAA", "Yusuf"), ("AAAA-AAAA-AAAA", "Nobody"), (used_code, "Berg")]
    answers = [client.post(CODE_PAGE, {"code": c, "family_name": name}) for c, name in wrong]
    assert {answer.status_code for answer in answers} == {200}
    assert len({str(answer.context["form"].errors) for answer in answers}) == 1
    assert "invitation" not in client.session


def test_the_eleventh_wrong_code_is_refused_and_so_is_the_right_one_then(client, letter):
    _person, code = letter
    wrong = {"code": "AAAA-AAAA-AAAA", "family_name": "Yusuf"}
    assert [client.post(CODE_PAGE, wrong).status_code for _time in range(11)] == [200] * 10 + [429]
    assert client.post(CODE_PAGE, {"code": code, "family_name": "Yusuf"}).status_code == 429
    assert "invitation" not in client.session


def test_right_codes_count_against_nobody(client):
    for number in range(12):
        person = PersonFactory(family_name=f"Navn{number}")
        _invitation, code = invitations.invite_on_paper(person, by=None)
        assert client.post(CODE_PAGE, {"code": code, "family_name": person.family_name}).status_code == 302


def test_without_a_code_there_is_no_second_page(client):
    assert client.get("/konto/kode/adgang/").url == CODE_PAGE
    assert client.post("/konto/kode/adgang/", {"username": "amina", "password": STRONG}).url == CODE_PAGE
    assert User.objects.count() == 0


def test_a_right_code_is_believed_for_half_an_hour(client, letter, noon):
    _person, code = letter
    client.post(CODE_PAGE, {"code": code, "family_name": "Yusuf"})
    assert client.get("/konto/kode/adgang/").status_code == 200
    noon(dt.date(2026, 11, 23))
    assert client.get("/konto/kode/adgang/").url == CODE_PAGE


def test_a_letter_withdrawn_in_between_opens_nothing(client, letter):
    person, code = letter
    client.post(CODE_PAGE, {"code": code, "family_name": "Yusuf"})
    invitations.withdraw(person.invitations.get())
    answer = client.post("/konto/kode/adgang/", {"username": "amina", "password": STRONG})
    assert (answer.status_code, User.objects.count()) == (404, 0)


def test_whoever_was_logged_in_on_the_machine_is_logged_out(client, letter):
    _person, code = letter
    client.force_login(UserFactory())
    client.post(CODE_PAGE, {"code": code, "family_name": "Yusuf"})
    client.post("/konto/kode/adgang/", {"username": "amina", "password": STRONG})
    assert "_auth_user_id" not in client.session
