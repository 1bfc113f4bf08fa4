"""What a learner writes: kept in a row that can be erased, referred to by the statement."""

import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from organisations.validators import refuse_cpr_number
from xapi import projection, vocabulary

from ..enums import ItemKind
from ..models import Confirmation, Enrolment, FreeText, Sharing, TaskNote
from .answers import UnknownItem
from .statements import say_once

#: Characters. Two lines are asked for; a page is more than enough.
LONGEST = 4000

VERB_OF_KIND = {
    ItemKind.REFLECTION: vocabulary.ANSWERED,
    ItemKind.SHORT_ANSWER: vocabulary.ANSWERED,
    ItemKind.PRACTICE_TASK: vocabulary.SUBMITTED,
}


def write(enrolment: Enrolment, *, item: str, text: str, at: dt.datetime | None = None) -> FreeText:
    """Keep what the learner wrote in her own words at an item, and record that she did, once.

    Other words than those that she shared are no longer shared, and they answer who asked for more. When a
    practice task is handed in, the first time or as such an answer, `settings.WHEN_HANDED_IN` hears of it;
    not when `at` says that it is history.

    Raises UnknownItem, or ValidationError with words for the learner: empty, too long, something
    like a CPR number, or a practice task that was confirmed as it stands.
    """
    block = enrolment.edition.items.get(item)
    if block is None or block["kind"] not in VERB_OF_KIND:
        raise UnknownItem(item)
    text = checked_text(text)
    if Confirmation.objects.filter(enrolment=enrolment, item=item).exists():
        raise ValidationError(
            _("The task has been confirmed, so the text stays as it was."), code="confirmed"
        )
    now = at or timezone.now()
    answered = 0
    with transaction.atomic():
        row, made = FreeText.objects.get_or_create(
            enrolment=enrolment,
            item=item,
            defaults={"kind": block["kind"], "text": text, "written_at": now, "changed_at": now},
        )
        if not made and row.text != text:
            row.text, row.changed_at, row.erased_at = text, now, None
            row.save(update_fields=["text", "changed_at", "erased_at"])
            Sharing.objects.filter(text=row).take_back(now)
            answered = TaskNote.objects.filter(enrolment=enrolment, item=item).answer(now)
        is_first = say_once(
            enrolment,
            "wrote",
            item,
            verb=VERB_OF_KIND[block["kind"]],
            at=now,
            item=item,
            result={"extensions": {vocabulary.FREE_TEXT: str(row.public_id)}},
        )
    projection.attempt(enrolment.person.pseudonym)
    if (is_first or answered) and at is None and block["kind"] == ItemKind.PRACTICE_TASK:
        for path in settings.WHEN_HANDED_IN:
            import_string(path)(row)
    return row


def erase(row: FreeText) -> None:
    """Erase the words, and end their sharing.

    The row stays, so that the statement that refers to it still means something.
    """
    with transaction.atomic():
        row.text, row.erased_at = "", timezone.now()
        row.save(update_fields=["text", "erased_at"])
        Sharing.objects.filter(text=row).take_back(row.erased_at)


def checked_text(text: str, *, longest: int = LONGEST) -> str:
    """The words, stripped. Raises ValidationError: empty, over `longest` characters, like a CPR number."""
    text = text.replace("\x00", "").strip()
    if not text:
        raise ValidationError(_("Write a few words first."), code="empty")
    if len(text) > longest:
        raise ValidationError(
            _("The text is too long: %(length)s characters, and %(longest)s is the most."),
            code="too_long",
            params={"length": len(text), "longest": longest},
        )
    refuse_cpr_number(text)
    return text
