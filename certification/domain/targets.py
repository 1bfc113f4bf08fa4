"""Targets: how many key persons are asked for. Nothing is a target unless somebody adopted it."""

import dataclasses
import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from organisations.days import overlaps
from organisations.enums import UnitKind
from organisations.models import Area, Profession

from ..models import Target
from .key_persons import KEY_PERSON_PROFESSIONS


@dataclasses.dataclass(frozen=True, kw_only=True)
class Decision:
    """Who adopted a target, in which document, in its own words; the year that is always shown with it."""

    text_da: str
    text_en: str
    year: int


@transaction.atomic
def adopt_target(
    area: Area,
    *,
    code: str,
    unit_kind: str,
    profession: Profession,
    minimum: int | None,
    text_da: str,
    text_en: str,
    decision: Decision,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    relevant_only: bool = False,
) -> Target:
    """Adopt a target in an area. The same target twice is one.

    `minimum` is persons a unit; None when the decision gives no figure: then none is set.
    Raises `ValidationError` when a target has no decision, no such level, a minimum of 0, a profession
    that isn't a key person's, or days in common with another of its code and level in the area.
    """
    _check_sense(unit_kind=unit_kind, profession=profession, minimum=minimum, decision=decision)
    if ends_on is not None and ends_on <= starts_on:
        raise ValidationError(_("A target ends after the day it starts."), code="target_interval")
    Area.objects.select_for_update().get(pk=area.pk)
    others = Target.objects.filter(area=area, code=code, unit_kind=unit_kind)
    target = Target(
        area=area,
        code=code,
        unit_kind=unit_kind,
        profession=profession,
        minimum=minimum,
        relevant_only=relevant_only,
        text_da=text_da,
        text_en=text_en,
        decision_da=decision.text_da,
        decision_en=decision.text_en,
        source_year=decision.year,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    for other in others.filter(overlaps(starts_on, ends_on)):
        if _content(other) == _content(target):
            return other
        raise ValidationError(
            _("%(target)s is in force on some of these days. End it first."),
            code="target_overlaps",
            params={"target": other},
        )
    target.save()
    return target


@transaction.atomic
def end_target(target: Target, *, on: dt.date) -> Target:
    """End a target: `on` is the first day without it. The row stays, as history.

    Raises `ValidationError` when that day isn't after its first, or it has already ended by then.
    """
    locked = Target.objects.select_for_update().get(pk=target.pk)
    if on <= locked.starts_on:
        raise ValidationError(_("A target ends after the day it starts."), code="target_interval")
    if locked.ends_on is not None and locked.ends_on < on:
        raise ValidationError(
            _("The target has already ended. What was in force can't be changed."), code="target_ended"
        )
    target.ends_on = locked.ends_on = on
    locked.save(update_fields=["ends_on"])
    return locked


def _check_sense(*, unit_kind: str, profession: Profession, minimum: int | None, decision: Decision) -> None:
    if unit_kind not in UnitKind.values:
        raise ValidationError(
            _("“%(kind)s” is not a level of unit."), code="target_level", params={"kind": unit_kind}
        )
    if profession.code not in KEY_PERSON_PROFESSIONS:
        raise ValidationError(
            _("A target for key persons speaks of nurses or doctors."), code="target_profession"
        )
    if minimum is not None and minimum < 1:
        raise ValidationError(
            _("A target asks for at least one key person. Leave the number empty if none is set."),
            code="target_minimum",
        )
    if not decision.text_da.strip():
        raise ValidationError(
            _("Say who adopted the target, and in which document."), code="target_without_decision"
        )


def _content(target: Target) -> tuple[object, ...]:
    """What makes two targets the same one, the day it ends included."""
    return (
        target.profession_id,
        target.minimum,
        target.relevant_only,
        target.text_da,
        target.text_en,
        target.decision_da,
        target.decision_en,
        target.source_year,
        target.starts_on,
        target.ends_on,
    )
