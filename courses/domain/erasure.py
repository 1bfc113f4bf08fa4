"""What this room does when a person is erased."""

import uuid

from ..models import ErrorReport, TaskNote
from .error_reports import erase_report
from .task_notes import erase


def erase_words(pseudonym: uuid.UUID) -> None:
    """Erase what she reported as wrong and asked of others; her answers and tasks go with her enrolments."""
    for report in ErrorReport.objects.filter(reporter__pseudonym=pseudonym, erased_at__isnull=True):
        erase_report(report)
    for note in TaskNote.objects.with_words().filter(written_by__pseudonym=pseudonym):
        erase(note)
