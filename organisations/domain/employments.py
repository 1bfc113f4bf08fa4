"""Who works where, as what, from when to when."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..days import overlaps
from ..models import Employment, OrgUnit, Person, Profession
from ..pending import mark_person
from .people import lock_person
from .units import require_existing


@transaction.atomic
def employ(
    person: Person,
    *,
    unit: OrgUnit,
    profession: Profession,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    work_phone: str = "",
    work_email: str = "",
) -> Employment:
    """Record that the person works in the unit as the profession, in [starts_on, ends_on).

    Several employments at once are ordinary. Raises ValidationError if one with the same unit and
    profession shares a day with this one, or if the unit doesn't exist on the first day.
    """
    require_existing(unit, on=starts_on)
    return _save(
        Employment(
            person=person,
            unit=unit,
            profession=profession,
            starts_on=starts_on,
            ends_on=ends_on,
            work_phone=work_phone,
            work_email=work_email,
        )
    )


@transaction.atomic
def end_employment(employment: Employment, *, on: dt.date) -> Employment:
    """End it: `on` is the first day on which the person no longer works there.

    The same day twice changes nothing; a later day than the one recorded is refused, because the
    person was seen as having left: that is a new employment.
    """
    lock_person(employment.person)
    employment.refresh_from_db()
    if employment.ends_on == on:
        return employment
    if employment.ends_on is not None and employment.ends_on < on:
        raise ValidationError(
            _("The employment already ends on %(day)s. A later one is a new employment.")
            % {"day": date_format(employment.ends_on)},
            code="ended",
        )
    employment.ends_on = on
    return _save(employment)


@transaction.atomic
def correct_employment(
    employment: Employment,
    *,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    work_phone: str = "",
    work_email: str = "",
) -> Employment:
    """Set right what was typed wrong: the days and how to reach her. Raises like `employ`.

    Who, where and as what stay: somebody who moves or becomes something else is employed anew.
    """
    if not Employment.objects.filter(pk=employment.pk, starts_on=starts_on).exists():
        require_existing(employment.unit, on=starts_on)
    employment.starts_on = starts_on
    employment.ends_on = ends_on
    employment.work_phone = work_phone
    employment.work_email = work_email
    return _save(employment)


def _save(employment: Employment) -> Employment:
    lock_person(employment.person)
    employment.full_clean()
    same = Employment.objects.filter(
        overlaps(employment.starts_on, employment.ends_on),
        person=employment.person,
        unit=employment.unit,
        profession=employment.profession,
    )
    other = same.exclude(pk=employment.pk).first()
    if other:
        raise ValidationError(
            _("%(person)s already works in %(unit)s as %(profession)s from %(day)s. End that first.")
            % {
                "person": employment.person,
                "unit": employment.unit,
                "profession": employment.profession,
                "day": date_format(other.starts_on),
            },
            code="overlap",
        )
    employment.save()
    mark_person(employment.person)
    return employment
