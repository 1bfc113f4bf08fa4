"""What a person says of her own competencies. Hers alone."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.domain.people import lock_person
from organisations.models import Person

from ..enums import Rank
from ..models import Competency, SelfAssessment


@transaction.atomic
def assess(person: Person, levels: dict[Competency, int]) -> int:
    """Record what she says now, where it is something else than what she said last; how many that was.

    Raises ValidationError where a level is none of the framework's, 0 to 3.
    """
    if set(levels.values()) - set(Rank.values):
        raise ValidationError(_("Choose one of the levels that stand there."))
    lock_person(person)
    said = said_by(person)
    new = [
        SelfAssessment(person=person, competency=competency, level=level, said_at=timezone.now())
        for competency, level in levels.items()
        if competency.pk not in said or said[competency.pk].level != level
    ]
    SelfAssessment.objects.bulk_create(new)
    return len(new)


def said_by(person: Person) -> dict[int, SelfAssessment]:
    """What the person said last of each competency, by the competency's key. One query."""
    rows = person.self_assessments.select_related("competency__domain").order_by("said_at", "id")
    return {row.competency_id: row for row in rows}


def erase_assessments(person: Person) -> None:
    """Erase all that she has said of herself, for good."""
    person.self_assessments.all().delete()
