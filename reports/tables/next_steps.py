"""What can bring a person further with a competency that is asked of her. For her own page."""

from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from competencies.enums import EarnedBy
from competencies.models import Contribution
from competencies.standing import Standing
from courses.domain.archiving import archived_modules
from courses.models import Edition
from organisations.bilingual import language_in_use
from organisations.models import Person

#: What the learner does herself; a sign-off is her leader's to give.
BY_HERSELF = (EarnedBy.ANSWERS, EarnedBy.CONFIRMED_PRACTICE)
#: More than two is a list to choose from.
AT_MOST = 2


@dataclass(frozen=True)
class NextStep:
    """A module that shows more than she has shown; `by_practice` where its practice task does."""

    title: str
    lang: str
    url: str
    by_practice: bool


def next_steps(person: Person, standing: Standing) -> dict[int, list[NextStep]]:
    """By the key of each competency that isn't in place: at most two modules, those that are enough first.

    Only modules with a page, for one of her professions today, by what their newest version shows. Three
    queries, and those of the addresses.
    """
    lacking = {
        row.competency.pk: row
        for domain in standing.domains
        for row in domain.competencies
        if row.is_required and not row.is_reached
    }
    useful = [
        row
        for row in Contribution.objects.filter(competency__in=lacking, earned_by__in=BY_HERSELF)
        .exclude(version__module__in=archived_modules())
        .select_related("version__module")
        if row.level > lacking[row.competency_id].shown
    ]
    editions = _newest({row.version.module_id for row in useful})
    professions = {work.profession.code for work in person.work_today}
    addresses = import_string(settings.MODULE_ADDRESSES)({row.version.module.key for row in useful})
    found: dict[int, list[tuple[tuple[bool, str], NextStep]]] = defaultdict(list)
    for row in useful:
        module, edition = row.version.module, editions.get(row.version.module_id)
        if edition is None or edition.version_id != row.version_id or module.key not in addresses:
            continue
        if professions.isdisjoint(edition.professions or ()):
            continue
        by_practice = row.earned_by == EarnedBy.CONFIRMED_PRACTICE
        step = NextStep(edition.title, edition.language, addresses[module.key], by_practice)
        is_too_little = row.level < lacking[row.competency_id].required
        found[row.competency_id].append(((is_too_little, module.code), step))
    return {competency: _first(steps) for competency, steps in found.items()}


def _first(steps: list[tuple[tuple[bool, str], NextStep]]) -> list[NextStep]:
    """Each module once, by what of it is enough."""
    by_module: dict[str, NextStep] = {}
    for _place, step in sorted(steps, key=lambda pair: pair[0]):
        by_module.setdefault(step.url, step)
    return list(by_module.values())[:AT_MOST]


def _newest(modules: set[int]) -> dict[int, Edition]:
    """The newest edition of each module's newest version, in the language in use where there is one."""
    language = language_in_use()
    found: dict[int, Edition] = {}
    editions = Edition.objects.outlined().filter(version__module__in=modules).select_related("version")
    for edition in editions.newest_first():
        newest = found.setdefault(edition.version.module_id, edition)
        is_better = edition.language == language and newest.language != language
        if is_better and edition.version_id == newest.version_id:
            found[edition.version.module_id] = edition
    return found
