"""Whose practice tasks a person may confirm, asked for all of them at once; and what she is mailed about."""

from django.db.models import Q, QuerySet

from courses.rules import writes_modules
from organisations.enums import MailKind, Role
from organisations.models import OrgUnit, Person, RoleGrant
from organisations.rules import AnyUser, is_coordinator, is_key_person, is_leader, leads_units, person_of


def people_to_confirm_for(user: AnyUser) -> QuerySet[Person]:
    """Everyone for whom `organisations.rules.may_confirm` holds: never oneself."""
    me = person_of(user)
    if me is None:
        return Person.objects.none()
    appointed_in = RoleGrant.objects.active().with_role(Role.KEY_PERSON).filter(person=me).values("unit")
    led = Person.objects.employed_in(leads_units(user))
    near = Person.objects.employed_in(OrgUnit.objects.under(appointed_in))
    return Person.objects.filter(Q(pk__in=led) | Q(pk__in=near)).exclude(pk=me.pk)


def confirms(user: AnyUser) -> bool:
    """Whether practice tasks may come to the user to be confirmed: she leads, or is a key person."""
    return is_leader(user) or is_key_person(user)


def mails_to(user: AnyUser) -> list[MailKind]:
    """The kinds of mail that the user may get today, of those that she can turn off."""
    leads = is_leader(user)
    comes = {
        MailKind.PRACTICE_TASK: leads or is_key_person(user),
        MailKind.SUPPORT: True,
        MailKind.ASKED_FOR_MORE: True,
        MailKind.KEY_PERSON_LEAVES: leads or is_coordinator(user),
        MailKind.HELD_BACK: writes_modules(user),
    }
    return [kind for kind in MailKind if comes[kind]]
