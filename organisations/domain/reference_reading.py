"""What the reference files say, as rows that are ready to be loaded.

Everything is read and checked before anything is written: what is wrong comes out in one go.
`organisations/data/README.md` says where each file comes from and how sure it is.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..enums import AreaKind, UnitKind, Verification
from ..validators import validate_cvr, validate_municipality_code, validate_sor_code
from .reference_files import Problems, Record, Unique, read_csv, read_json

#: By these words in its own name, a part of a hospital is a ward; else it is a department.
WARD_WORDS = {"afsnit", "sengeafsnit", "sengeafdeling"}

REGION_COLUMNS = ["code", "region_code", "name", "starts_on", "ends_on", "verification", "source", "note"]
PROFESSION_COLUMNS = ["code", "name_da", "name_en", "authorisation_education_code"]
MUNICIPALITY_COLUMNS = [
    "kommunekode",
    "name",
    "region_code",
    "region_name",
    "population",
    "population_year",
    "official_name",
    "cvr",
    "sundhedsraad_id",
    "region_name_from_2027",
]
MUNICIPALITY_SOURCE = (
    "Danmarks Adressers Web API (DAWA), oktober 2024, sammenholdt med django-localflavor 5.1; "
    "folketal: Danmarks Statistik, 1. januar {year}; CVR-nummer og officielt navn: et åbent datasæt, "
    "ikke slået op i CVR"
)


@dataclass(frozen=True)
class Place:
    unit: str
    parent: str
    starts_on: dt.date


@dataclass(frozen=True)
class Membership:
    area: str
    unit: str
    starts_on: dt.date
    ends_on: dt.date | None
    verification: str
    source: str
    note: str = ""


@dataclass
class Reference:
    """Rows by their stable codes; units and areas as the fields that the files decide."""

    professions: dict[str, dict[str, Any]] = field(default_factory=dict)
    units: dict[str, dict[str, Any]] = field(default_factory=dict)
    areas: dict[str, dict[str, Any]] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)


@dataclass(frozen=True)
class Region:
    area: str
    unit: str
    region_code: str
    name: str
    starts_on: dt.date
    ends_on: dt.date | None
    verification: str
    source: str


def read_reference(folder: Path) -> Reference:
    """Read and check all files in the folder. Raises ReferenceDataError with every problem found."""
    problems = Problems()
    reference = Reference()
    _professions(folder, reference, problems)
    regions = _regions(folder, reference, problems)
    if not regions:
        problems.refuse_if_any()  # what the other files say can't be judged without them
    municipalities = _municipalities(folder, reference, problems, regions)
    if not municipalities:
        problems.refuse_if_any()  # nor without these
    _health_councils(folder, reference, problems, regions, municipalities)
    hospitals = _hospitals(folder, reference, problems, regions)
    _clusters(folder, reference, problems, municipalities, hospitals)
    problems.refuse_if_any()
    return reference


def _professions(folder: Path, reference: Reference, problems: Problems) -> None:
    unique = Unique("profession")
    rows = read_csv(folder, "professions.csv", columns=PROFESSION_COLUMNS, problems=problems)
    for order, row in enumerate(rows, start=1):
        code = row.text("code")
        if unique(row, code):
            reference.professions[code] = {
                "name_da": row.text("name_da"),
                "name_en": row.text("name_en"),
                "authorisation_education_code": row.text("authorisation_education_code", optional=True),
                "order": order,
            }


def _regions(folder: Path, reference: Reference, problems: Problems) -> list[Region]:
    """Each region twice: an employer with hospitals under it, and the geography it covers."""
    regions = []
    unique_area, unique_code, unique_name = Unique("code"), Unique("region code"), Unique("region")
    for row in read_csv(folder, "regions.csv", columns=REGION_COLUMNS, problems=problems):
        region_code = row.text("region_code", optional=True)
        starts_on, ends_on = row.first_day(), row.day("ends_on", optional=True)
        region = Region(
            area=row.text("code"),
            unit=f"region-{region_code}" if region_code else row.text("code"),
            region_code=region_code,
            name=row.text("name"),
            starts_on=starts_on,
            ends_on=ends_on,
            verification=row.choice("verification", Verification.values),
            source=row.text("source"),
        )
        _require_order(row, starts_on, ends_on)
        unique_area(row, region.area)
        unique_name(row, region.name)
        if region_code:
            unique_code(row, region_code)
        regions.append(region)
        shared = {
            "name": region.name,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "verification": region.verification,
            "source": region.source,
            "note": row.text("note", optional=True),
        }
        reference.units[region.unit] = {"kind": UnitKind.REGION, **shared}
        reference.areas[region.area] = {"kind": AreaKind.REGION, "region_code": region_code, **shared}
    return regions


def _municipalities(
    folder: Path, reference: Reference, problems: Problems, regions: list[Region]
) -> dict[str, Record]:
    """The municipalities, and which region's geography each lies in, by date."""
    by_code: dict[str, Record] = {}
    unique_code, unique_cvr = Unique("municipality code"), Unique("CVR number")
    for row in read_csv(folder, "municipalities.csv", columns=MUNICIPALITY_COLUMNS, problems=problems):
        code = row.checked("kommunekode", validate_municipality_code)
        cvr = row.checked("cvr", validate_cvr)
        unique_cvr(row, cvr)
        if not unique_code(row, code):
            continue
        by_code[code] = row
        source = MUNICIPALITY_SOURCE.format(year=row.text("population_year"))
        reference.units[f"municipality-{code}"] = {
            "kind": UnitKind.MUNICIPALITY,
            "name": row.text("name"),
            "official_name": row.text("official_name"),
            "municipality_code": code,
            "cvr": cvr,
            "population": row.number("population"),
            "verification": Verification.CROSS_CHECKED,
            "source": source,
        }
        region_code, later_name = row.text("region_code"), row.text("region_name_from_2027")
        now = next((region for region in regions if region.region_code == region_code), None)
        later = next((region for region in regions if region.name == later_name), None)
        if now is None:
            row.refuse(f"no region has the code {region_code}. Correct “region_code”, or add to regions.csv.")
        elif now.name != row.text("region_name"):
            row.refuse(f"region {region_code} is {now.name} in regions.csv. Correct one of them.")
        if later is None:
            row.refuse(f"no region is called “{later_name}”. Correct “region_name_from_2027”.")
        for region in [now] if now == later else [now, later]:
            if region is not None:
                reference.memberships.append(
                    Membership(
                        area=region.area,
                        unit=f"municipality-{code}",
                        starts_on=region.starts_on,
                        ends_on=region.ends_on,
                        verification=region.verification,
                        source=region.source,
                    )
                )
    return by_code


