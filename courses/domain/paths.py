"""Learning paths: who is on which, and how far. Nothing about progress is stored: it is asked."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Prefetch

from organisations.bilingual import language_in_use
from organisations.days import today
from organisations.enums import Role
from organisations.models import Employment, Person, Profession, RoleGrant
from organisations.pending import mark_person

from ..models import Completion, Edition, LearningPath, Module, PathModule
from ..querysets import fitting
from .taken import DONE, NEW, OPEN, Taken, read_taken


@dataclass(frozen=True)
class PathStep:
    """A module of a path, and where the learner is in it. `completion` is her first of any version.

    It may be of a module that this one has replaced and that counts for it: `completed_as` is then that
    module's title, and empty otherwise. `is_archived` where the module isn't offered any more.
    """

    module: Module
    title: str
    state: str
    completion: Completion | None
    completed_as: str = ""
    is_archived: bool = False


@dataclass(frozen=True)
class PathProgress:
    """How far a learner is on a path: `steps` are the modules of it that are meant for her.

    `deadline` is the proposed day; None where none is proposed, or no first day is known.
    """

    path: LearningPath
    steps: list[PathStep]
    deadline: dt.date | None

    @property
    def done(self) -> int:
        return sum(step.state == DONE for step in self.steps)

    @property
    def total(self) -> int:
        return len(self.steps)

    @property
    def is_completed(self) -> bool:
        """Some version of each module that is meant for her was completed. Nothing isn't everything."""
        return self.total > 0 and self.done == self.total

    @property
    def next(self) -> PathStep | None:
        """What she is in the middle of, else the first that she hasn't begun."""
        waiting = [step for step in self.steps if step.state != DONE]
        return next((step for step in waiting if step.state == OPEN), waiting[0] if waiting else None)


@transaction.atomic
def define_path(
    *,
    code: str,
    name: tuple[str, str],
    summary: tuple[str, str] = ("", ""),
    modules: Sequence[Module],
    professions: Iterable[Profession] = (),
    for_key_persons: bool = False,
    deadline_days: int | None = None,
    order: int = 0,
) -> LearningPath:
    """Make the path as it is described here (texts in Danish and English); again, it changes nothing.

    Learners who have completed a module of a path that is new or has other modules now wait to be
    projected. What was issued for the path before stays as it is. Raises ValueError without a module.
    """
    if not modules:
        raise ValueError(f"The path {code} holds no module.")
    path, _made = LearningPath.objects.update_or_create(
        code=code,
        defaults={
            "name_da": name[0],
            "name_en": name[1],
            "summary_da": summary[0],
            "summary_en": summary[1],
            "for_key_persons": for_key_persons,
            "deadline_days": deadline_days,
            "order": order,
        },
    )
    path.professions.set(professions)
    place_modules(path, modules=modules)
    return path


@transaction.atomic
def place_modules(path: LearningPath, *, modules: Sequence[Module]) -> None:
    """Put these modules into the path in this order, and no others; again, it changes nothing.

    Learners who have completed one of them now wait to be projected. Raises ValueError without a module.
    """
    if not modules:
        raise ValueError(f"The path {path.code} holds no module.")
    wanted = [(module.pk, place) for place, module in enumerate(modules, start=1)]
    LearningPath.objects.select_for_update().get(pk=path.pk)
    if list(path.places.order_by("order").values_list("module_id", "order")) != wanted:
        path.places.all().delete()
        PathModule.objects.bulk_create(
            PathModule(path=path, module_id=module, order=place) for module, place in wanted
        )
        learners = Completion.objects.filter(version__module__in=modules).values("learner")
        for person in Person.objects.filter(pseudonym__in=learners):
            mark_person(person)


def paths_for(person: Person, *, on: dt.date | None = None) -> list[LearningPath]:
    """The paths that are for the person on the day: by her professions, or as a key person."""
    return [row.path for row in progress_of_paths(person, on=on)]


