"""Whether a framework's file is whole and agrees with itself: every fault, as a sentence each.

Nothing here touches the database; the importer hands in the profession codes that it knows.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from courses.enums import Dimension
from organisations.enums import Role, Sector

from .enums import ProfileKind, Rank

#: What each part of the file must hold.
PARTS = ("meta", "levels", "domains", "competencies", "professional_groups", "role_overlays",
         "required_level_exceptions", "key_person")  # fmt: skip
META = ("code", "version", "date", "review_within_months", "is_proposal", "name_da", "name_en", "status_da",
        "status_en", "sources")  # fmt: skip
LEVEL = ("level", "name_da", "name_en", "text_da", "text_en")
DOMAIN = ("code", "name_da", "name_en", "purpose_da", "purpose_en")
COMPETENCY = ("code", "domain", "title_da", "title_en", "text_da", "text_en", "levels", "dimension", "source")
GROUP = ("code", "name_da", "name_en", "kind", "role", "profession", "sectors", "required_level_by_domain")
OVERLAY = ("code", "name_da", "name_en", "role", "profession", "required_level_by_domain")
EXCEPTION = ("group", "competency", "required_level", "why")
DOCUMENT = ("publisher", "title", "year")
TASK = ("code", "da", "en", "competencies_level_3")

LEVELS = [rank.value for rank in Rank if rank is not Rank.NONE]


def faults(data: Any, *, professions: set[str]) -> list[str]:
    """Every fault of the file: where it is, what is wrong, and what to do. Empty when it can be used."""
    shape = list(_shape(data))
    return shape or list(_contents(data, professions))


def _shape(data: Any) -> Iterator[str]:
    """Missing parts and keys; while there are any, nothing else is looked at."""
    if not isinstance(data, dict):
        yield "The file is not a JSON object. Take the shipped framework.json as the pattern."
        return
    missing = [part for part in PARTS if part not in data]
    yield from (f"The file has no “{part}”. Add it at the top level." for part in missing)
    if missing:
        return
    yield from _missing("meta", data["meta"], META)
    for part, keys in (
        ("levels", LEVEL), ("domains", DOMAIN), ("competencies", COMPETENCY), ("professional_groups", GROUP),
        ("role_overlays", OVERLAY), ("required_level_exceptions", EXCEPTION),
    ):  # fmt: skip
        yield from _rows(part, data[part], keys)
    if isinstance(data["key_person"], dict) and "tasks" in data["key_person"]:
        yield from _rows("key_person.tasks", data["key_person"]["tasks"], TASK)
    else:
        yield "key_person has no “tasks”. Add the list, empty if there are none."


def _rows(part: str, rows: Any, keys: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(rows, list):
        yield f"{part} is not a list. Write it as a list of objects."
        return
    for number, row in enumerate(rows, start=1):
        yield from _missing(_place(part, number, row), row, keys)


def _missing(place: str, row: Any, keys: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(row, dict):
        yield f"{place} is not an object. Write it with the keys {', '.join(keys)}."
        return
    yield from (f"{place} has no “{key}”. Add it." for key in keys if key not in row)


def _place(part: str, number: int, row: Any) -> str:
    """Like `competencies no. 3 (HEL-3)`."""
    named = row.get("code") if isinstance(row, dict) else None
    return f"{part} no. {number} ({named})" if named else f"{part} no. {number}"


def _contents(data: dict, professions: set[str]) -> Iterator[str]:
    domains = [row["code"] for row in data["domains"]]
    competencies = [row["code"] for row in data["competencies"]]
    profiles = data["professional_groups"] + data["role_overlays"]
    yield from _meta(data["meta"])
    yield from _duplicates("domains", domains)
    yield from _duplicates("competencies", competencies)
    yield from _duplicates("professional_groups and role_overlays", [row["code"] for row in profiles])
    yield from _duplicates("key_person.tasks", [row["code"] for row in data["key_person"]["tasks"]])
    if sorted(map(str, (row["level"] for row in data["levels"]))) != [str(level) for level in LEVELS]:
        yield "levels must hold the levels 1, 2 and 3, each once. Correct their “level”."
    for number, row in enumerate(data["competencies"], start=1):
        yield from _competency(_place("competencies", number, row), row, domains)
    for part in ("professional_groups", "role_overlays"):
        for number, row in enumerate(data[part], start=1):
            yield from _profile(_place(part, number, row), row, domains, professions)
    yield from _exceptions(data, competencies)
    for number, row in enumerate(data["key_person"]["tasks"], start=1):
        for code in row["competencies_level_3"]:
            if code not in competencies:
                yield _unknown(_place("key_person.tasks", number, row), "competency", code, "competencies")


def _meta(meta: dict) -> Iterator[str]:
    try:
        dt.date.fromisoformat(meta["date"])
    except (TypeError, ValueError):
        yield f"meta: “{meta['date']}” is not a date. Write it as 2026-11-22."
    months = meta["review_within_months"]
    if not _is_whole(months) or not 1 <= months <= 36:
        yield f"meta: review_within_months is {months!r}. A framework is reviewed within 1 to 36 months."
    for key in ("code", "version"):
        if not isinstance(meta[key], str) or not meta[key].strip():
            yield f"meta: “{key}” is empty. Give the framework a {key}."
    sources = meta["sources"]
    documents = sources.get("documents", {}) if isinstance(sources, dict) else None
    if not isinstance(documents, dict):
        yield "meta: “sources” is not an object with “documents”. Write each document under a key of its own."
        return
    for key, document in documents.items():
        yield from _missing(f"meta.sources.documents {key}", document, DOCUMENT)


def _competency(place: str, row: dict, domains: list[str]) -> Iterator[str]:
    if row["domain"] not in domains:
        yield _unknown(place, "domain", row["domain"], "domains")
    if row["dimension"] not in Dimension.values:
        known = ", ".join(Dimension.values)
        yield f"{place}: the dimension “{row['dimension']}” is not one of {known}. Use one."
    if not isinstance(row["levels"], dict) or sorted(row["levels"]) != [str(level) for level in LEVELS]:
        yield f"{place}: levels must be 1, 2 and 3. Add or remove texts until they are."
        return
    for level, text in row["levels"].items():
        if not isinstance(text, dict) or not text.get("da") or not text.get("en"):
            yield f"{place}: level {level} lacks its text in “da” or “en”. Write both."


def _profile(place: str, row: dict, domains: list[str], professions: set[str]) -> Iterator[str]:
    yield from _profile_kind(place, row)
    yield from _profile_scope(place, row, professions)
    required = row["required_level_by_domain"]
    if not isinstance(required, dict):
        yield f"{place}: required_level_by_domain is not an object. Write a level for each domain."
        return
    for code, level in required.items():
        if code not in domains:
            yield _unknown(place, "domain", code, "domains")
        yield from _level(f"{place}, domain {code}", level)
    for code in domains:
        if code not in required:
            yield f"{place} has no level for the domain {code}. Add it, 0 if nothing is required."


def _profile_kind(place: str, row: dict) -> Iterator[str]:
    kind = row.get("kind", ProfileKind.ROLE)
    if kind not in ProfileKind.values:
        yield f"{place}: the kind “{kind}” is not one of {', '.join(ProfileKind.values)}. Use one."
    if kind == ProfileKind.PROFESSION and not row["profession"]:
        yield f"{place} is of a profession and names none. Set “profession”."
    if kind == ProfileKind.PROFESSION and row["role"]:
        yield f"{place} is of a profession and names a role. Set “role” to null, or “kind” to role."
    if kind == ProfileKind.ROLE and row["role"] not in Role.values:
        yield f"{place}: the role “{row['role']}” is not one of {', '.join(Role.values)}. Use one."


def _profile_scope(place: str, row: dict, professions: set[str]) -> Iterator[str]:
    if row["profession"] and row["profession"] not in professions:
        known = ", ".join(sorted(professions))
        todo = f"Correct it to one of {known}." if known else "Load the reference data first."
        yield f"{place}: the profession “{row['profession']}” is unknown. {todo}"
    for sector in row.get("sectors", []):
        if sector not in Sector.values:
            yield f"{place}: the sector “{sector}” is not one of {', '.join(Sector.values)}. Use one."


def _exceptions(data: dict, competencies: list[str]) -> Iterator[str]:
    groups = [row["code"] for row in data["professional_groups"]]
    pairs = []
    for number, row in enumerate(data["required_level_exceptions"], start=1):
        place = f"required_level_exceptions no. {number} ({row['group']}, {row['competency']})"
        if row["group"] not in groups:
            yield _unknown(place, "professional group", row["group"], "professional_groups")
        if row["competency"] not in competencies:
            yield _unknown(place, "competency", row["competency"], "competencies")
        yield from _level(place, row["required_level"])
        pairs.append(f"{row['group']}, {row['competency']}")
    yield from _duplicates("required_level_exceptions", pairs)


def _level(place: str, level: Any) -> Iterator[str]:
    if not _is_whole(level) or level not in Rank.values:
        yield f"{place}: the level {level!r} is not 0, 1, 2 or 3. Correct it."


def _duplicates(part: str, codes: list[str]) -> Iterator[str]:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            yield f"{part}: “{code}” stands there twice. Remove one, or give it a code of its own."
        seen.add(code)
    for code in seen:
        if isinstance(code, str) and "/" in code:
            yield f"{part}: “{code}” holds a “/”, and a code stands in addresses. Write another sign."


def _unknown(place: str, what: str, code: Any, part: str) -> str:
    return f"{place}: the {what} “{code}” is unknown. Correct it, or add it to {part}."


def _is_whole(number: Any) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)
