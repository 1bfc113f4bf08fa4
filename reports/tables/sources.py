"""What showed a competency: the module, what earned it, on which day, and who confirmed it.

Days only. Answers, attempts and times of day are the learner's own and are not read here.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.timezone import localdate
from django.utils.translation import get_language

from competencies.enums import EarnedBy
from competencies.models import Evidence
from competencies.standing import CompetencyStanding, DomainStanding, Standing
from courses.models import Confirmation, Edition, ModuleVersion
from organisations.models import Person


@dataclass(frozen=True)
class Source:
    """One piece of evidence in words. `lang` is the language that the title is written in.

    `statement` is shown on the learner's own page only, which opens down to it.
    """

    title: str
    lang: str
    version: int
    level: int
    is_confirmation: bool
    day: dt.date
    confirmed_by: str
    statement: uuid.UUID


@dataclass(frozen=True)
class CompetencyRow:
    standing: CompetencyStanding
    sources: list[Source]


@dataclass(frozen=True)
class DomainRow:
    standing: DomainStanding
    rows: list[CompetencyRow]


def open_domains(standing: Standing) -> list[DomainRow]:
    """A person's domains, opened down to what showed each competency. Four queries at most."""
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
        )
    return sources


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
    statements = [row.statement for row in evidence]
    if not statements:
        return {}
    confirmed = dict(
        Confirmation.objects.filter(statement__in=statements).values_list("statement", "confirmed_by")
    )
    names = {
        person.pseudonym: person.full_name for person in Person.objects.by_pseudonym(*set(confirmed.values()))
    }
    return {statement: names.get(pseudonym, "") for statement, pseudonym in confirmed.items()}
