"""What is missing before a module can be submitted for review: one list, in words."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.domain.publishing import REVIEW_AFTER
from organisations.days import today

from ..missing import NO_SOURCES, faults_in_block, names_sources


def find_missing(page: Any) -> list[str]:
    """A sentence for each thing that the saved draft lacks; empty when it can be submitted."""
    said: list[str] = []
    try:
        page.full_clean()
    except ValidationError as refused:
        for name, errors in refused.error_dict.items():
            said += [f"{_label(page, name)}: {words}" for error in errors for words in error.messages]
    if not page.professions.all():
        said.append(_("For these professions: choose at least one."))
    outcomes = list(page.outcomes.all())
    if not outcomes:
        said.append(_("What it can show: choose at least one competency and its level."))
    for number, outcome in enumerate(outcomes, start=1):
        try:
            outcome.clean()
        except ValidationError as refused:
            said += [f"{_('What it can show')} {number}: {words}" for words in refused.messages]
    if fault := fault_in_day_of_review(page.review_due_on):
        said.append(f"{_label(page, 'review_due_on')}: {fault}")
    return [*said, *find_missing_in_steps(page.steps)]


def fault_in_day_of_review(day: dt.date | None) -> str:
    """Why nobody can vouch for the module until this day; empty where she can, and where none is named."""
    last = today() + REVIEW_AFTER
    if day is None or today() <= day <= last:
        return ""
    return _("Choose a day from today until %(last)s, or leave it empty.") % {"last": date_format(last)}


def find_missing_in_steps(steps: Any) -> list[str]:
    """The same of the steps alone: where, and what."""
    said: list[str] = []
    try:
        steps.stream_block.clean(steps)
    except ValidationError as refused:
        said += faults_in_block(steps.stream_block, steps, refused)
    return said if names_sources(steps) else [*said, str(NO_SOURCES)]


def _label(page: Any, name: str) -> str:
    if name == "__all__":
        return str(page._meta.verbose_name)
    return str(page._meta.get_field(name).verbose_name).capitalize()
