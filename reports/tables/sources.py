"""What showed a competency: the module, what earned it, on which day, and who confirmed it. Or who signed
it off, and what that rests on.

Days only. Answers, attempts and times of day are the learner's own and are not read here.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, prefetch_related_objects
from django.utils.module_loading import import_string
from django.utils.timezone import localdate
from django.utils.translation import get_language

from competencies.enums import EarnedBy, SignOffBasis
from competencies.models import Evidence, SelfAssessment, SignOff
from competencies.standing import CompetencyStanding, DomainStanding, Standing
from courses.models import Archiving, Confirmation, Edition, ModuleVersion
from organisations.models import Person

from .next_steps import NextStep


@dataclass(frozen=True)
class Replacement:
    """What has come in the place of a module that isn't offered any more; `url` is empty without a page."""

    title: str
    lang: str
    url: str


@dataclass(frozen=True)
class Source:
    """One piece of evidence in words. `lang` is the language that the title is written in.

    Of a sign-off the title says what it rests on, and there is no `version`. `is_archived`: the module isn't
    offered any more; what it showed, it has shown. `statement` is shown on the learner's own page only, which
    opens down to it.
    """

    title: str
    lang: str
    version: int | None
    level: int
    is_confirmation: bool
    day: dt.date
    confirmed_by: str
    statement: uuid.UUID
    is_archived: bool = False
    replacement: Replacement | None = None


@dataclass(frozen=True)
class CompetencyRow:
    """`said` is what she says of it herself, and `next` what can bring her further: on her own page only."""

    standing: CompetencyStanding
    sources: list[Source]
    said: SelfAssessment | None = None
    next: list[NextStep] | None = None


@dataclass(frozen=True)
class DomainRow:
    standing: DomainStanding
    rows: list[CompetencyRow]


def open_domains(
    standing: Standing,
    *,
    said: Mapping[int, SelfAssessment] = MappingProxyType({}),
    steps: Mapping[int, list[NextStep]] | None = None,
) -> list[DomainRow]:
    """A person's domains, opened down to what showed each competency. Nine queries at most.

    `said` is what she says herself and `steps` what can bring her further, by competency: for her own page.
    """
    evidence = [row for domain in standing.domains for item in domain.competencies for row in item.evidence]
    sources = _sources(evidence)

    def opened(item: CompetencyStanding) -> CompetencyRow:
        key = item.competency.pk
        is_lacking = item.is_required and not item.is_reached
        next_ = steps.get(key, []) if steps is not None and is_lacking else None
        return CompetencyRow(item, [sources[row.pk] for row in item.evidence], said.get(key), next_)

    return [DomainRow(domain, [opened(item) for item in domain.competencies]) for domain in standing.domains]


def _sources(evidence: list[Evidence]) -> dict[int, Source]:
    prefetch_related_objects(evidence, Prefetch("version", ModuleVersion.objects.select_related("module")))
    of_modules = [(row, row.version) for row in evidence if row.version is not None]
    sign_offs = [row for row in evidence if row.version is None]
    return {**_of_modules(of_modules), **(_of_sign_offs(sign_offs) if sign_offs else {})}


def _of_modules(evidence: list[tuple[Evidence, ModuleVersion]]) -> dict[int, Source]:
    titles = titles_of(version.pk for _row, version in evidence)
    confirmers = _confirmers(
        row for row, _version in evidence if row.earned_by == EarnedBy.CONFIRMED_PRACTICE
    )
    archived = _archived({version.module_id for _row, version in evidence})
    sources = {}
    for row, version in evidence:
        title, lang = titles.get(version.pk, (str(version.module), ""))
        sources[row.pk] = Source(
            title=title,
            lang=lang,
            version=version.number,
            level=row.level,
            is_confirmation=row.earned_by == EarnedBy.CONFIRMED_PRACTICE,
            day=localdate(row.shown_at),
            confirmed_by=confirmers.get(row.statement, ""),
            statement=row.statement,
            is_archived=version.module_id in archived,
            replacement=archived.get(version.module_id),
        )
    return sources


def _of_sign_offs(evidence: list[Evidence]) -> dict[int, Source]:
    """What each rests on, and by whom; neither where the row is gone, as in a store that has moved."""
    rows = SignOff.objects.filter(statement__in=[row.statement for row in evidence])
    signed = {row.statement: row for row in rows.select_related("signed_by")}
    sources = {}
    for row in evidence:
        sign_off = signed.get(row.statement)
        sources[row.pk] = Source(
            title=rests_on(sign_off) if sign_off else str(EarnedBy.COURSE_OR_SIGN_OFF.label),
            lang="",
            version=None,
            level=row.level,
            is_confirmation=True,
            day=localdate(row.shown_at),
            confirmed_by=sign_off.signed_by.full_name if sign_off and sign_off.signed_by else "",
            statement=row.statement,
        )
    return sources


def rests_on(sign_off: SignOff) -> str:
    """What a sign-off rests on, with the name of what was attended."""
    kind = str(SignOffBasis(sign_off.basis).label)
    return f"{kind}: {sign_off.attended}" if sign_off.attended else kind


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