def _health_councils(
    folder: Path,
    reference: Reference,
    problems: Problems,
    regions: list[Region],
    municipalities: dict[str, Record],
) -> None:
    file = read_json(folder, "sundhedsraad.json", problems=problems)
    if file is None:
        return
    starts_on, source, note = file.first_day(), file.text("source"), file.text("note", optional=True)
    unique_council, one_council = Unique("health council"), Unique("municipality")
    for council in file.records("sundhedsraad"):
        key, region_name = council.text("id"), council.text("region_from_2027")
        region = next((region for region in regions if region.name == region_name), None)
        if region is None:
            council.refuse(f"no region is called “{region_name}”. Correct “region_from_2027”.")
        unique_council(council, key)
        area = f"sundhedsraad-{key}"
        shared = {
            "verification": council.choice("verification", Verification.values),
            "source": "; ".join(filter(None, [source, council.text("second_source", optional=True)])),
        }
        notes = [council.text("verification_note", optional=True), note]
        reference.areas[area] = {
            "kind": AreaKind.HEALTH_COUNCIL,
            "name": council.text("name"),
            "region_code": region.region_code if region else "",
            "starts_on": starts_on,
            "ends_on": None,
            "note": " ".join(filter(None, notes)),
            **shared,
        }
        for code, member in _members(council, "municipalities", municipalities):
            one_council(member, code)
            if municipalities[code].text("sundhedsraad_id") != key:
                member.refuse(
                    f"{code} has another health council in municipalities.csv, line "
                    f"{municipalities[code].line}. Correct one of them."
                )
            reference.memberships.append(
                Membership(
                    area=area, unit=f"municipality-{code}", starts_on=starts_on, ends_on=None, **shared
                )
            )
    for code in municipalities.keys() - one_council.seen.keys():
        municipalities[code].refuse(f"{code} is in no health council. Add it to one in sundhedsraad.json.")


def _hospitals(
    folder: Path, reference: Reference, problems: Problems, regions: list[Region]
) -> dict[str, str]:
    """Hospitals with the sample of their parts, and hospices. Returns hospital id → unit code.

    A hospice is a self-owning institution with an agreement with the region: it lies in the region's
    area, not under the region as an employer.
    """
    file = read_json(folder, "hospitals_midtjylland.json", problems=problems)
    region = _region_of(file, regions)
    if file is None or region is None:
        return {}
    hospitals: dict[str, str] = {}
    unique_unit, unique_sor = Unique("unit"), Unique("SOR code")
    decided = {key: _decided(file.record(key)) for key in ("hospitals", "wards", "hospice_agreement")}
    for entry in file.records("units"):
        code = f"hospital-{entry.text('id')}"
        unique_unit(entry, code)
        hospitals[entry.text("id")] = code
        starts_on, fields = decided["hospitals"]
        note = entry.text("note", optional=True)
        reference.units[code] = {
            "kind": UnitKind.HOSPITAL,
            "name": entry.text("name"),
            "note": note,
            **fields,
        }
        reference.places.append(Place(code, region.unit, starts_on))
        reference.memberships.append(Membership(region.area, code, starts_on, region.ends_on, **fields))
        for part in entry.records("sample_wards"):
            name, sor = part.text("name"), part.checked("sor", validate_sor_code)
            unique_sor(part, sor)
            starts_on, fields = decided["wards"]
            kind = UnitKind.WARD if WARD_WORDS & set(name.lower().split()) else UnitKind.DEPARTMENT
            note = file.record("wards").text("note", optional=True)
            reference.units[f"sor-{sor}"] = {"kind": kind, "name": name, "sor": sor, "note": note, **fields}
            reference.places.append(Place(f"sor-{sor}", code, starts_on))
    for entry in file.records("hospices"):
        code = f"hospice-{entry.text('id')}"
        unique_unit(entry, code)
        starts_on, fields = decided["hospice_agreement"]
        note = entry.text("note", optional=True)
        reference.units[code] = {"kind": UnitKind.HOSPICE, "name": entry.text("name"), "note": note, **fields}
        reference.memberships.append(Membership(region.area, code, starts_on, region.ends_on, **fields))
    return hospitals


