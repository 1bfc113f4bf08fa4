"""Which statements this room rests on, so that a removal by age leaves them (`STATEMENT_HOLDS`)."""

import uuid

from xapi.models import Statement

from .models import Evidence


def held(statements: list[Statement]) -> set[uuid.UUID]:
    """What evidence rests on."""
    ids = [row.uuid for row in statements]
    return set(Evidence.objects.filter(statement__in=ids).values_list("statement", flat=True))
