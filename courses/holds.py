"""Which statements this room rests on, so that a removal by age leaves them (`STATEMENT_HOLDS`)."""

import uuid

from xapi import vocabulary
from xapi.models import Statement

from .domain.derivation import DERIVED

#: What earns something: also the ones that no row names, for they stand in when another is voided.
EARNING = {vocabulary.COMPLETED, vocabulary.PASSED, vocabulary.CONFIRMED}


def held(statements: list[Statement]) -> set[uuid.UUID]:
    """Every statement about a learner that earns something, and every one that a derived row names."""
    ids = [row.uuid for row in statements]
    found = {row.uuid for row in statements if row.learner and row.verb in EARNING}
    for model in DERIVED:
        found.update(model._default_manager.filter(statement__in=ids).values_list("statement", flat=True))
    return found
