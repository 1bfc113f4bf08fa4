"""What people may do, from when to when."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..days import overlaps
from ..models import Area, OrgUnit, Person, RoleGrant
from ..pending import mark_person
from .people import lock_person


@transaction.atomic
def grant_role(
    person: Person,
    *,
    role: str,
    unit: OrgUnit | None = None,
    area: Area | None = None,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    by: Person | None = None,
) -> RoleGrant:
    """Grant a role in a unit, in an area or for the platform, in [starts_on, ends_on).

    Returns the standing grant if the same one (with the same end) already covers the first day.
    Raises ValidationError if another of the same role and place shares a day with this one, or if
    the place doesn't fit the role.
    """
    lock_person(person)
    grant = RoleGrant(
        person=person,
        role=role,
        unit=unit,
        area=area,
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by=by,
    )
    grant.full_clean()
    same = RoleGrant.objects.filter(
        overlaps(starts_on, ends_on), person=person, role=role, unit=unit, area=area
    )
    other = same.first()
    if other and other.starts_on <= starts_on and other.ends_on == ends_on:
        return other
    if other:
        raise ValidationError(
            _("%(person)s already has the role %(role)s there from %(day)s. End that first.")
            % {"person": person, "role": other.get_role_display(), "day": date_format(other.starts_on)},
            code="overlap",
        )
    grant.save()
    mark_person(person)
    return grant


@transaction.atomic
def end_grant(grant: RoleGrant, *, on: dt.date, by: Person | None = None, reason: str = "") -> RoleGrant:
    """End it: `on` is the first day on which the person no longer holds the role.

    The same day twice changes nothing. Raises ValidationError if it ended before that day, or if
    that is not after the day it starts.
    """
    lock_person(grant.person)
    grant.refresh_from_db()
    if grant.ends_on == on:
        return grant
    if grant.ends_on is not None and grant.ends_on < on:
        raise ValidationError(
            _("The role already ends on %(day)s. To go on after that, grant it anew.")
            % {"day": date_format(grant.ends_on)},
            code="ended",
        )
    grant.ends_on = on
    grant.ended_by = by
    grant.end_reason = reason
    grant.full_clean()
    grant.save()
    mark_person(grant.person)
    return grant
