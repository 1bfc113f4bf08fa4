"""This room's stage: what a learner's statements say about her modules, kept as rows.

`domain.derivation` reads the statements anew for one learner; only rows that differ are written.
"""

import uuid
from collections.abc import Iterator

from django.db import models

from .domain.derivation import DERIVED, Row, derive


def replace_rows(
    model: type[models.Model], *, learner: uuid.UUID, wanted: list[Row], key: tuple[str, ...]
) -> None:
    """Make the learner's derived rows of a model equal to `wanted`; rows that fit are left alone.

    `key` names the fields by which a row is the same row. What is obsolete goes before what is new
    comes, so that a unique constraint never meets both.
    """
    fields = sorted({name for row in wanted for name in row})
    manager = model._default_manager
    rows = manager.filter(learner=learner).order_by()
    there = {tuple(getattr(row, name) for name in key): row for row in rows}
    keep = set()
    make = []
    for row in wanted:
        identity = tuple(row[name] for name in key)
        existing = there.get(identity)
        if existing is not None and all(getattr(existing, name) == row[name] for name in fields):
            keep.add(identity)
        else:
            make.append(model(learner=learner, **row))
    manager.filter(pk__in=[row.pk for identity, row in there.items() if identity not in keep]).delete()
    manager.bulk_create(make)


def rows_as_text(model: type[models.Model], *, learner: uuid.UUID) -> set[tuple[str, ...]]:
    """The learner's derived rows without surrogate ids, comparable and printable."""
    fields = [
        field.attname
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name != "learner"
    ]
    return {
        (model._meta.model_name or "", *(str(value) for value in row))
        for row in model._default_manager.filter(learner=learner).order_by().values_list(*fields)
    }


class CompletionStage:
    """Attempts, first answers, ways through cases, steps gone past, practice tasks and what became of
    them, completions.

    And the answers in refreshers, which are none of these.
    """

    name = "courses"

    def project(self, learner: uuid.UUID) -> None:
        """Recompute one learner from her standing statements. Linear in their number."""
        wanted = derive(learner)
        for model, key in DERIVED.items():
            replace_rows(model, learner=learner, wanted=wanted[model], key=key)

    def rows(self, learner: uuid.UUID) -> set[tuple[str, ...]]:
        return set().union(*(rows_as_text(model, learner=learner) for model in DERIVED))

    def learners(self) -> Iterator[uuid.UUID]:
        """Everybody who has derived rows."""
        for model in DERIVED:
            # Without the model's own order, by which a learner would come once a row.
            yield from model._default_manager.order_by().values_list("learner", flat=True).distinct()
