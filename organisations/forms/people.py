"""People, what they do and how they log in."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .. import rules
from ..choosers import InviteeField, PersonField, UnitField
from ..days import today
from ..domain import employments, grants, invitations, people
from ..enums import UNIT_ROLES, InvitationKind, Role
from ..models import Area, Employment, Invitation, Login, OrgUnit, Person, Profession, RoleGrant
from .base import DomainForm

#: What the administrator of one unit may grant there. An educator works for the whole platform.
ROLES_WITHIN_A_UNIT = {*UNIT_ROLES, Role.ADMINISTRATOR}
END_HELP = _("The first day on which it no longer holds. Leave it empty if no end is known.")


class PersonForm(DomainForm):
    """A person's names."""

    class Meta:
        model = Person
        fields = ["given_name", "family_name", "authorisation_id"]

    def write(self) -> Person:
        return people.correct_person(self.instance, **self._names())

    def _names(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self._meta.fields}

    def clean_authorisation_id(self) -> str:
        return self.cleaned_data["authorisation_id"].strip().upper()


class NewPersonForm(PersonForm):
    """A person and where she works: without an employment no unit's administrator would see her."""

    unit = UnitField(OrgUnit.objects.all(), label=_("Works in"), required=False)
    profession = forms.ModelChoiceField(Profession.objects.all(), label=_("Works as"), required=False)
    starts_on = forms.DateField(label=_("From"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = rules.administered_units(self.for_user).existing()
        for name in ("unit", "profession", "starts_on"):
            self.fields[name].required = not self.runs_everything

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        given = [bool(cleaned.get(name)) for name in ("unit", "profession", "starts_on")]
        if any(given) and not all(given):
            raise ValidationError(_("Give unit, profession and first day together, or none of them."))
        return cleaned

    def write(self) -> Person:
        person = people.register_person(**self._names())
        if self.cleaned_data["unit"]:
            employments.employ(
                person,
                unit=self.cleaned_data["unit"],
                profession=self.cleaned_data["profession"],
                starts_on=self.cleaned_data["starts_on"],
            )
        return person


class EmploymentForm(DomainForm):
    """The days of an employment and how to reach the person at work.

    An end that has passed is taken back, or set later, only by whoever says that it was recorded wrongly.
    """

    #: The end as it is recorded, where it has passed.
    ended_on: dt.date | None = None

    class Meta:
        model = Employment
        fields = ["starts_on", "ends_on", "work_phone", "work_email"]
        help_texts = {
            "ends_on": _(
                "The first day on which the person no longer works there. Leave it empty if no end is known."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        end = self.instance.ends_on
        if end is not None and end <= today():
            self.ended_on = end
            self.fields["never_left"] = forms.BooleanField(
                label=_("The end was recorded wrongly: the person never left"),
                help_text=_("Only if you take the end back or set it later."),
                required=False,
            )
            self.order_fields(["starts_on", "ends_on", "never_left"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if self.ended_on is None or "ends_on" in self.errors or cleaned.get("never_left"):
            return cleaned
        end = cleaned.get("ends_on")
        if end is None or end > self.ended_on:
            self.add_error(
                "ends_on",
                gettext(
                    "The employment ended on %(day)s. If the person has come back, make a new employment. "
                    "If the end was recorded wrongly, say so below."
                )
                % {"day": date_format(self.ended_on)},
            )
        return cleaned

    def write(self) -> Employment:
        return employments.correct_employment(
            self.instance, **{name: self.cleaned_data[name] for name in EmploymentForm.Meta.fields}
        )


class NewEmploymentForm(EmploymentForm):
    class Meta(EmploymentForm.Meta):
        fields = ["person", "unit", "profession", *EmploymentForm.Meta.fields]
        field_classes = {"person": PersonField, "unit": UnitField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = rules.administered_people(self.for_user)
        self.fields["unit"].queryset = rules.administered_units(self.for_user).existing()

    def write(self) -> Employment:
        return employments.employ(**self.cleaned_data)


class GrantForm(DomainForm):
    """The end of a role, and why."""

    class Meta:
        model = RoleGrant
        fields = ["ends_on", "end_reason"]
        help_texts = {"ends_on": _("The first day on which the person no longer holds the role.")}

    def clean_ends_on(self) -> Any:
        day = self.cleaned_data["ends_on"]
        if day is None:
            raise ValidationError(_("Give the day on which the role ends."))
        return day

    def write(self) -> RoleGrant:
        return grants.end_grant(
            self.instance,
            on=self.cleaned_data["ends_on"],
            by=rules.person_of(self.for_user),
            reason=self.cleaned_data["end_reason"],
        )


class NewGrantForm(DomainForm):
    """A role for a person, in a unit, in an area or for the platform."""

    class Meta:
        model = RoleGrant
        fields = ["person", "role", "unit", "area", "starts_on", "ends_on"]
        field_classes = {"person": PersonField, "unit": UnitField}
        help_texts = {"ends_on": END_HELP}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = rules.administered_people(self.for_user)
        self.fields["unit"].queryset = rules.administered_units(self.for_user).existing()
        if not self.runs_everything:
            self.fields["unit"].required = True
            self.fields["area"].queryset = Area.objects.none()
            self.fields["role"].choices = [
                choice for choice in Role.choices if choice[0] in ROLES_WITHIN_A_UNIT
            ]

    def clean_person(self) -> Person:
        person: Person = self.cleaned_data["person"]
        if not self.for_user.is_superuser and person == rules.person_of(self.for_user):
            raise ValidationError(gettext("You can't give yourself a role. Ask another administrator."))
        return person

    def write(self) -> RoleGrant:
        return grants.grant_role(**self.cleaned_data, by=rules.person_of(self.for_user))


class LoginForm(DomainForm):
    """A log-in, open or closed. Its password is nobody's but its owner's."""

    class Meta:
        model = Login
        fields = ["is_active"]
        labels = {"is_active": _("The log-in is open")}
        help_texts = {
            "is_active": _("Whoever has a closed log-in can't log in. What she has done is kept."),
        }

    def clean_is_active(self) -> bool:
        is_open: bool = self.cleaned_data["is_active"]
        if not is_open and self.instance.pk == self.for_user.pk:
            raise ValidationError(gettext("You can't close your own log-in. Ask another administrator."))
        return is_open

    def write(self) -> Login:
        login: Login = self.instance
        if self.cleaned_data["is_active"]:
            people.open_login(login)
        else:
            people.close_login(login)
        return login


class SecondStepForm(DomainForm):
    """Removing the second step of somebody who has lost it. Who asks is made sure of first, by a human."""

    is_sure = forms.BooleanField(
        label=_("I have made sure that it is she or he who asks"),
        help_text=_(
            "Face to face, or by calling a number that you knew before. A mail isn't enough. Whoever is "
            "logged in is logged out, and the password alone opens the log-in until a new second step is set "
            "up. What she or he has done is kept."
        ),
    )

    class Meta:
        model = Login
        fields: list[str] = []

    def clean(self) -> dict[str, Any]:
        if self.instance.pk == self.for_user.pk:
            raise ValidationError(
                gettext(
                    "You can't remove your own second step here. Do it under Your log-in, or ask another."
                )
            )
        cleaned: dict[str, Any] = super().clean()
        return cleaned

    def write(self) -> Login:
        login: Login = self.instance
        people.remove_second_step(login)
        return login


class NewInvitationForm(DomainForm):
    """Who is invited, and how: by mail, or by a letter with a code."""

    #: The code of the letter; nobody can read it later.
    code = ""

    class Meta:
        model = Invitation
        fields = ["person", "kind", "email"]
        field_classes = {"person": InviteeField}
        help_texts = {
            "person": _(
                "People without a log-in, and those who log in with a username and need a new password."
            ),
            "email": _("Only for an invitation by mail: the address that the person will log in with."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = rules.people_to_invite(self.for_user)
        self.fields["kind"].initial = InvitationKind.MAIL

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("kind") == InvitationKind.MAIL and not cleaned.get("email") and not self.errors:
            self.add_error("email", gettext("Write the address that the mail goes to."))
        return cleaned

    def _post_clean(self) -> None:
        """The row is the domain's to make; there is nothing here yet that could be checked."""

    def write(self) -> Invitation:
        person, by = self.cleaned_data["person"], rules.person_of(self.for_user)
        if self.cleaned_data["kind"] == InvitationKind.MAIL:
            return invitations.invite_by_mail(person, email=self.cleaned_data["email"], by=by)
        invitation, self.code = invitations.invite_on_paper(person, by=by)
        return invitation


class InvitationForm(DomainForm):
    """An invitation that was made by mistake, or went to the wrong place."""

    withdraw = forms.BooleanField(
        label=_("Withdraw the invitation"), help_text=_("Its link or code then opens nothing any more.")
    )

    class Meta:
        model = Invitation
        fields: list[str] = []

    def write(self) -> Invitation:
        return invitations.withdraw(self.instance)
