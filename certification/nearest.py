"""Which key persons are near somebody: appointed where she works, or above, or elsewhere at her employer."""

import datetime as dt
from dataclasses import dataclass

from organisations.models import Employment, OrgUnit, Person

from .coverage.presence import Presence, here_on, presences


@dataclass(frozen=True)
class Near:
    """A key person who counts today. `is_mine`: appointed for a unit that the asker works in or under."""

    presence: Presence
    is_mine: bool

    @property
    def person(self) -> Person:
        return self.presence.grant.person


def key_persons_near(person: Person, *, on: dt.date) -> list[Near]:
    """The key persons of the person's employers, her own units' first. Seven queries at most."""
    workplaces = Employment.objects.current(on=on).filter(person=person).values("unit")
    above = OrgUnit.objects.above(workplaces, on=on)
    mine = set(above.values_list("pk", flat=True))
    everywhere = presences(OrgUnit.objects.under(above, on=on), on=on)
    found = {}
    for people in everywhere.values():
        found.update(here_on(people, on))
    near = [Near(presence, presence.grant.unit_id in mine) for presence in found.values()]
    return sorted(near, key=lambda one: (not one.is_mine, str(one.presence.grant.unit), one.person.full_name))
