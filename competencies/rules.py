"""Who may sign off whose competencies."""

from organisations.querysets import PersonQuerySet
from organisations.rules import AnyUser, people_in_line, person_of

from .models import SignOff
from .querysets import SignOffQuerySet


def people_to_sign_off(user: AnyUser) -> PersonQuerySet:
    """Everyone in the user's line today but herself.

    Not the colleagues of a key person, who confirms practice tasks but sees nobody's profile.
    """
    me = person_of(user)
    people = people_in_line(user)
    return people.exclude(pk=me.pk) if me else people.none()


def sign_offs_to_take_back(user: AnyUser) -> SignOffQuerySet:
    """The standing sign-offs that the user may take back: those of people whom she may sign off today."""
    return SignOff.objects.standing().filter(person__in=people_to_sign_off(user).values("pk"))
