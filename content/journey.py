"""Where a learner is in a module, and in a list of them: read, never written."""

import math
import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest
from django.utils.translation import get_language

from courses.domain import enrolment
from courses.domain.archiving import archiving_of
from courses.domain.assignments import Assigned, assigned_to
from courses.domain.paths import PathProgress, PathStep, progress_of_paths, with_modules
from courses.domain.progress import Progress, progress_of
from courses.domain.taken import NEW, Taken
from courses.models import Archiving, Edition, Enrolment, TaskNote
from organisations.models import Person

from .domain.publishing import newest_edition


@dataclass
class Journey:
    """Where one learner is in one module."""

    person: Person | None
    edition: Edition
    enrolment: Enrolment | None
    progress: Progress | None

    @property
    def is_completed(self) -> bool:
        return self.enrolment is not None and not self.enrolment.is_open

    @property
    def steps_done(self) -> int:
        return self.progress.steps_done if self.progress else 0


def in_catalogue_order(pages: Any) -> Any:
    """Module pages in the order in which the editors have put the original ones (Wagtail's menu order).

    Without their steps: a list shows none of them, and they are long.
    """
    originals = pages.model.objects.filter(
        translation_key=OuterRef("translation_key"), locale__language_code=settings.LANGUAGE_CODE
    )
    return pages.defer("steps").alias(place=Subquery(originals.values("path")[:1])).order_by("place", "path")


def list_context(
    request: HttpRequest, pages: Any, *, taken: Taken, keeps_own: bool = False
) -> dict[str, Any]:
    """The modules of a list, those for the viewer's profession first, each with where she is in it.

    What is archived has left the list; `keeps_own` keeps what the viewer has begun or completed.
    """
    person = person_of(request)
    professions = professions_of(person)
    wanted = request.GET.get("vis") == "alle" or not professions
    editions = _newest_editions(pages)
    rows = []
    for page in pages:
        edition = editions.get(page.translation_key)
        if edition is None:
            continue
        version = edition.version
        state = taken.state_of(version.module_id)
        is_archived = version.module_id in taken.shelf.archived
        if is_archived and not (keeps_own and state != NEW):
            continue
        is_mine = bool(professions & set(edition.professions))
        if wanted or is_mine:
            rows.append(
                {
                    "page": page,
                    "edition": edition,
                    "is_mine": is_mine,
                    "state": state,
                    "is_archived": is_archived,
                    "is_renewed": version.number > taken.newest_completed.get(version.module_id, math.inf),
                }
            )
    return {"rows": rows, "person": person, "shows_all": wanted, "has_profession": bool(professions)}


@dataclass
class PathRow:
    """One of a learner's paths, each of its modules with the page where it is taken, if one is live."""

    progress: PathProgress
    steps: list[tuple[PathStep, Any]]

    @property
    def next(self) -> tuple[PathStep, Any] | None:
        return next((pair for pair in self.steps if pair[0] is self.progress.next), None)


def path_rows(person: Person | None, pages: Any, *, taken: Taken) -> list[PathRow]:
    """The person's paths today, those that aren't completed first."""
    if person is None:
        return []
    by_key = {page.translation_key: page for page in pages}
    rows = [
        PathRow(progress, [(step, by_key.get(step.module.key)) for step in progress.steps])
        for progress in progress_of_paths(person, taken=taken)
    ]
    return sorted(rows, key=lambda row: row.progress.is_completed)


def asked_rows(person: Person | None, pages: Any, *, taken: Taken) -> list[tuple[Assigned, Any]]:
    """What the person is asked to take and hasn't completed, each with its page, if one is live.

    Nothing that she can't begin any more; in the middle of it she may finish it.
    """
    if person is None:
        return []
    by_key = {page.translation_key: page for page in pages}
    rows = [row for row in assigned_to(person, shelf=taken.shelf) if not row.is_done]
    return [
        (row, by_key.get(row.assignment.module.key))
        for row in rows
        if not row.is_archived or row.assignment.module_id in taken.going
    ]


@dataclass(frozen=True)
class AskedBack:
    """What more is asked for at a practice task, and the step's page; None where no page opens that one."""

    note: TaskNote
    page: Any
    step: int

    @property
    def edition(self) -> Edition:
        return self.note.enrolment.edition


