"""Publishing at its hour: what has become unready since it was approved is held back, and that is said."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone, translation
from wagtail.log_actions import log
from wagtail.models import PageLogEntry, Revision

from .publishing import find_faults

HELD_BACK = "content.hold_back"
#: After one of these it is news no longer: it was held back again, sent on again, or is live.
ENDS = (
    HELD_BACK,
    "wagtail.publish",
    "wagtail.publish.schedule",
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
            if faults := find_faults(page):
                _hold_back(page, revision, faults)


@transaction.atomic
def _hold_back(page: Any, revision: Revision, faults: list[str]) -> None:
    revision.approved_go_live_at = None
    revision.save(update_fields=["approved_go_live_at"])
    log(instance=page, action=HELD_BACK, revision=revision, data={"missing": faults})


def held_back() -> QuerySet[PageLogEntry]:
    """What was held back and hasn't been sent on since: a row of the page's history each."""
    later = PageLogEntry.objects.filter(page_id=OuterRef("page_id"), action__in=ENDS, pk__gt=OuterRef("pk"))
    rows: QuerySet[PageLogEntry] = PageLogEntry.objects.filter(action=HELD_BACK).exclude(Exists(later))
    return rows.order_by("-pk")
