"""What a learner's own workplace says, and writing it."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from organisations.days import holds_on, today
from organisations.domain.units import regions_around
from organisations.models import OrgUnit, Person, RoleGrant, UnitAncestry
from organisations.rules import keepers_of_guides

from ..enums import Topic
from ..models import LocalGuide
from .free_text import checked_text

#: Characters. More is a manual, and has an address of its own to link to.
LONGEST = 4000


@transaction.atomic
def write_guide(
    unit: OrgUnit,
    *,
    topic: str,
    text: str,
    by: Person | None,
    is_shown: bool = True,
    checked_on: dt.date | None = None,
) -> LocalGuide:
    """Write what the unit says about the topic, in place of what it said before.

    `checked_on` is the day on which it was made sure that it holds; today, unless another is given. The
    caller has checked `organisations.rules.units_with_own_guides`. Raises ValidationError: empty, too
    long, something like a CPR number, or checked on a day to come.
    """
    if checked_on is not None and checked_on > today():
        raise ValidationError(
            {"checked_on": _("It can't have been checked on a day to come. Give the day it was.")}
        )
    guide, _made = LocalGuide.objects.update_or_create(
        unit=unit,
        topic=topic,
        defaults={
            "text": checked_text(text, longest=LONGEST),
            "is_shown": is_shown,
            "kept_by": by,
            "changed_on": today(),
            "checked_on": checked_on or today(),
        },
    )
    return guide


def guides_for(person: Person, *, topics: Iterable[str]) -> dict[str, list[LocalGuide]]:
    """By topic, what is said where the person works today: of each workplace, the nearest unit upward.

    Of advice, the region comes last: a municipality doesn't lie under its region, and its staff call the
    region's palliative team all the same. Three queries, however many topics; two more with advice.
    """
    topics = list(topics)
    lines: dict[int, list[int]] = {}
    ancestry = UnitAncestry.objects.filter(holds_on(today()), unit__in=person.workplaces_today)
    for unit, ancestor in ancestry.order_by("depth").values_list("unit", "ancestor"):
        lines.setdefault(unit, []).append(ancestor)
    above = {ancestor for line in lines.values() for ancestor in line}
    regions = regions_around(above) if Topic.ADVICE in topics else {}
    written = {
        (guide.unit_id, guide.topic): guide
        for guide in LocalGuide.objects.filter(
            unit__in=above | set(regions.values()), topic__in=topics, is_shown=True
        ).select_related("unit", "kept_by")
    }
    found: dict[str, list[LocalGuide]] = {}
    for topic in topics:
        for line in lines.values():
            around = [regions[unit] for unit in line if unit in regions] if topic == Topic.ADVICE else []
            asked = (written.get((unit, topic)) for unit in [*line, *around])
            guide = next((guide for guide in asked if guide is not None), None)
            if guide is not None and guide not in found.setdefault(topic, []):
                found[topic].append(guide)
    return found


def who_can_write(person: Person) -> list[RoleGrant]:
    """Who keeps the guides of the person's workplaces today, the nearest first. Two queries."""
    return keepers_of_guides(person.workplaces_today)
