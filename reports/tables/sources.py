"""What showed a competency: the module, what earned it, on which day, and who confirmed it.

Days only. Answers, attempts and times of day are the learner's own and are not read here.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, prefetch_related_objects
from django.utils.module_loading import import_string
from django.utils.timezone import localdate
from django.utils.translation import get_language

from competencies.enums import EarnedBy
from competencies.models import Evidence
from competencies.standing import CompetencyStanding, DomainStanding, Standing
from courses.models import Archiving, Confirmation, Edition, ModuleVersion
from organisations.models import Person


@dataclass(frozen=True)
class Replacement:
    """What has come in the place of a module that isn't offered any more; `url` is empty without a page."""

    title: str
    lang: str
    url: str


@dataclass(frozen=True)
class Source:
    """One piece of evidence in words. `lang` is the language that the title is written in.

    `is_archived`: the module isn't offered any more; what it showed, it has shown. `statement` is shown
    on the learner's own page only, which opens down to it.
    """

    title: str
    lang: str
    version: int
    level: int
    is_confirmation: bool
    day: dt.date
    confirmed_by: str
    statement: uuid.UUID
    is_archived: bool
    replacement: Replacement | None


@dataclass(frozen=True)
class CompetencyRow:
    standing: CompetencyStanding
    sources: list[Source]


@dataclass(frozen=True)
class DomainRow:
    standing: DomainStanding
    rows: list[CompetencyRow]


def open_domains(standing: Standing) -> list[DomainRow]:
    """A person's domains, opened down to what showed each competency. Seven queries at most."""
    evidence = [row for domain in standing.domains for item in domain.competencies for row in item.evidence]
    sources = _sources(evidence)
    return [
        DomainRow(
            domain,
            [CompetencyRow(item, [sources[row.pk] for row in item.evidence]) for item in domain.competencies],
        )
        for domain in standing.domains
    ]


def _sources(evidence: list[Evidence]) -> dict[int, Source]:
    prefetch_related_objects(evidence, Prefetch("version", ModuleVersion.objects.select_related("module")))
    titles = titles_of(row.version_id for row in evidence)
    confirmers = _confirmers(row for row in evidence if row.earned_by == EarnedBy.CONFIRMED_PRACTICE)
    archived = _archived({row.version.module_id for row in evidence})
    sources = {}
    for row in evidence:
        title, lang = titles.get(row.version_id, (str(row.version.module), ""))
        sources[row.pk] = Source(
            title=title,
            lang=lang,
            version=row.version.number,
            level=row.level,
            is_confirmation=row.earned_by == EarnedBy.CONFIRMED_PRACTICE,
            day=localdate(row.shown_at),
            confirmed_by=confirmers.get(row.statement, ""),
            statement=row.statement,
            is_archived=row.version.module_id in archived,
            replacement=archived.get(row.version.module_id),
        )
    return sources


def _archived(modules: set[int]) -> dict[int, Replacement | None]:
    """Those of the modules that aren't offered any more, each with what has come in its place, if anything.

    One query; three where something has.
    """
    standing = Archiving.objects.standing().filter(module__in=modules).select_related("replaced_by")
    found = {row.module_id: row.replaced_by for row in standing}
    others = [module for module in found.values() if module is not None]
    titles = titles_of_modules(module.iri for module in others) if others else {}
    addresses = import_string(settings.MODULE_ADDRESSES)({module.key for module in others})
    return {
        pk: Replacement(*titles.get(new.iri, (str(new), "")), addresses.get(new.key, "")) if new else None
        for pk, new in found.items()
    }


def titles_of(versions: Iterable[int]) -> dict[int, tuple[str, str]]:
    """The newest title of each version, and its language: the page's, else whichever there is."""
    rows = Edition.objects.filter(version__in=set(versions)).order_by("number")
    return _preferred(rows.values_list("version_id", "language", "title"))


def titles_of_modules(iris: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The newest title of each module, by its activity IRI, and its language."""
    rows = Edition.objects.filter(version__module__iri__in=set(iris)).order_by("version__number", "number")
    return _preferred(rows.values_list("version__module__iri", "language", "title"))


def _preferred(rows: Iterable[tuple[Any, str, str]]) -> dict[Any, tuple[str, str]]:
    """The last title in the page's language, else the last there is."""
    wanted = (get_language() or "da")[:2]
    titles: dict[Any, tuple[str, str]] = {}
    for key, language, title in rows:
        if language == wanted or titles.get(key, ("", ""))[1] != wanted:
            titles[key] = (title, language)
    return titles


def _confirmers(evidence: Iterable[Evidence]) -> dict:
    """The name of who confirmed, by the confirmation's statement; none where she is known no more."""
    confirmed = dict(
        Confirmation.objects.filter(statement__in=[row.statement for row in evidence]).values_list(
            "statement", "confirmed_by"
        )
    )
    names = Person.objects.names(confirmed.values())
    return {statement: names.get(pseudonym, "") for statement, pseudonym in confirmed.items()}
