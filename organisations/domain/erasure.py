"""Erasing a person: what she did stays counted, and nothing leads from it to her."""

from collections.abc import Iterable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import CASCADE, Model, ProtectedError
from django.utils.module_loading import import_string
from wagtail.models import ModelLogEntry

from ..models import Login, Person, User
from .people import lock_person


class StillNeeded(Exception):
    """Something public bears her name: it gets another one first."""


@transaction.atomic
def erase_person(person: Person) -> None:
    """Erase the person, her log-ins and everything that names her. It can't be undone.

    The record store knows her pseudonym only, which is held nowhere after this. What other rooms erase
    stands in `settings.PERSON_ERASURES`. Raises StillNeeded.
    """
    lock_person(person)
    for path in settings.PERSON_ERASURES:
        import_string(path)(person.pseudonym)
    _erase_log(person)
    for session in UserSession.objects.filter(user__person=person):
        session.end()
    try:
        User.objects.filter(person=person).delete()
        person.delete()
    except ProtectedError as error:
        named = ", ".join(sorted(str(row) for row in error.protected_objects))
        raise StillNeeded(f"The person is named by: {named}.") from error


def _erase_log(person: Person) -> None:
    """The back office's log keeps what a row was called: her name, or her address."""
    rows: list[tuple[type[Model], Iterable[Model]]] = [
        (Person, [person]),
        (User, person.users.all()),
        (Login, person.users.all()),
    ]
    for relation in Person._meta.related_objects:
        if relation.on_delete is CASCADE:
            model = relation.related_model
            rows.append((model, model._default_manager.filter(**{relation.field.name: person})))
    for model, ours in rows:
        kind = ContentType.objects.get_for_model(model, for_concrete_model=False)
        ids = [str(row.pk) for row in ours]
        ModelLogEntry.objects.filter(content_type=kind, object_id__in=ids).delete()
