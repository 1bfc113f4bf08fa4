"""Taking a module off the shelf, putting another in its place, and putting it back."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Value
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.models import Person
from organisations.pending import mark_person

from ..models import Archiving, Completion, Edition, LearningPath, Module, PathModule
from .free_text import checked_text

#: Characters of a reason.
LONGEST = 300


@transaction.atomic
def archive(
    module: Module,
    *,
    reason: str,
    by: Person | None,
    replaced_by: Module | None = None,
    counts: bool | None = None,
    at: dt.datetime | None = None,
) -> Archiving:
    """The module can't be begun any more; `replaced_by` takes its places in the learning paths.

    `counts` is whether having completed the old one counts for the new one: with a replacement it has to
    be said. The same decision again changes nothing; another one supersedes it, and what has taken its places
    in the paths stands there until a path is defined anew. Learners whose paths change wait to be projected;
    what was issued stays. Raises ValidationError: no reason, a replacement that
    nobody can begin, no choice with a replacement or one without, the module itself.
    """
    reason = checked_text(reason, longest=LONGEST)
    _lock(module, replaced_by)
    _check(module, replaced_by, counts)
    standing = Archiving.objects.standing().filter(module=module).first()
    now = at or timezone.now()
    if standing is not None:
        said = (standing.reason, standing.replaced_by, standing.counts)
        if said == (reason, replaced_by, counts):
            return standing
        _end(standing, by=by, at=now)
    archiving = Archiving.objects.create(
        module=module,
        reason=reason,
        replaced_by=replaced_by,
        counts=counts,
        decided_by=by,
        decided_at=now,
    )
    if replaced_by is not None:
        _take_places(module, replaced_by)
    _mark_learners([module, *([replaced_by] if replaced_by else [])])
    return archiving


@transaction.atomic
def restore(module: Module, *, by: Person | None) -> None:
    """It can be begun again. Twice is once. The paths stay as they are: another may have taken its places."""
    _lock(module)
    standing = Archiving.objects.standing().filter(module=module).first()
    if standing is not None:
        _end(standing, by=by, at=timezone.now())
        _mark_learners([module, *([standing.replaced_by] if standing.replaced_by else [])])


def archiving_of(module: Module) -> Archiving | None:
    """The decision that holds for the module today; None for a module that is offered."""
    found: Archiving | None = (
        Archiving.objects.standing().filter(module=module).select_related("module", "replaced_by").first()
    )
    return found


def archived_modules() -> QuerySet[Any, Any]:
    """The modules that aren't offered today, for `pk__in` and `module__in`."""
    return Archiving.objects.standing().values("module")


@dataclass(frozen=True)
class Shelf:
    """What holds today: `archived` modules, and in `counted` each module that others count for, with those.

    Also what counts for what counts for it.
    """

    archived: set[int]
    counted: dict[int, set[int]]

    def counting_for(self, modules: set[int]) -> set[int]:
        """The modules themselves, and all that count for one of them."""
        return modules.union(*(self.counted.get(module, ()) for module in modules))


def read_shelf() -> Shelf:
    """One query."""
    rows = list(Archiving.objects.standing().values_list("module", "replaced_by", "counts"))
    followed = {old: new for old, new, counts in rows if counts}
    counted: dict[int, set[int]] = {}
    for old, following in followed.items():
        new, met = following, {old}
        while new not in met:
            counted.setdefault(new, set()).add(old)
            met.add(new)
            new = followed.get(new, old)
    return Shelf({old for old, _new, _counts in rows}, counted)


def completed_as(shelf: Shelf, field: str) -> Q:
    """Completions of the module that `field` of the outer query names, or of one that counts for it.

    For the condition of a subquery on `Completion`.
    """
    condition = Q(version__module=OuterRef(field))
    for new, olds in shelf.counted.items():
        condition |= Q(version__module__in=olds) & Q(Exact(OuterRef(field), Value(new)))
    return condition


def _lock(*modules: Module | None) -> None:
    """Two decisions at once about the same modules come one after the other."""
    keys = sorted(module.pk for module in modules if module is not None)
    list(Module.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def _check(module: Module, replaced_by: Module | None, counts: bool | None) -> None:
    if replaced_by is None:
        if counts is not None:
            raise ValidationError(
                {"counts": _("No module has come in its place, so nothing can count for it.")}
            )
        return
    if replaced_by.pk == module.pk:
        raise ValidationError({"replaced_by": _("A module can't replace itself. Choose another one.")})
    if counts is None:
        raise ValidationError({"counts": _("Choose whether the completion of the old module counts.")})
    if archiving_of(replaced_by) is not None:
        raise ValidationError(
            {"replaced_by": _("That module is archived itself, so nobody can begin it. Choose another one.")}
        )
    if not Edition.objects.filter(version__module=replaced_by).exists():
        raise ValidationError({"replaced_by": _("That module hasn't been published yet. Publish it first.")})


def _end(archiving: Archiving, *, by: Person | None, at: dt.datetime) -> None:
    archiving.ended_by, archiving.ended_at = by, at
    archiving.save(update_fields=["ended_by", "ended_at"])


def _take_places(old: Module, new: Module) -> None:
    """Where a path holds the old one, the new one stands there; where it holds both, the old one goes."""
    has_new = LearningPath.objects.filter(places__module=new)
    PathModule.objects.filter(module=old, path__in=list(has_new.values_list("pk", flat=True))).delete()
    PathModule.objects.filter(module=old).update(module=new)


def _mark_learners(modules: Iterable[Module]) -> None:
    """Whoever has completed something in a path with these modules may have completed the path now."""
    paths = LearningPath.objects.filter(places__module__in=modules)
    others = PathModule.objects.filter(path__in=paths).values("module")
    completions = Completion.objects.filter(Q(version__module__in=others) | Q(version__module__in=modules))
    for person in Person.objects.filter(pseudonym__in=completions.values("learner")):
        mark_person(person)
