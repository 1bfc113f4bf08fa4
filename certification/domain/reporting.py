"""What is known about a unit: reports, and decisions on whether it is a relevant one."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.days import today
from organisations.models import OrgUnit, Person
from organisations.validators import refuse_cpr_number

from ..models import RelevanceDecision, UnitReport


def report_unit(
    unit: OrgUnit, *, by: Person | None, as_of: dt.date | None = None, note: str = ""
) -> UnitReport:
    """Say that what is registered for the unit is the whole of it, as of a day (today).

    Raises `ValidationError` for a day that hasn't come, or a CPR number in the note.
    """
    if as_of is not None and as_of > today():
        raise ValidationError(
            _("A report speaks of today or of a day that has been."), code="report_in_the_future"
        )
    refuse_cpr_number(note)
    return write_report(unit, by=by, as_of=as_of or today(), note=note)


@transaction.atomic
def write_report(unit: OrgUnit, *, by: Person | None, as_of: dt.date, note: str = "") -> UnitReport:
    """Write a report: the same one by the same person for the same day is one row.

    An appointment from a coming day reports that day, so `as_of` may lie ahead here.
    """
    OrgUnit.objects.select_for_update().get(pk=unit.pk)
    report, _created = UnitReport.objects.get_or_create(
        unit=unit, as_of=as_of, reported_by=by, note=note, defaults={"reported_at": timezone.now()}
    )
    return report


@transaction.atomic
def decide_relevance(
    unit: OrgUnit, *, is_relevant: bool, why: str, by: Person | None, starts_on: dt.date
) -> RelevanceDecision:
    """Decide from a day whether the unit is one of the relevant ones that a target speaks of.

    The decision before ends that day; one that is already made for a later day still takes over then.
    The same decision twice is one. Raises `ValidationError` when no reason is given, when the reason
    holds a CPR number, or when another decision was made for the very same day.
    """
    if not why.strip():
        raise ValidationError(_("Say why: a decision on relevance has a reason."), code="no_reason")
    refuse_cpr_number(why)
    OrgUnit.objects.select_for_update().get(pk=unit.pk)
    decisions = RelevanceDecision.objects.filter(unit=unit)
    same_day = decisions.filter(starts_on=starts_on).first()
    if same_day is not None:
        if (same_day.is_relevant, same_day.why) == (is_relevant, why):
            return same_day
        raise ValidationError(
            _("A decision for %(unit)s was already made from that day. Choose another day."),
            code="decided_that_day",
            params={"unit": unit},
        )
    decisions.in_force(on=starts_on).update(ends_on=starts_on)
    later = decisions.filter(starts_on__gt=starts_on).order_by("starts_on").first()
    return RelevanceDecision.objects.create(
        unit=unit,
        is_relevant=is_relevant,
        why=why,
        decided_by=by,
        decided_on=today(),
        starts_on=starts_on,
        ends_on=later.starts_on if later else None,
    )