def _clusters(
    folder: Path,
    reference: Reference,
    problems: Problems,
    municipalities: dict[str, Record],
    hospitals: dict[str, str],
) -> None:
    """The clusters of the 2011 agreement, and what the region's later list made of them.

    A member that both lists have stays until the clusters end. One that only the agreement has is
    held to the last day that the agreement covers; one that only the later list has, from there.
    """
    file = read_json(folder, "clusters_midtjylland.json", problems=problems)
    if file is None:
        return
    starts_on, ends_on = file.first_day(), file.day("ends_on")
    agreement, later_list = file.record("agreement"), file.record("later_list")
    old_source, new_source = agreement.text("source"), later_list.text("source")
    agreement_ends = agreement.first_day("ends_on")
    common_note = file.text("note", optional=True)
    notes = {
        (record.text("cluster"), record.text("kommunekode")): record.text("note")
        for record in file.records("membership_notes")
    }
    both: dict[str, Any] = {
        "starts_on": starts_on,
        "ends_on": ends_on,
        "verification": Verification.CROSS_CHECKED,
        "source": f"{old_source}; {new_source}",
    }
    old = {**both, "verification": Verification.SINGLE_SOURCE, "source": old_source}
    new = {**old, "starts_on": agreement_ends, "source": new_source}
    unique_cluster = Unique("cluster")
    for cluster in file.records("clusters"):
        key, hospital = cluster.text("id"), cluster.text("hospital")
        area = f"klynge-{key}"
        unique_cluster(cluster, key)
        reference.areas[area] = {
            "kind": AreaKind.CLUSTER,
            "name": cluster.text("name"),
            "region_code": file.text("region_code"),
            "note": " ".join(filter(None, [cluster.text("note", optional=True), common_note])),
            **both,
        }
        if hospital in hospitals:
            reference.memberships.append(Membership(area, hospitals[hospital], **old))
        else:
            cluster.refuse(f"no hospital has the id “{hospital}”. Correct “hospital”.")
        in_agreement = _unique_members(cluster, "agreement_members", municipalities)
        in_later = _unique_members(cluster, "later_members", municipalities)
        for code in sorted({*in_agreement, *in_later}):
            said = both if code in in_agreement and code in in_later else new
            if code not in in_later:
                said = {**old, "ends_on": agreement_ends}
            note = notes.get((key, code), "")
            reference.memberships.append(Membership(area, f"municipality-{code}", note=note, **said))


def _unique_members(record: Record, key: str, municipalities: dict[str, Record]) -> dict[str, Record]:
    unique = Unique("municipality")
    return {code: member for code, member in _members(record, key, municipalities) if unique(member, code)}


def _members(record: Record, key: str, municipalities: dict[str, Record]) -> Iterable[tuple[str, Record]]:
    """The member municipalities that exist; one that doesn't, or is called otherwise, is refused."""
    for member in record.records(key):
        code, name = member.text("kommunekode"), member.text("name")
        known = municipalities.get(code)
        if known is None:
            member.refuse(
                f"no municipality has the code {code}. Correct it, or add the municipality to "
                "municipalities.csv."
            )
            continue
        if known.text("name") != name:
            member.refuse(
                f"{code} is called “{known.text('name')}” in municipalities.csv, line {known.line}, not "
                f"“{name}”. Correct the code or the name."
            )
        yield code, member


def _region_of(file: Record | None, regions: list[Region]) -> Region | None:
    if file is None:
        return None
    code = file.text("region_code")
    region = next((region for region in regions if region.region_code == code), None)
    if region is None:
        file.refuse(f"no region has the code {code}. Correct “region_code”, or add to regions.csv.")
    return region


def _decided(record: Record) -> tuple[dt.date, dict[str, str]]:
    """From which day, how sure and by which source a group of units is known."""
    return record.first_day(), {
        "verification": record.choice("verification", Verification.values),
        "source": record.text("source"),
    }


def _require_order(record: Record, starts_on: dt.date, ends_on: dt.date | None) -> None:
    if ends_on is not None and ends_on <= starts_on:
        record.refuse("“ends_on” is not after “starts_on”. Correct one of them.")
