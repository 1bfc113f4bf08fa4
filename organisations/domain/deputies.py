"""Who stands in for a leader, on which days."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ..days import today
from ..enums import Role
from ..models import OrgUnit, Person, RoleGrant
from .grants import end_grant, grant_role

#: Leave is seldom longer; later is most likely a mistyped year.
LONGEST = dt.timedelta(days=366)


@transaction.atomic
def appoint_deputy(
    person: Person, *, unit: OrgUnit, starts_on: dt.date, last_day: dt.date, by: Person | None
) -> RoleGrant:
    """Let the person lead the unit from the first to the last day, both included. Twice is once.

    Whoever calls has checked that `by` may (`rules.may_appoint_deputy`). Raises ValidationError (by
    `starts_on`, `last_day` and `person`) for days gone by, more than a year, or the leader herself.
    """
    if by is not None and person.pk == by.pk:
        raise ValidationError({"person": _("You can't stand in for yourself.")}, code="self")
    if starts_on < today():
        raise ValidationError({"starts_on": _("The first day is today at the earliest.")}, code="past")
    if last_day < starts_on:
        raise ValidationError({"last_day": _("The last day comes before the first.")}, code="order")
    if last_day - today() > LONGEST:
        raise ValidationError(
            {"last_day": _("The day is more than a year ahead. Check the year.")}, code="far"
        )
    after = last_day + dt.timedelta(days=1)
    return grant_role(person, role=Role.DEPUTY, unit=unit, starts_on=starts_on, ends_on=after, by=by)


def end_deputy(grant: RoleGrant, *, by: Person | None) -> dt.date:
    """End it today, or after its first day where that isn't over: a fact has a day at least.

    Returns the first day without it. Raises ValidationError if it had ended before.
    """
    day = max(today(), grant.starts_on + dt.timedelta(days=1))
    end_grant(grant, on=day, by=by)
    return day
