"""Educations of key persons: what makes an appointed key person an educated one."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.days import today
from organisations.models import Person
from organisations.pending import mark_person
from organisations.validators import refuse_cpr_number

from ..enums import EducationKind
from ..models import KeyPersonEducation


@transaction.atomic
def record_education(
    person: Person, *, kind: str, completed_on: dt.date, provider: str = "", by: Person | None
) -> KeyPersonEducation:
    """Record that the person completed an education for key persons. Twice is once.

    Raises `ValidationError` for a day that hasn't come, an unknown kind, or a CPR number in `provider`.
    """
    if completed_on > today():
        raise ValidationError(
            _("An education is recorded when it is completed: the day can't be in the future."),
            code="education_in_the_future",
        )
    if kind not in EducationKind.values:
        raise ValidationError(
            _("“%(kind)s” is not an education for key persons."), code="education_kind", params={"kind": kind}
        )
    refuse_cpr_number(provider)
    education, created = KeyPersonEducation.objects.get_or_create(
        person=person,
        kind=kind,
        completed_on=completed_on,
        defaults={"provider": provider, "registered_by": by, "registered_at": timezone.now()},
    )
    if created:
        mark_person(person)
    return education
