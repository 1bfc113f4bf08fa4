"""Importing a framework: all of a file, or nothing of it."""

import datetime as dt
import hashlib
import json
from typing import Any

from django.db import transaction
from django.db.models import Q

from organisations.models import Profession

from ..enums import ProfileKind
from ..models import (
    Competency,
    CompetencyLevel,
    Domain,
    Framework,
    KeyPersonTask,
    Level,
    ProfessionProfile,
    RequiredLevel,
    RequiredLevelException,
)
from ..validation import faults


class FrameworkRefused(Exception):
    """A framework's file can't be used. `faults` holds a sentence for each thing to mend."""

    def __init__(self, source_name: str, *sentences: str) -> None:
        self.source_name = source_name
        self.faults = list(sentences)
        super().__init__("\n".join([f"{source_name} was not imported:", *sentences]))


def import_framework(data: dict[str, Any], *, source_name: str) -> Framework:
    """Store the file as a version of a framework, in use from its date; the one before it ends then.

    The same file again changes nothing. The same version with other content is refused: evidence
    points to what it was shown against. Raises `FrameworkRefused`, and then nothing was written.
    """
    professions = {profession.code: profession for profession in Profession.objects.all()}
    if sentences := faults(data, professions=set(professions)):
        raise FrameworkRefused(source_name, *sentences)
    fingerprint = fingerprint_of(data)
    meta = data["meta"]
    with transaction.atomic():
        versions = Framework.objects.select_for_update().filter(code=meta["code"])
        earlier = {framework.version: framework for framework in versions}
        stored = earlier.get(meta["version"])
        if stored is not None:
            if stored.fingerprint == fingerprint:
                return stored
            raise FrameworkRefused(
                source_name,
                f"meta: version “{meta['version']}” is stored already, with other content. What was shown "
                "against it must keep its meaning: give the changed file a new “version”.",
            )
        starts_on = dt.date.fromisoformat(meta["date"])
        newest = max((framework.starts_on for framework in earlier.values()), default=None)
        if newest is not None and starts_on <= newest:
            raise FrameworkRefused(
                source_name,
                f"meta: a version dated {newest} is stored. Give the new version a later “date”.",
            )
        open_ended = Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on)
        Framework.objects.filter(open_ended, code=meta["code"]).update(ends_on=starts_on)
        framework = Framework.objects.create(
            code=meta["code"],
            version=meta["version"],
            name_da=meta["name_da"],
            name_en=meta["name_en"],
            dated_on=starts_on,
            starts_on=starts_on,
            review_due_on=months_after(starts_on, meta["review_within_months"]),
            is_proposal=meta["is_proposal"],
            status_da=meta["status_da"],
            status_en=meta["status_en"],
            sources=meta["sources"],
            fingerprint=fingerprint,
        )
        competencies = _store_competencies(framework, data)
        _store_profiles(framework, data, competencies, professions)
        _store_tasks(framework, data, competencies)
    return framework


def fingerprint_of(data: dict[str, Any]) -> str:
    """The same for files that say the same, whatever their spacing and the order of keys."""
    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later; the 28th where the month might be shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    return dt.date(day.year + years, month + 1, min(day.day, 28))


def _store_competencies(framework: Framework, data: dict[str, Any]) -> dict[str, Competency]:
    Level.objects.bulk_create(
        Level(framework=framework, number=row["level"], **_texts(row, "name", "text"))
        for row in data["levels"]
    )
    domains = Domain.objects.bulk_create(
        Domain(framework=framework, code=row["code"], order=order, **_texts(row, "name", "purpose"))
        for order, row in enumerate(data["domains"], start=1)
    )
    by_code = {domain.code: domain for domain in domains}
    competencies = Competency.objects.bulk_create(
        Competency(
            domain=by_code[row["domain"]],
            code=row["code"],
            order=order,
            dimension=row["dimension"],
            needs_editorial_review=row.get("needs_editorial_review", False),
            sources=row["source"],
            **_texts(row, "title", "text"),
        )
        for order, row in enumerate(data["competencies"], start=1)
    )
    CompetencyLevel.objects.bulk_create(
        CompetencyLevel(competency=competency, number=int(number), text_da=text["da"], text_en=text["en"])
        for competency, row in zip(competencies, data["competencies"], strict=True)
        for number, text in row["levels"].items()
    )
    return {competency.code: competency for competency in competencies}


def _store_profiles(
    framework: Framework,
    data: dict[str, Any],
    competencies: dict[str, Competency],
    professions: dict[str, Profession],
) -> None:
    rows = [*data["professional_groups"], *data["role_overlays"]]
    profiles = ProfessionProfile.objects.bulk_create(
        ProfessionProfile(
            framework=framework,
            code=row["code"],
            kind=row.get("kind", ProfileKind.ROLE),
            role=row["role"] or "",
            profession=professions[row["profession"]] if row["profession"] else None,
            sectors=row.get("sectors", []),
            origin=row.get("origin", ""),
            recommended_education_da=row.get("recommended_education_da", ""),
            **_texts(row, "name"),
        )
        for row in rows
    )
    domains = {domain.code: domain for domain in framework.domains.all()}
    RequiredLevel.objects.bulk_create(
        RequiredLevel(profile=profile, domain=domains[code], level=level)
        for profile, row in zip(profiles, rows, strict=True)
        for code, level in row["required_level_by_domain"].items()
    )
    by_code = {profile.code: profile for profile in profiles}
    RequiredLevelException.objects.bulk_create(
        RequiredLevelException(
            profile=by_code[row["group"]],
            competency=competencies[row["competency"]],
            level=row["required_level"],
            why_da=row["why"],
        )
        for row in data["required_level_exceptions"]
    )


def _store_tasks(framework: Framework, data: dict[str, Any], competencies: dict[str, Competency]) -> None:
    for row in data["key_person"]["tasks"]:
        task = KeyPersonTask.objects.create(
            framework=framework, code=row["code"], text_da=row["da"], text_en=row["en"]
        )
        task.competencies.set(competencies[code] for code in row["competencies_level_3"])


def _texts(row: dict[str, Any], *names: str) -> dict[str, str]:
    """The Danish and English columns of these texts."""
    return {f"{name}_{language}": row[f"{name}_{language}"] for name in names for language in ("da", "en")}
