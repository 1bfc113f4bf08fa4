"""Which statements this room rests on, so that a removal by age leaves them (`STATEMENT_HOLDS`)."""

import uuid

from organisations.models import Person
from xapi.models import Statement

from .models import Certificate


def held(statements: list[Statement]) -> set[uuid.UUID]:
    """What a certificate names, of the people whom these statements are about."""
    people = Person.objects.filter(pseudonym__in={row.learner for row in statements if row.learner})
    named = Certificate.objects.filter(person__in=people).values_list("modules", flat=True)
    return {uuid.UUID(module["statement"]) for modules in named for module in modules}
