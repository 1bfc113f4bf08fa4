"""Asking people to take a module, taking it back, and seeing what came of it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.bilingual import language_in_use
from organisations.models import OrgUnit, Person

from ..models import Assignment, Completion, Edition, Module
from ..querysets import AssignmentQuerySet
from .archiving import Shelf, archiving_of, completed_as, read_shelf
from .free_text import checked_text

#: Characters of the line that goes with it.
LONGEST = 200


@dataclass(frozen=True)
class Asked:
    """Whom a module was assigned to now, who had been asked before, and who has completed it."""

    assigned: list[Assignment]
    asked_before: list[Person]
    completed: list[Person]


@dataclass(frozen=True)
class Assigned:
    """An assignment, the title of its module, and when that was completed, if it was.

    `is_archived` where the module isn't offered any more: whoever hasn't begun it can't.
    """

    assignment: Assignment
    title: str
    completed_at: dt.datetime | None
    is_archived: bool = False

    @property
    def is_done(self) -> bool:
        return self.completed_at is not None


@transaction.atomic
def assign(
    module: Module,
    *,
    to: Iterable[Person],
    unit: OrgUnit,
    by: Person | None,
    wanted_by: dt.date | None = None,
    note: str = "",
    at: dt.datetime | None = None,
) -> Asked:
    """Ask these people to take the module. The caller has checked `rules.people_to_assign_to`.

    Whoever has completed it, or is asked for it in the unit already, is passed over and named in what is
    returned. Raises ValidationError: a day that is gone, a line that is too long or holds something like
    a CPR number, or a module that nobody can begin.
    """
    now = at or timezone.now()
    if wanted_by is not None and wanted_by < timezone.localdate(now):
        raise ValidationError(_("The day is gone. Choose today or a later day, or none."), code="past")
    if not Edition.objects.filter(version__module=module).exists():
        raise ValidationError(_("The module hasn't been published yet."), code="unpublished")
    if archiving_of(module) is not None:
        raise ValidationError(
            _("The module is archived, so nobody can begin it. Choose another one."), code="archived"
        )
    note = checked_text(note, longest=LONGEST) if note.strip() else ""
    people = list(to)
    completed = set(
        Completion.objects.of_learners(person.pseudonym for person in people)
        .filter(version__module__in=read_shelf().counting_for({module.pk}), completed_at__lte=now)
        .values_list("learner", flat=True)
    )
    rows = [
        Assignment.objects.get_or_create(
            person=person,
            module=module,
            unit=unit,
            withdrawn_at=None,
            defaults={"assigned_by": by, "assigned_at": now, "wanted_by": wanted_by, "note": note},
        )
        for person in people
        if person.pseudonym not in completed
    ]
    return Asked(
        assigned=[row for row, made in rows if made],
        asked_before=[row.person for row, made in rows if not made],
        completed=[person for person in people if person.pseudonym in completed],
    )


def withdraw(assignment: Assignment, *, by: Person | None) -> None:
    """Take it back. Twice is once. What was begun and completed meanwhile is the learner's."""
    Assignment.objects.standing().filter(pk=assignment.pk).update(
        withdrawn_at=timezone.now(), withdrawn_by=by
    )
    assignment.refresh_from_db()


def assigned_to(person: Person, *, shelf: Shelf | None = None) -> list[Assigned]:
    """What the person is asked today, open first: by units that she works in or under. Four queries."""
    above = OrgUnit.objects.above(person.workplaces_today)
    rows = Assignment.objects.standing().of_people([person]).in_units(above)
    shelf = shelf or read_shelf()
    return titled(what_came_of(rows, shelf=shelf), shelf=shelf)


def assignments_in(unit: OrgUnit) -> AssignmentQuerySet:
    """What people who work in the unit, or under it, are asked to take there or in a unit above.

    Nothing that another workplace of theirs asks.
    """
    below, above = OrgUnit.objects.under(unit), OrgUnit.objects.above(unit)
    units = OrgUnit.objects.filter(Q(pk__in=below.values("pk")) | Q(pk__in=above.values("pk")))
    return Assignment.objects.standing().of_people(Person.objects.employed_in(below)).in_units(units)


def what_came_of(rows: AssignmentQuerySet, *, shelf: Shelf | None = None) -> AssignmentQuerySet:
    """Each with `completed_at`, when its module was first completed; open ones first.

    In whatever version, or by a module that it has replaced and that counts for it.
    """
    completions = Completion.objects.filter(
        completed_as(shelf or read_shelf(), "module"), learner=OuterRef("person__pseudonym")
    ).order_by("completed_at")
    annotated: AssignmentQuerySet = (
        rows.annotate(completed_at=Subquery(completions.values("completed_at")[:1]))
        .select_related("person", "module", "unit", "assigned_by")
        .order_by(F("completed_at").desc(nulls_first=True), *(Assignment._meta.ordering or ()))
    )
    return annotated


def titled(rows: Iterable[Any], *, shelf: Shelf | None = None) -> list[Assigned]:
    """Rows of `what_came_of`, each with the title of its module. Two queries beside theirs."""
    found = list(rows)
    if not found:
        return []
    titles = titles_of_modules({row.module_id for row in found})
    archived = (shelf or read_shelf()).archived
    return [
        Assigned(row, titles.get(row.module_id, str(row.module)), row.completed_at, row.module_id in archived)
        for row in found
    ]


def titles_of_modules(modules: Iterable[int]) -> dict[int, str]:
    """The newest title of each module that has an edition, in the language in use where there is one."""
    return Edition.objects.titles_of_modules(modules, language_in_use())
