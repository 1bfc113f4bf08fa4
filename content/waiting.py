"""What waits in the back office, said on *Min side* (`settings.ON_MY_PAGE`)."""

from django.urls import reverse
from django.utils.translation import ngettext
from wagtail.models import TaskState

from organisations.enums import Role
from organisations.rules import AnyUser, person_of


def reviews(user: AnyUser) -> list[tuple[str, str]]:
    """Modules whose review waits for the user, for reviewers and administrators only."""
    me = person_of(user)
    if me is None or {Role.CLINICAL_REVIEWER, Role.ADMINISTRATOR}.isdisjoint(me.roles_today):
        return []
    number = TaskState.objects.reviewable_by(user).count()
    said = ngettext(
        "One module waits for you in the back office.",
        "%(number)s modules wait for you in the back office.",
        number,
    )
    return [(said % {"number": number}, reverse("wagtailadmin_home"))] if number else []
