"""Who may sign off whose competencies."""

from organisations.querysets import PersonQuerySet
from organisations.rules import AnyUser, people_led_by, stands_in_for

from .models import SignOff
from .querysets import SignOffQuerySet


def people_to_sign_off(user: AnyUser) -> PersonQuerySet:
    """Everyone in the user's line today but herself, and but the leader whom she stands in for.

    That leader chose her. Nor the colleagues of a key person, who confirms practice tasks but sees nobody's
    profile.
    """
    return people_led_by(user).exclude(pk__in=stands_in_for(user).values("pk"))


def sign_offs_to_take_back(user: AnyUser) -> SignOffQuerySet:
    """The standing sign-offs that the user may take back: those of people whom she may sign off today."""
    return SignOff.objects.standing().filter(person__in=people_to_sign_off(user).values("pk"))