def progress_of_paths(
    person: Person, *, on: dt.date | None = None, taken: Taken | None = None
) -> list[PathProgress]:
    """The person's paths on the day, with how far she is today. Nine queries at most.

    A path shows only the modules that are meant for one of her professions, and is completed by
    those, where a path and a module's own target group disagree. On a path that she is on as a key
    person the role is what its modules are meant for, and she meets them all. A path with nothing for
    her isn't hers. A module that isn't offered any more is asked of nobody: it stands there for whoever has
    completed it.
    """
    day = on or today()
    first_days = _first_days(person, day)
    paths = LearningPath.objects.prefetch_related(
        "professions", Prefetch("places", PathModule.objects.select_related("module"))
    )
    if not _is_key_person(person, day):
        paths = paths.filter(professions__code__in=first_days).distinct()
    hers = []
    for path in paths:
        codes = {profession.code for profession in path.professions.all()} & set(first_days)
        if codes or path.for_key_persons:
            hers.append((path, codes))
    modules = {place.module_id for path, _codes in hers for place in path.places.all()}
    if not modules:
        return []
    taken = taken or read_taken(person)
    shelf = taken.shelf
    known = _known_modules(shelf.counting_for(modules))
    completions = _first_completions(modules, taken)
    found = []
    for path, codes in hers:
        steps = []
        for place in path.places.all():
            title, professions = known.get(place.module_id, ("", frozenset()))
            completion = completions.get(place.module_id)
            is_archived = place.module_id in shelf.archived
            if not title or (is_archived and not completion):
                continue
            if path.for_key_persons or professions & set(first_days):
                state = DONE if completion else OPEN if place.module_id in taken.going else NEW
                other = completion.version.module_id if completion else place.module_id
                completed_as = "" if other == place.module_id else known[other][0]
                steps.append(PathStep(place.module, title, state, completion, completed_as, is_archived))
        if steps:
            found.append(PathProgress(path, steps, _deadline(path, [first_days[code] for code in codes])))
    return found


def _is_key_person(person: Person, day: dt.date) -> bool:
    if day == today():
        return Role.KEY_PERSON in person.roles_today
    return RoleGrant.objects.active(on=day).with_role(Role.KEY_PERSON).filter(person=person).exists()


def _first_days(person: Person, day: dt.date) -> dict[str, dt.date]:
    """Her professions on the day, each with the first day of the newest employment in it."""
    if day == today():
        return {employment.profession.code: employment.starts_on for employment in person.work_today}
    rows = Employment.objects.current(on=day).filter(person=person).order_by("starts_on")
    return dict(rows.values_list("profession__code", "starts_on"))


def _deadline(path: LearningPath, first_days: list[dt.date]) -> dt.date | None:
    if path.deadline_days is None or not first_days:
        return None
    return max(first_days) + dt.timedelta(days=path.deadline_days)


def _known_modules(modules: set[int]) -> dict[int, tuple[str, frozenset[str]]]:
    """Of each module that has an edition: its newest title, and for which professions it is meant.

    The title is in the language in use where there is one. The newest version's editions decide.
    """
    rows = list(
        Edition.objects.filter(version__module__in=modules)
        .newest_first()
        .values_list("version__module_id", "version_id", "language", "title", "content__professions")
    )
    titles = fitting([row[:4] for row in rows], language_in_use())
    professions = {row[0]: frozenset(row[4] or []) for row in reversed(rows)}
    return {module: (title, professions[module]) for module, title in titles.items()}


def _first_completions(modules: set[int], taken: Taken) -> dict[int, Completion]:
    """The first completion of each module, whatever the version; else of one that counts for it."""
    first: dict[int, Completion] = {}
    for completion in taken.completions:
        first.setdefault(completion.version.module_id, completion)
    found = {}
    for module in modules:
        counting = [first[old] for old in taken.shelf.counted.get(module, ()) if old in first]
        if module in first:
            found[module] = first[module]
        elif counting:
            found[module] = min(counting, key=lambda completion: completion.completed_at)
    return found


def with_modules(keys: Iterable[uuid.UUID]) -> list[LearningPath]:
    """The paths that hold any of these modules, each with the keys of its modules. Two queries."""
    return list(
        LearningPath.objects.filter(places__module__key__in=list(keys))
        .distinct()
        .prefetch_related("places__module")
    )
