"""What this room does when a person is erased."""

import uuid

from ..models import ErrorReport
from .error_reports import erase_report


def erase_words(pseudonym: uuid.UUID) -> None:
    """Erase what she reported as wrong; answers and practice tasks go with her enrolments."""
    for report in ErrorReport.objects.filter(reporter__pseudonym=pseudonym, erased_at__isnull=True):
        erase_report(report)
