"""A learner shares a reflection, and takes it back."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.models import Employment, OrgUnit, Person
from organisations.rules import nearest_of

from ..enums import Audience, ItemKind
from ..models import FreeText, Sharing
from ..rules import ROLES_OF_AUDIENCE
from .free_text import checked_text

#: Characters of the line that goes with it.
LONGEST = 300


@dataclass(frozen=True)
class Choice:
    """With whom a learner may share today. `readers` are who would read it now; none where it is unnamed."""

    audience: Audience
    unit: OrgUnit | None
    readers: list[Person]

    @property
    def key(self) -> str:
        """Names the choice in a form."""
        return f"{self.audience}.{self.unit.public_id}" if self.unit else str(self.audience)


def choices_for(person: Person) -> list[Choice]:
    """Leaders and key persons near each of her workplaces today, where there are any; and unnamed.

    Six queries at most.
    """
    rows = Employment.objects.current().filter(person=person).select_related("unit").order_by("starts_on")
    units = list({row.unit_id: row.unit for row in rows}.values())
    places = [(unit.pk, person.pk) for unit in units]
    choices = []
    for audience, roles in ROLES_OF_AUDIENCE.items():
        near = nearest_of(places, *roles)
        choices += [
            Choice(audience, unit, readers) for unit in units if (readers := near[unit.pk, person.pk])
        ]
    return [*choices, Choice(Audience.UNNAMED, None, [])]


@transaction.atomic
def share(text: FreeText, *, with_whom: Choice, comment: str = "", at: dt.datetime | None = None) -> Sharing:
    """Let them read the reflection as it stands. Shared with them already, it stays as it is.

    `with_whom` is one of `choices_for` the one who wrote it. Raises ValidationError: not a reflection, no
    words, or a line that is too long, holds something like a CPR number, or would go without her name.
    """
    text = FreeText.objects.select_for_update().get(pk=text.pk)
    if text.kind != ItemKind.REFLECTION:
        raise ValidationError(_("Only a reflection can be shared."), code="kind")
    if text.erased_at is not None or not text.text:
        raise ValidationError(_("The words have been erased, so there is nothing to share."), code="erased")
    comment = checked_text(comment, longest=LONGEST) if comment.strip() else ""
    if comment and with_whom.audience == Audience.UNNAMED:
        raise ValidationError(
            _("Without your name no line goes with it. Leave the line empty, or share by name."),
            code="unnamed",
        )
    sharing, _made = Sharing.objects.get_or_create(
        text=text,
        audience=with_whom.audience,
        unit=with_whom.unit,
        taken_back_at=None,
        defaults={"comment": comment, "shared_at": at or timezone.now()},
    )
    return sharing


def take_back(sharing: Sharing) -> None:
    """Nobody reads it from now on. Twice is once."""
    Sharing.objects.filter(pk=sharing.pk).take_back(timezone.now())
    sharing.refresh_from_db()
