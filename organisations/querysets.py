"""Reads as chainable verbs. `on` is a Copenhagen day; today where it isn't given."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.utils import timezone

from .days import holds_on, today

#: One row, a queryset (also of `.values("pk")`), or any collection of rows or keys.
Rows = models.Model | models.QuerySet | Iterable[Any]


def _in(rows: Rows) -> Any:
    """What `__in` takes."""
    return [rows] if isinstance(rows, models.Model) else rows


def _related(model: type[models.Model], relation: str) -> Any:
    """The manager at the other end: this module stands below the models and can't import them."""
    related: Any = model._meta.get_field(relation).related_model
    return related.objects


def _exists_on(day: dt.date) -> models.Q:
    """Like `holds_on`, where an unknown beginning means that it was always there."""
    return (models.Q(starts_on__isnull=True) | models.Q(starts_on__lte=day)) & (
        models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=day)
    )


class OrgUnitQuerySet(models.QuerySet):
    def under(self, units: Rows, *, on: dt.date | None = None) -> Self:
        """The units and everything that lies under them on the day."""
        ancestry = _related(self.model, "ancestor_rows")
        rows = ancestry.filter(holds_on(on or today()), ancestor__in=_in(units))
        return self.filter(pk__in=rows.values("unit"))

    def above(self, units: Rows, *, on: dt.date | None = None) -> Self:
        """The units and everything they lie under on the day."""
        ancestry = _related(self.model, "ancestor_rows")
        rows = ancestry.filter(holds_on(on or today()), unit__in=_in(units))
        return self.filter(pk__in=rows.values("ancestor"))

    def in_area(self, areas: Rows, *, on: dt.date | None = None) -> Self:
        """Members of the area, or areas, and everything that lies under them on the day."""
        day = on or today()
        memberships = _related(self.model, "area_memberships")
        members = memberships.filter(holds_on(day), area__in=_in(areas))
        return self.under(members.values("unit"), on=day)

    def existing(self, *, on: dt.date | None = None) -> Self:
        return self.filter(_exists_on(on or today()))

    def of_kind(self, *kinds: str) -> Self:
        return self.filter(kind__in=kinds)


class AreaQuerySet(models.QuerySet):
    def existing(self, *, on: dt.date | None = None) -> Self:
        return self.filter(_exists_on(on or today()))

    def of_kind(self, *kinds: str) -> Self:
        return self.filter(kind__in=kinds)


class PersonQuerySet(models.QuerySet):
    def employed_in(self, units: Rows, *, on: dt.date | None = None) -> Self:
        """People who work in any of these units on the day, each once."""
        employments = _related(self.model, "employments")
        return self.filter(pk__in=employments.current(on=on).in_units(units).values("person"))

    def without_mail_login(self) -> Self:
        """People with no log-in, or only one that has no e-mail address."""
        users = _related(self.model, "users")
        return self.exclude(pk__in=users.filter(email__isnull=False, person__isnull=False).values("person"))

    def by_pseudonym(self, *pseudonyms: uuid.UUID) -> Self:
        """The people behind these account names (still a queryset: `.get()` or `.first()` it)."""
        return self.filter(pseudonym__in=pseudonyms)

    def names(self, pseudonyms: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
        """Pseudonym → name, of those who are known. No query where nobody is asked for."""
        people: Iterable[Any] = self.by_pseudonym(*set(pseudonyms))
        return {person.pseudonym: person.full_name for person in people}


class EmploymentQuerySet(models.QuerySet):
    def current(self, *, on: dt.date | None = None) -> Self:
        return self.filter(holds_on(on or today()))

    def in_units(self, units: Rows) -> Self:
        return self.filter(unit__in=_in(units))


class InvitationQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """Neither used nor withdrawn. It may have run out."""
        return self.filter(used_at__isnull=True, revoked_at__isnull=True)

    def usable(self) -> Self:
        """What opens a log-in now."""
        return self.standing().filter(expires_at__gt=timezone.now())


class RoleGrantQuerySet(models.QuerySet):
    def active(self, *, on: dt.date | None = None) -> Self:
        return self.filter(holds_on(on or today()))

    def with_role(self, *roles: str) -> Self:
        return self.filter(role__in=roles)

    def in_units(self, units: Rows) -> Self:
        return self.filter(unit__in=_in(units))
