"""What a learner's own workplace says, and writing it."""

from collections.abc import Iterable

from django.db import transaction

from organisations.days import holds_on, today
from organisations.models import Employment, OrgUnit, Person, RoleGrant, UnitAncestry
from organisations.rules import keepers_of_guides

from ..models import LocalGuide
from .free_text import checked_text

#: Characters. More is a manual, and has an address of its own to link to.
LONGEST = 4000


@transaction.atomic
def write_guide(
    unit: OrgUnit, *, topic: str, text: str, by: Person | None, is_shown: bool = True
) -> LocalGuide:
    """Write what the unit says about the topic, in place of what it said before.

    The caller has checked `organisations.rules.units_with_own_guides`. Raises ValidationError: empty,
    too long, or something like a CPR number.
    """
    guide, _made = LocalGuide.objects.update_or_create(
        unit=unit,
        topic=topic,
        defaults={
            "text": checked_text(text, longest=LONGEST),
            "is_shown": is_shown,
            "kept_by": by,
            "changed_on": today(),
        },
    )
    return guide


def guides_for(person: Person, *, topics: Iterable[str]) -> dict[str, list[LocalGuide]]:
    """By topic, what is said where the person works today: of each workplace, the nearest unit upward.

    Three queries, however many topics.
    """
    nearest: dict[int, list[int]] = {}
    ancestry = UnitAncestry.objects.filter(holds_on(today()), unit__in=_workplaces(person))
    for unit, ancestor in ancestry.order_by("depth").values_list("unit", "ancestor"):
        nearest.setdefault(unit, []).append(ancestor)
    wanted = {ancestor for line in nearest.values() for ancestor in line}
    written = {
        (guide.unit_id, guide.topic): guide
        for guide in LocalGuide.objects.filter(
            unit__in=wanted, topic__in=list(topics), is_shown=True
        ).select_related("unit", "kept_by")
    }
    found: dict[str, list[LocalGuide]] = {}
    for topic in topics:
        for line in nearest.values():
            guide = next((written[unit, topic] for unit in line if (unit, topic) in written), None)
            if guide is not None and guide not in found.setdefault(topic, []):
                found[topic].append(guide)
    return found


def who_can_write(person: Person) -> list[RoleGrant]:
    """Who keeps the guides of the person's workplaces today, the nearest first. Two queries."""
    return keepers_of_guides(_workplaces(person))


def _workplaces(person: Person) -> list[int]:
    return list(Employment.objects.current().filter(person=person).values_list("unit", flat=True))
