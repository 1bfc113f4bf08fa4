"""People and places for tests. What has effects goes through the domain functions."""

import datetime as dt
import uuid
from typing import Any

import factory
from django.test import Client
from factory.django import DjangoModelFactory

from organisations.domain import employments, grants, people, units
from organisations.domain.groups import sync_groups
from organisations.enums import AreaKind, Role, UnitKind
from organisations.models import (
    Area,
    AreaMembership,
    Employment,
    OrgUnit,
    Person,
    Profession,
    RoleGrant,
    UnitParent,
    User,
)

#: Long before any day that a test travels to.
LONG_AGO = dt.date(2015, 1, 1)
PASSWORD = "lindra-test"


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    given_name = factory.Sequence(lambda n: f"Signe{n}")
    family_name = "Kjær"

    @classmethod
    def _create(
        cls, model_class: type[Person], *args: Any, pseudonym: uuid.UUID | None = None, **fields: Any
    ) -> Person:
        person = people.register_person(**fields)
        if pseudonym is not None:
            Person.objects.filter(pk=person.pk).update(pseudonym=pseudonym)
            person.refresh_from_db()
        return person


class UserFactory(DjangoModelFactory):
    """A log-in of a person of its own; `UserFactory(person=None)` is nobody's. The password is PASSWORD."""

    class Meta:
        model = User

    person = factory.SubFactory(PersonFactory)
    email = factory.Sequence(lambda n: f"person{n}@lindra.example")
    password = PASSWORD

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **fields: Any) -> User:
        return User.objects.create_user(**fields)


class ProfessionFactory(DjangoModelFactory):
    class Meta:
        model = Profession
        django_get_or_create = ("code",)

    code = "nurse"
    name_da = factory.LazyAttribute(lambda o: {"nurse": "Sygeplejerske"}.get(o.code, o.code))
    name_en = factory.LazyAttribute(lambda o: {"nurse": "Nurse"}.get(o.code, o.code))


class OrgUnitFactory(DjangoModelFactory):
    """A municipality, unless `kind` says otherwise; `parent=` places it there from LONG_AGO."""

    class Meta:
        model = OrgUnit

    kind = UnitKind.MUNICIPALITY
    code = factory.Sequence(lambda n: f"unit-{n}")
    name = factory.LazyAttribute(lambda o: f"{o.kind.capitalize()} {o.code}")

    @classmethod
    def _create(cls, model_class: type[OrgUnit], *args: Any, parent: OrgUnit | None = None, **fields: Any):
        unit = units.create_unit(**fields)
        if parent is not None:
            units.place_unit(unit, parent=parent, starts_on=LONG_AGO)
        return unit


class UnitParentFactory(DjangoModelFactory):
    class Meta:
        model = UnitParent

    unit = factory.SubFactory(OrgUnitFactory, kind=UnitKind.TEAM)
    parent = factory.SubFactory(OrgUnitFactory)
    starts_on = LONG_AGO

    @classmethod
    def _create(cls, model_class: type[UnitParent], *args: Any, unit: OrgUnit, **fields: Any) -> UnitParent:
        return units.place_unit(unit, **fields)


class AreaFactory(DjangoModelFactory):
    class Meta:
        model = Area

    code = factory.Sequence(lambda n: f"area-{n}")
    kind = AreaKind.REGION
    name = factory.LazyAttribute(lambda o: f"Area {o.code}")


class AreaMembershipFactory(DjangoModelFactory):
    class Meta:
        model = AreaMembership

    area = factory.SubFactory(AreaFactory)
    unit = factory.SubFactory(OrgUnitFactory)
    starts_on = LONG_AGO


class EmploymentFactory(DjangoModelFactory):
    """A nurse in a municipality, since LONG_AGO."""

    class Meta:
        model = Employment

    person = factory.SubFactory(PersonFactory)
    unit = factory.SubFactory(OrgUnitFactory)
    profession = factory.SubFactory(ProfessionFactory)
    starts_on = LONG_AGO

    @classmethod
    def _create(cls, model_class: type[Employment], *args: Any, person: Person, **fields: Any) -> Employment:
        return employments.employ(person, **fields)


class GrantFactory(DjangoModelFactory):
    """A leader of a municipality, since LONG_AGO; `unit=None` for roles that are held elsewhere."""

    class Meta:
        model = RoleGrant

    person = factory.SubFactory(PersonFactory)
    role = Role.LEADER
    unit = factory.SubFactory(OrgUnitFactory)
    starts_on = LONG_AGO

    @classmethod
    def _create(cls, model_class: type[RoleGrant], *args: Any, person: Person, **fields: Any) -> RoleGrant:
        return grants.grant_role(person, **fields)


def log_in(client: Client, person: Person | None = None, **grant: Any) -> User:
    """Somebody with that role (for the platform, unless a place is named), in its groups, and logged in."""
    user = UserFactory(**({"person": person} if person else {}))
    if grant:
        GrantFactory(person=user.person, **{"unit": None, **grant})
    sync_groups(user)
    client.force_login(user)
    return user