def asked_back_rows(notes: list[TaskNote], pages: Any) -> list[AskedBack]:
    """Each note with where the learner hands in again. No query where there is none."""
    if not notes:
        return []
    by_key = {page.translation_key: page for page in pages}
    return [
        AskedBack(
            note=note,
            page=by_key.get(note.enrolment.module.key) if getattr(note, "is_latest", False) else None,
            step=note.enrolment.edition.step_of(note.item),
        )
        for note in notes
    ]


def choose_path(request: HttpRequest, listed: dict[str, Any], *, taken: Taken) -> dict[str, Any]:
    """What a list of modules needs to be narrowed to one path: the paths, and the one that is chosen.

    Somebody who looks at the modules for her profession is offered her own paths, others all.
    """
    paths: dict[str, tuple[str, list[uuid.UUID]]]
    if listed["person"] and not listed["shows_all"]:
        own = progress_of_paths(listed["person"], taken=taken)
        paths = {row.path.code: (row.path.name, [step.module.key for step in row.steps]) for row in own}
    else:
        paths = {
            path.code: (path.name, [place.module.key for place in path.places.all()])
            for path in with_modules(row["page"].translation_key for row in listed["rows"])
        }
    chosen = request.GET.get("forloeb", "")
    if chosen not in paths:
        return {**listed, "paths": paths}
    name, keys = paths[chosen]
    rows = {row["page"].translation_key: row for row in listed["rows"]}
    return {
        **listed,
        "paths": paths,
        "path": chosen,
        "path_name": name,
        "rows": [rows[key] for key in keys if key in rows],
    }


def person_of(request: HttpRequest) -> Person | None:
    return request.user.person if request.user.is_authenticated else None


def professions_of(person: Person | None) -> set[str]:
    """The codes of what the person works as today."""
    if person is None:
        return set()
    return {employment.profession.code for employment in person.work_today}


def journey_of(request: HttpRequest, page: Any) -> Journey:
    """Where the viewer is: the edition that she began, or the one that she would begin."""
    person = person_of(request)
    going = enrolment.latest_enrolment(person, key=page.translation_key) if person else None
    edition = going.edition if going else newest_edition(page)
    if edition is None:
        raise Http404
    return Journey(person, edition, going, progress_of(going) if going else None)


def own_journey(request: HttpRequest, page: Any) -> Any:
    """The viewer's journey with its enrolment, or nothing when she has none."""
    if person_of(request) is None:
        return None
    journey = journey_of(request, page)
    return journey if journey.enrolment is not None else None


@dataclass(frozen=True)
class Archived:
    """That a module isn't offered any more, why, and the page of what has come in its place, if one is live.

    `counts` is whether the completion of this module counts for it.
    """

    archiving: Archiving
    page: Any

    @property
    def counts(self) -> bool:
        return bool(self.archiving.counts)


def archived_of(page: Any, edition: Edition) -> Archived | None:
    """None for a module that is offered. The replacement's page is in the language of this one."""
    archiving = archiving_of(edition.version.module)
    if archiving is None:
        return None
    other = None
    if archiving.replaced_by is not None:
        pages = type(page).objects.live().filter(translation_key=archiving.replaced_by.key)
        other = pages.filter(locale=page.locale).first()
    return Archived(archiving, other)


def other_language(journey: Journey, page: Any) -> str:
    """A learner finishes the edition that she began: the address of its language, when it's another."""
    if journey.enrolment is None or not journey.enrolment.is_open:
        return ""
    if journey.edition.language == page.locale.language_code:
        return ""
    sibling = page.get_translations().filter(locale__language_code=journey.edition.language).live().first()
    return sibling.url if sibling else ""


def _newest_editions(pages: Any) -> dict[uuid.UUID, Edition]:
    """The outline of each module's newest edition in the page's language. One query."""
    keys = [page.translation_key for page in pages]
    language = (get_language() or "da")[:2]
    newest: dict[uuid.UUID, Edition] = {}
    rows = (
        Edition.objects.filter(version__module__key__in=keys)
        .in_language(language)
        .outlined()
        .select_related("version__module")
        .newest_first()
    )
    for edition in rows:
        newest.setdefault(edition.version.module.key, edition)
    return newest
