"""Noting who has seen what is recorded about whom."""

from collections.abc import Iterable

from django.utils import timezone

from ..days import today
from ..enums import DISCLOSED_BY_PAGE, DisclosureKind
from ..models import Disclosure, Person


def note_disclosure(subjects: Iterable[Person], *, viewer: Person, what: DisclosureKind) -> None:
    """Note that the viewer saw these people's data: a page once a day, a file each time.

    Nobody is told that she looked at her own.
    """
    people = {person.pk for person in subjects}
    rows = len(people)
    others = sorted(people - {viewer.pk})
    day = today()
    if what in DISCLOSED_BY_PAGE:
        rows = 1
        # The database refuses a second one of the day, too; asking first spares the page a write.
        noted = Disclosure.objects.filter(viewer=viewer, subject__in=others, what=what, on=day)
        others = sorted(set(others) - set(noted.values_list("subject", flat=True)))
    Disclosure.objects.bulk_create(
        [
            Disclosure(viewer=viewer, subject_id=subject, what=what, on=day, at=timezone.now(), rows=rows)
            for subject in others
        ],
        ignore_conflicts=True,
    )
