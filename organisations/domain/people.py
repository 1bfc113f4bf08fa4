"""People and their log-ins."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from ..models import Person, User
from ..pending import mark_person


@transaction.atomic
def register_person(*, given_name: str, family_name: str, authorisation_id: str = "") -> Person:
    """Add a person. Raises ValidationError if the authorisation ID is malformed or another's."""
    return _save(Person(), given_name, family_name, authorisation_id)


@transaction.atomic
def correct_person(
    person: Person, *, given_name: str, family_name: str, authorisation_id: str = ""
) -> Person:
    """Set right what a person is called. Raises ValidationError like `register_person`."""
    return _save(person, given_name, family_name, authorisation_id)


@transaction.atomic
def create_login(
    person: Person,
    *,
    email: str | None = None,
    username: str = "",
    password: str | None = None,
    is_staff: bool = False,
    is_superuser: bool = False,
) -> User:
    """Give the person a way in; without a password it can't be used until one is set.

    She logs in with an e-mail address or, where she has none, with a username. Raises ValidationError
    if it is malformed or is already somebody's log-in, or if there is neither.
    """
    return User.objects.create_user(
        email, password, username=username, person=person, is_staff=is_staff, is_superuser=is_superuser
    )


@transaction.atomic
def close_login(user: User) -> None:
    """Nobody gets in with it from now on, and who is in is out at the next page. Twice is once."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.is_active = False


@transaction.atomic
def open_login(user: User) -> None:
    """Let the person in again, with the password that she had. Twice is once."""
    User.objects.filter(pk=user.pk).update(is_active=True)
    user.is_active = True


@transaction.atomic
def remove_second_step(user: User) -> None:
    """The phone is lost: the password alone lets her in until she has set a new second step up.

    Whoever is in with the log-in now is out at the next page. Twice is once.
    """
    Authenticator.objects.filter(user=user.pk).delete()
    for session in UserSession.objects.filter(user=user.pk):
        session.end()


def lock_person(person: Person) -> None:
    """Wait for others who change facts about the person; held until the transaction ends.

    SQLite has no row locks and needs none: a transaction there is the only one that writes.
    """
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)


def _save(person: Person, given_name: str, family_name: str, authorisation_id: str) -> Person:
    person.given_name = given_name.strip()
    person.family_name = family_name.strip()
    person.authorisation_id = authorisation_id.strip().upper()
    person.full_clean()
    person.save()
    mark_person(person)
    return person
