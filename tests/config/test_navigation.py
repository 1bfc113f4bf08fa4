"""What stands in the navigation: what a person can use, at most five, the same on every page."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.utils import translation

from config.navigation import AT_MOST, EVERYONE, LOGGED_IN, PLACES, navigation, places_for, roles_of
from organisations.domain.grants import grant_role
from organisations.domain.people import create_login, register_person
from organisations.domain.units import create_unit
from organisations.enums import LEADING_ROLES, AreaKind, Role, UnitKind
from organisations.models import Area, User

PAGES = {"moduler": "/moduler/"}


@pytest.fixture
def user(db) -> User:
    return create_login(register_person(given_name="Karen", family_name="Lund"), email="k@lindra.example")


def grant(user: User, *roles: str) -> None:
    unit = create_unit(code="viborg", kind=UnitKind.MUNICIPALITY, name="Viborg")
    area = Area.objects.create(code="midt", kind=AreaKind.REGION, name="Region Midtjylland")
    for role in roles:
        where = {"unit": unit} if role in {Role.LEADER, Role.DEPUTY, Role.KEY_PERSON} else {}
        where = {"area": area} if role == Role.COORDINATOR else where
        grant_role(user.person, role=role, starts_on=user.date_joined.date(), **where)


def shown(user, path: str = "/") -> tuple[list[str], list[str]]:
    request = RequestFactory().get(path)
    request.user = user
    with translation.override("en"):
        first, more = navigation(request, PAGES)
        return [str(item.label) for item in first], [str(item.label) for item in more]


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ([], ["My page", "Modules", "Key persons"]),
        ([Role.KEY_PERSON], ["My page", "Modules", "Confirm", "Shared", "Key persons"]),
        ([Role.LEADER], ["My page", "Modules", "My team", "Confirm", "Key persons"]),
        ([Role.DEPUTY], ["My page", "Modules", "My team", "Confirm", "Key persons"]),
        ([Role.COORDINATOR], ["My page", "Modules", "Shared", "Coverage", "Key persons"]),
        ([Role.EDUCATOR], ["My page", "Modules", "Shared", "Key persons", "Editing"]),
        ([Role.ADMINISTRATOR], ["My page", "Modules", "Key persons", "Editing"]),
    ],
)
def test_each_role_sees_what_it_can_use(user, roles, expected):
    grant(user, *roles)
    # A leader has five without it: what is shared stands in the footer, and on the page to confirm.
    more = ["Shared"] if set(roles) & LEADING_ROLES else []
    assert shown(user) == (expected, more)


def test_whoever_has_every_role_sees_five_and_the_rest_in_the_footer(user):
    grant(user, Role.LEADER, Role.KEY_PERSON, Role.COORDINATOR, Role.EDUCATOR, Role.ADMINISTRATOR)
    assert shown(user) == (
        ["My page", "Modules", "My team", "Confirm", "Coverage"],
        ["Shared", "Key persons", "Editing"],
    )


def test_a_visitor_sees_what_is_open_to_all():
    assert shown(AnonymousUser()) == (["Modules", "Key persons"], [])


def test_a_superuser_without_a_person_edits_and_leads_nobody(db):
    superuser = User.objects.create_superuser("root@lindra.example", "et-langt-ord-mere")
    assert shown(superuser)[0] == ["My page", "Modules", "Key persons", "Editing"]


def test_a_page_that_doesnt_exist_is_no_link():
    everything = {role for place in PLACES for role in place.roles}
    assert [place.target for place, _url in places_for(everything, {})].count("/moduler") == 0
    assert len(places_for(everything, PAGES)) == len(PLACES) > AT_MOST


def test_the_roles_of_a_person_are_one_question(user, django_assert_num_queries):
    grant(user, Role.LEADER, Role.KEY_PERSON)
    user = User.objects.select_related("person").get(pk=user.pk)
    with django_assert_num_queries(1):
        assert roles_of(user) == {EVERYONE, LOGGED_IN, Role.LEADER, Role.KEY_PERSON}


@pytest.mark.parametrize(
    ("path", "current"),
    [("/moduler/", "page"), ("/moduler/se-det-i-tide/", "true"), ("/andet/", "")],
)
def test_the_place_where_one_is_is_marked(path, current):
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    assert navigation(request, PAGES)[0][0].current == current
