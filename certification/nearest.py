"""Which key persons are near somebody: appointed where she works, or above, or elsewhere at her employer."""

import datetime as dt
from dataclasses import dataclass

from organisations.models import Employment, OrgUnit, Person

from .coverage.presence import People, Presence, here_on, presences, presences_in


@dataclass(frozen=True)
class Near:
    """A key person who counts today. `is_mine`: appointed for a unit that the asker works in or under."""

    presence: Presence
    is_mine: bool

    @property
    def person(self) -> Person:
        return self.presence.grant.person


def key_persons_near(person: Person, *, on: dt.date) -> list[Near]:
    """The key persons of the person's employers, her own units' first. Four queries at most."""
    mine = _units_above(person, on)
    return _near(presences(OrgUnit.objects.under(mine, on=on), on=on), mine, on)


def key_persons_of(person: Person, *, on: dt.date) -> list[Near]:
    """Those of them who are appointed for her own units, or above. Four queries at most."""
    mine = _units_above(person, on)
    return _near(presences_in(mine, on=on), mine, on)


def _units_above(person: Person, on: dt.date) -> set[int]:
    workplaces = Employment.objects.current(on=on).filter(person=person).values("unit")
    return set(OrgUnit.objects.above(workplaces, on=on).values_list("pk", flat=True))


def _near(everywhere: dict[int, People], mine: set[int], on: dt.date) -> list[Near]:
    found: dict[int, Presence] = {}
    for people in everywhere.values():
        found.update(here_on(people, on))
    near = [Near(presence, presence.grant.unit_id in mine) for presence in found.values()]
    return sorted(near, key=lambda one: (not one.is_mine, str(one.presence.grant.unit), one.person.full_name))
