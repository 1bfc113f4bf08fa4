"""Publishing at its hour: what has become unready since it was approved is held back, and that is said."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import PageLogEntry, Revision, WorkflowState

from courses.rules import writes_modules
from organisations.domain import mails
from organisations.enums import MailKind
from organisations.models import Person, User

from .publishing import find_faults

HELD_BACK = "content.hold_back"
SCHEDULED = "wagtail.publish.schedule"
#: After one of these it is news no longer: it was held back again, sent on again, or is live.
ENDS = (
    HELD_BACK,
    "wagtail.publish",
    SCHEDULED,
    "wagtail.publish.scheduled",
    "wagtail.workflow.start",
)


def hold_back_unready() -> None:
    """Take off the schedule what can't be published though its hour has come. Its text stays as it is.

    Otherwise the publishing of what is due would stop at it, and with it all that comes after.
    """
    due = Revision.objects.filter(
        content_type__app_label="content",
        content_type__model="modulepage",
        approved_go_live_at__lte=timezone.now(),
    )
    with translation.override(settings.LANGUAGE_CODE):
        for revision in due:
            page = revision.as_object()
            if (faults := find_faults(page)) and _hold_back(page, revision, faults):
                _tell(page, revision)


@transaction.atomic
def _hold_back(page: Any, revision: Revision, faults: list[str]) -> bool:
    """Whether it was this call that held it back: two ticks at a time tell one mail."""
    due = Revision.objects.filter(pk=revision.pk, approved_go_live_at=revision.approved_go_live_at)
    if not due.update(approved_go_live_at=None):
        return False
    log(instance=page, action=HELD_BACK, revision=revision, data={"missing": faults})
    return True


def _tell(page: Any, revision: Revision) -> None:
    """A mail, once for each time that something is held back; what is missing stands in the editor."""
    link = f"{settings.WAGTAILADMIN_BASE_URL}{reverse('wagtailadmin_pages:edit', args=[page.pk])}"
    words = {"title": page.title, "due": revision.approved_go_live_at, "link": link}
    mails.send(
        MailKind.HELD_BACK,
        to=_who_waits_for(page, revision),
        subject=_("A module wasn't published at its hour"),
        text=render_to_string("content/mail/held_back.txt", words),
    )


def _who_waits_for(page: Any, revision: Revision) -> list[Person]:
    """Who submitted it and who set its hour, else the owner of the page: those of them who may still act."""
    approved = WorkflowState.objects.for_instance(page).filter(status=WorkflowState.STATUS_APPROVED)
    hours = PageLogEntry.objects.filter(page_id=page.pk, revision=revision, action=SCHEDULED)
    submitted_or_scheduled = {
        *approved.order_by("-pk").values_list("requested_by", flat=True)[:1],
        *hours.values_list("user", flat=True),
    }
    for keys in (submitted_or_scheduled, {page.owner_id}):
        users = User.objects.filter(pk__in=keys - {None}).select_related("person").order_by("pk")
        people = {user.person.pk: user.person for user in users if user.person and writes_modules(user)}
        if people:
            return list(people.values())
    return []


def held_back() -> QuerySet[PageLogEntry]:
    """What was held back and hasn't been sent on since: a row of the page's history each."""
    later = PageLogEntry.objects.filter(page_id=OuterRef("page_id"), action__in=ENDS, pk__gt=OuterRef("pk"))
    rows: QuerySet[PageLogEntry] = PageLogEntry.objects.filter(action=HELD_BACK).exclude(Exists(later))
    return rows.order_by("-pk")
