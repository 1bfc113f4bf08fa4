"""Loading the reference data: what the files say becomes units, places, areas and memberships."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.db import models, transaction

from ..enums import Verification
from ..models import Area, AreaMembership, OrgUnit, Profession
from .reference_files import ReferenceDataError
from .reference_reading import Membership, Place, Reference, read_reference
from .units import correct_place, create_unit, place_unit

__all__ = ["DATA", "ReferenceDataError", "load_reference_data"]

#: The project's own files; their README says where each comes from.
DATA = Path(__file__).resolve().parents[1] / "data"


def load_reference_data(folder: Path = DATA) -> Counter[str]:
    """Bring units, areas and professions in line with the files; all of it or nothing.

    Returns how many rows were created, updated, removed and unchanged. A second run changes
    nothing. What people entered stays: contact points, rows with codes that no file has, local
    memberships, and where they have moved a unit in the tree or corrected its place. A row that is
    gone from a file stays too, except a membership that a file once gave. Raises ReferenceDataError
    with a sentence for each problem, before anything is written.
    """
    reference = read_reference(folder)
    with transaction.atomic():
        return _write(reference)


def _write(reference: Reference) -> Counter[str]:
    done: Counter[str] = Counter()
    for code, fields in reference.professions.items():
        _upsert(Profession, code, fields, done)
    units = {unit.code: unit for unit in OrgUnit.objects.filter(code__in=reference.units)}
    for code, fields in reference.units.items():
        if code in units:
            _update(units[code], fields, done)
        else:
            units[code] = create_unit(code=code, **fields)
            done["created"] += 1
    for code, fields in reference.areas.items():
        _upsert(Area, code, fields, done)
    _place(reference.places, units, done)
    _join(reference.memberships, units, done)
    return done


def _upsert(model: type[models.Model], code: str, fields: dict[str, Any], done: Counter[str]) -> None:
    row = model._default_manager.filter(code=code).first()
    if row is not None:
        _update(row, fields, done)
        return
    row = model(code=code, **fields)
    row.full_clean()
    row.save()
    done["created"] += 1


def _update(row: models.Model, fields: dict[str, Any], done: Counter[str]) -> None:
    changed = [name for name, value in fields.items() if getattr(row, name) != value]
    if not changed:
        done["unchanged"] += 1
        return
    for name in changed:
        setattr(row, name, fields[name])
    row.full_clean()
    row.save(update_fields=changed)
    done["updated"] += 1


def _place(places: list[Place], units: dict[str, OrgUnit], done: Counter[str]) -> None:
    """Place units that have no place; correct a parent where the file, not a person, set it."""
    rows = {code: unit for code, unit in units.items() if code in {place.unit for place in places}}
    models.prefetch_related_objects(list(rows.values()), "parent_links")
    for place in places:
        unit, parent = units[place.unit], units[place.parent]
        links = list(unit.parent_links.all())
        if not links:
            place_unit(unit, parent=parent, starts_on=place.starts_on)
            done["created"] += 1
        elif (
            len(links) == 1
            and links[0].parent_id != parent.pk
            and not links[0].is_by_hand
            and (links[0].starts_on, links[0].ends_on) == (place.starts_on, None)
        ):
            correct_place(links[0], parent=parent, is_by_hand=False)
            done["updated"] += 1
        else:
            done["unchanged"] += 1


def _join(memberships: list[Membership], units: dict[str, OrgUnit], done: Counter[str]) -> None:
    """Make the memberships that came with the files equal to the files.

    Where people have entered one of the same unit in the same area, theirs stands alone.
    """
    areas = {area.code: area for area in Area.objects.filter(code__in={row.area for row in memberships})}
    stored = {
        (row.area_id, row.unit_id, row.starts_on): row
        for row in AreaMembership.objects.filter(area__in=areas.values(), unit__in=units.values())
    }
    wanted = {
        (areas[row.area].pk, units[row.unit].pk, row.starts_on): {
            "ends_on": row.ends_on,
            "verification": row.verification,
            "source": row.source,
            "note": row.note,
        }
        for row in memberships
    }
    local = {key[:2] for key, row in stored.items() if row.verification == Verification.LOCAL}
    for key, row in stored.items():
        if key not in wanted and row.verification != Verification.LOCAL:
            row.delete()
            done["removed"] += 1
    for key, fields in wanted.items():
        if key[:2] in local:
            done["unchanged"] += 1
        elif key in stored:
            _update(stored[key], fields, done)
        else:
            area, unit, starts_on = key
            AreaMembership.objects.create(area_id=area, unit_id=unit, starts_on=starts_on, **fields)
            done["created"] += 1
