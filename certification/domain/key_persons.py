"""Key persons: who is appointed, from when, until when."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from organisations.days import today
from organisations.domain.grants import end_grant, grant_role
from organisations.enums import Role
from organisations.models import Employment, OrgUnit, Person, RoleGrant

from ..enums import EducationKind
from .education import record_education
from .reporting import write_report

#: Who can be a key person: the agreement of 2011 has targets for nurses and doctors, and for nobody else.
KEY_PERSON_PROFESSIONS = frozenset({"nurse", "doctor"})


@transaction.atomic
def appoint(
    person: Person,
    *,
    unit: OrgUnit,
    starts_on: dt.date,
    by: Person | None,
    educated_on: dt.date | None = None,
    education_kind: str = EducationKind.KEY_PERSON_EDUCATION,
    provider: str = "",
) -> RoleGrant:
    """Appoint a person key person of a unit from a day. Twice is once.

    She must be employed that day in the unit or under it, as a nurse or a doctor. Whoever calls
    has checked that `by` may appoint in the unit (`organisations.rules.may_appoint`).

    Appointing is a report: whoever appoints knows who the unit's key persons are. It is as of the start
    day or, when a long-standing appointment is entered late, today.

    Raises `ValidationError` with a sentence when she isn't employed there or has another profession.
    """
    _check_employment(person, unit=unit, on=starts_on)
    grant = grant_role(person, role=Role.KEY_PERSON, unit=unit, starts_on=starts_on, by=by)
    if educated_on is not None:
        record_education(person, kind=education_kind, completed_on=educated_on, provider=provider, by=by)
    write_report(unit, by=by, as_of=max(starts_on, today()))
    return grant


@transaction.atomic
def end_appointment(grant: RoleGrant, *, on: dt.date, by: Person | None, reason: str = "") -> None:
    """End a key person's appointment: `on` is the first day without it. The row stays.

    Ending is a report, as of that day: from then on the unit is known to be without her.
    Raises `ValidationError` when the grant isn't a key person's.
    """
    if grant.role != Role.KEY_PERSON or grant.unit is None:
        raise ValidationError(
            _("Only a key person's appointment can be ended here."), code="not_a_key_person"
        )
    end_grant(grant, on=on, by=by, reason=reason)
    write_report(grant.unit, by=by, as_of=on)


def _check_employment(person: Person, *, unit: OrgUnit, on: dt.date) -> None:
    units = OrgUnit.objects.under(unit, on=on)
    employments = Employment.objects.current(on=on).in_units(units).filter(person=person)
    professions = set(employments.values_list("profession__code", flat=True))
    if not professions:
        raise ValidationError(
            _("%(person)s is not employed in %(unit)s on that day."),
            code="not_employed_here",
            params={"person": person, "unit": unit},
        )
    if not professions & KEY_PERSON_PROFESSIONS:
        raise ValidationError(
            _("%(person)s is neither a nurse nor a doctor in %(unit)s. Only they can be key persons."),
            code="not_a_key_person_profession",
            params={"person": person, "unit": unit},
        )
