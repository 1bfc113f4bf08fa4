"""Where a unit lies in the tree: moving it, ending its place, setting a place right or taking it back.

Each form is sent twice: first to see what follows, then to do it.
"""

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .. import rules
from ..choosers import ParentField
from ..days import today
from ..domain import units
from ..domain.consequences import Consequences, what_follows
from ..models import OrgUnit, UnitParent
from .base import DomainForm

#: No place begins earlier: an earlier day is a slip of the hand.
EARLIEST = dt.date(1900, 1, 1)


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validators=[MinValueValidator(EARLIEST)], **kwargs)


class PlaceForm(DomainForm):
    """A change of the unit's places. `place` is the one that it is about, where it is about one."""

    instance: OrgUnit

    class Meta:
        model = OrgUnit
        fields: list[str] = []

    def __init__(self, *args: Any, place: UnitParent | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place
        if "parent" in self.fields:
            self.fields["parent"].offer(self.for_user, self.instance)

    @property
    def choice(self) -> str:
        """What was chosen, as the page sends it back with the confirmation: another choice asks anew."""
        cleaned = getattr(self, "cleaned_data", {})
        chosen = (cleaned.get(name) for name in ("parent", "on"))
        return "/".join(str(getattr(value, "pk", value)) for value in chosen)

    @property
    def is_confirmed(self) -> bool:
        return self.data.get("seen") == self.choice

    def rehearse(self) -> None:
        """Raise ValidationError where the domain would refuse. Nothing stays of it."""
        with transaction.atomic():
            self.change()
            transaction.set_rollback(True)

    def write(self) -> OrgUnit:
        self.change()
        return self.instance

    def change(self) -> None:
        raise NotImplementedError

    def follows(self) -> Consequences:
        raise NotImplementedError

    def require_mine(self, field: str, place: UnitParent | None) -> None:
        """The place that would change lies under a unit that is the user's own, else she is told."""
        if place is None or rules.administered_places(self.for_user).filter(pk=place.pk).exists():
            return
        self.add_error(
            field,
            gettext("On that day it lies under %(parent)s, which you don't administer. Ask whoever does.")
            % {"parent": place.parent},
        )

    def refuse_reaching(self, parent: OrgUnit, day: dt.date) -> None:
        if self.for_user.is_superuser:
            return
        if rules.would_reach(self.for_user, self.instance, under=parent, on=day):
            self.add_error(
                "parent" if "parent" in self.fields else None,
                gettext(
                    "You have a role there, so you would come to see what the people of %(unit)s do. "
                    "Ask another administrator."
                )
                % {"unit": self.instance},
            )


class MoveForm(PlaceForm):
    """Under another unit, from a day on."""

    parent = ParentField(OrgUnit.objects.none(), label=_("Is to lie under"))
    on = DayField(
        label=_("From"),
        initial=today,
        help_text=_("The first day in the new place. It may be past or coming."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        parent, day = cleaned.get("parent"), cleaned.get("on")
        if day:
            self.require_mine("on", units.place_on(self.instance, day))
        if parent and day:
            self.refuse_reaching(parent, max(day, today()))
        return cleaned

    def change(self) -> None:
        units.move_unit(self.instance, parent=self.cleaned_data["parent"], on=self.cleaned_data["on"])

    def follows(self) -> Consequences:
        day = self.cleaned_data["on"]
        standing = units.place_on(self.instance, day)
        until = standing.ends_on if standing else units.next_start(self.instance, day)
        return what_follows(self.instance, under=self.cleaned_data["parent"], on=day, until=until)

    def logged(self) -> dict[str, str]:
        return {"parent": str(self.cleaned_data["parent"]), "day": self.cleaned_data["on"].isoformat()}


class EndPlaceForm(PlaceForm):
    """Under nothing, from a day on."""

    on = DayField(label=_("Ends on"), help_text=_("The first day on which it no longer lies there."))

    def clean_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["on"]
        self.place = units.place_on(self.instance, day - dt.timedelta(days=1))
        if self.place is not None and self.place.ends_on == day:
            raise forms.ValidationError(gettext("Its place already ends on that day."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("on"):
            self.require_mine("on", self.place)
        return cleaned

    def change(self) -> None:
        units.end_place(self.instance, on=self.cleaned_data["on"])

    def follows(self) -> Consequences:
        day = self.cleaned_data["on"]
        return what_follows(self.instance, under=None, on=day, until=units.next_start(self.instance, day))

    def logged(self) -> dict[str, str]:
        return {
            "parent": str(self.place.parent) if self.place else "",
            "day": self.cleaned_data["on"].isoformat(),
        }


class OnePlaceForm(PlaceForm):
    """About one of the unit's places."""

    place: UnitParent

    @property
    def day(self) -> dt.date:
        """The day by which it is told: today, else the place's day that is nearest to it."""
        last = self.place.ends_on and self.place.ends_on - dt.timedelta(days=1)
        day = max(today(), self.place.starts_on)
        return min(day, last) if last else day

    def logged(self) -> dict[str, str]:
        return {"parent": str(self.place.parent), "day": self.place.starts_on.isoformat()}


class CorrectPlaceForm(OnePlaceForm):
    """The place named the wrong parent all along."""

    parent = ParentField(OrgUnit.objects.none(), label=_("Should say that it lies under"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("parent"):
            self.refuse_reaching(cleaned["parent"], max(self.day, today()))
        return cleaned

    def change(self) -> None:
        units.correct_place(self.place, parent=self.cleaned_data["parent"])

    def follows(self) -> Consequences:
        return what_follows(
            self.instance, under=self.cleaned_data["parent"], on=self.day, until=self.place.ends_on
        )

    def logged(self) -> dict[str, str]:
        return {
            "parent": str(self.cleaned_data["parent"]),
            "instead_of": str(self.place.parent),
            "day": self.place.starts_on.isoformat(),
        }


class ReopenPlaceForm(OnePlaceForm):
    """Its end is taken back."""

    @property
    def day(self) -> dt.date:
        return self.place.ends_on or today()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        self.refuse_reaching(self.place.parent, max(self.day, today()))
        return cleaned

    def change(self) -> None:
        units.reopen_place(self.place)

    def follows(self) -> Consequences:
        until = units.next_start(self.instance, self.day)
        return what_follows(self.instance, under=self.place.parent, on=self.day, until=until)

    def logged(self) -> dict[str, str]:
        return {"parent": str(self.place.parent), "day": self.day.isoformat()}


class WithdrawPlaceForm(OnePlaceForm):
    """It hasn't begun, and isn't to begin."""

    def change(self) -> None:
        units.withdraw_place(self.place)

    def follows(self) -> Consequences:
        before = units.place_before(self.place)
        day = self.place.starts_on
        return what_follows(
            self.instance,
            under=before.parent if before else None,
            on=day,
            until=units.next_start(self.instance, day),
        )
