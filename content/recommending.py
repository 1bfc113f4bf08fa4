"""What a learner is recommended to take next on *Min side*, each module with why, in one line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from competencies.models import Competency, Contribution
from competencies.standing import Standing, standings
from courses.domain.paths import NEW
from organisations.models import Person

from .journey import PathRow

#: More than three is a list to choose from, not a recommendation.
AT_MOST = 3


@dataclass(frozen=True)
class Recommendation:
    """A row of the learner's list (page, edition, state) that is recommended, and why."""

    row: dict[str, Any]
    why: str


def recommend(
    person: Person, *, rows: Sequence[dict[str, Any]], paths: Sequence[PathRow]
) -> list[Recommendation]:
    """At most three of `rows`: the next of each of her paths first, then what shows most that she lacks.

    `rows` are modules that are meant for her and that she hasn't begun. A fixed number of queries.
    """
    if not rows:
        return []
    by_key = {row["page"].translation_key: row for row in rows}
    found: dict[Any, str] = {}
    for path in paths:
        step = None if path.progress.is_completed else path.progress.next
        if step is not None and step.state == NEW and step.module.key in by_key:
            found.setdefault(step.module.key, _next_of(path))
    for key, lacking in _what_they_show(standings([person])[person.pk], by_key):
        found.setdefault(key, _gap(lacking))
    return [Recommendation(by_key[key], why) for key, why in list(found.items())[:AT_MOST]]


def _next_of(path: PathRow) -> str:
    return _("The next module of %(path)s: %(done)s of %(total)s are in place.") % {
        "path": path.progress.path.name,
        "done": path.progress.done,
        "total": path.progress.total,
    }


def _gap(lacking: Sequence[Competency]) -> str:
    if len(lacking) == 1:
        return _("It can show “%(title)s”, which is expected of you and isn't in place yet.") % {
            "title": lacking[0].title
        }
    return _("It can show %(count)s competencies that are expected of you and aren't in place yet.") % {
        "count": len(lacking)
    }


def _what_they_show(
    standing: Standing, by_key: dict[Any, dict[str, Any]]
) -> list[tuple[Any, list[Competency]]]:
    """The modules that can show something she lacks, with what; those that show most first."""
    lacking = {
        row.competency.pk: row
        for domain in standing.domains
        for row in domain.competencies
        if row.is_required and not row.is_reached
    }
    shown: dict[Any, dict[int, Competency]] = {}
    keys = {row["edition"].version_id: key for key, row in by_key.items()}
    contributions = Contribution.objects.filter(version__in=keys, competency__in=lacking)
    for version, competency, level in contributions.values_list("version", "competency", "level"):
        if level > lacking[competency].shown:
            shown.setdefault(keys[version], {})[competency] = lacking[competency].competency
    order = list(by_key)
    ranked = sorted(shown.items(), key=lambda pair: (-len(pair[1]), order.index(pair[0])))
    return [(key, list(competencies.values())) for key, competencies in ranked]
