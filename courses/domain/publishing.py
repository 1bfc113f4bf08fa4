"""Registering what an author publishes: module, version, edition.

`courses` knows no page: whoever publishes hands down finished content and grading.
"""

import datetime as dt
import hashlib
import json
import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from organisations.days import today
from organisations.enums import Role
from organisations.models import Person, RoleGrant

from ..models import Edition, Module, ModuleVersion

#: The 2011 agreement is revised every third year; content carries a review date of 36 months at most,
#: from the day it was published or last approved.
REVIEW_AFTER = dt.timedelta(days=3 * 365)


class TranslationOutdated(Exception):
    """A translation was published whose items differ from the newest version's."""


def register_module(key: uuid.UUID, *, code: str = "") -> Module:
    """The module with this key, made at the first call; a later call may give it another code."""
    module, _made = Module.objects.get_or_create(
        key=key, defaults={"code": code, "iri": f"{settings.IRI_BASE}/modules/{key}"}
    )
    if code and module.code != code:
        module.code = code
        module.save(update_fields=["code"])
    return module


@transaction.atomic
def publish_edition(
    module: Module,
    *,
    language: str,
    title: str,
    content: dict[str, Any],
    grading: dict[str, Any],
    substance: Any,
    decides_substance: bool = True,
    new_version: bool = False,
    review_due_on: dt.date | None = None,
) -> Edition:
    """Freeze what is published now as an edition, and as a new version where the substance changed.

    `substance` is whatever evidence can rest on (items, contributions). The language that decides the
    substance opens a new version when it differs, or when the author says so (`new_version`); the
    other languages join the newest version, or raise TranslationOutdated when their items differ.
    `review_due_on` is the author's own day; without one it is REVIEW_AFTER from now.
    Publishing the same again changes nothing and returns the edition that is there.
    """
    Module.objects.select_for_update().get(pk=module.pk)
    newest = module.versions.order_by("-number").first()
    mark = _fingerprint(substance)
    if newest is not None and not decides_substance and newest.substance != mark:
        raise TranslationOutdated(module.code)
    if newest is None or new_version or newest.substance != mark:
        newest = ModuleVersion.objects.create(
            module=module,
            number=1 if newest is None else newest.number + 1,
            substance=mark,
            published_at=timezone.now(),
            review_due_on=review_due_on or today() + REVIEW_AFTER,
        )
    elif review_due_on and newest.review_due_on != review_due_on:
        newest.review_due_on = review_due_on
        newest.save(update_fields=["review_due_on"])
    fingerprint = _fingerprint([title, content, grading])
    last = newest.editions.in_language(language).newest_first().first()
    if last is not None and last.fingerprint == fingerprint:
        return last
    return Edition.objects.create(
        version=newest,
        number=newest.editions.count() + 1,
        language=language,
        title=title,
        content=content,
        grading=grading,
        fingerprint=fingerprint,
        published_at=timezone.now(),
    )


@transaction.atomic
def approve_version(
    version: ModuleVersion, *, by: Person, on: dt.date | None = None, review_due_on: dt.date | None = None
) -> None:
    """A named clinical reviewer approves this very version. The next version awaits its own.

    Both ways of approving end here: the review in the back office, and what an administrator registers.
    The newest approval is the one that stands, and moves the day of the next review: to `review_due_on`
    where the author chose one, else by REVIEW_AFTER. Raises
    ValidationError when `by` wasn't a clinical reviewer on the day, when the day lies ahead, and when a
    newer approval stands.
    """
    day = on or today()
    version = ModuleVersion.objects.select_for_update().get(pk=version.pk)
    reviewing = RoleGrant.objects.active(on=day).with_role(Role.CLINICAL_REVIEWER)
    if not reviewing.filter(person=by).exists():
        raise ValidationError(
            _("%(person)s wasn't a clinical reviewer on %(day)s. Grant the role, or name somebody who was.")
            % {"person": by, "day": date_format(day)},
            code="no_reviewer",
        )
    if day > today():
        raise ValidationError(
            _("An approval can't lie in the future. Give the day it was made."), code="in_the_future"
        )
    if version.approved_on and day < version.approved_on:
        raise ValidationError(
            _("A newer approval stands: it was given on %(day)s.")
            % {"day": date_format(version.approved_on)},
            code="older",
        )
    version.approved_by = by
    version.approved_on = day
    version.review_due_on = review_due_on or max(version.review_due_on, day + REVIEW_AFTER)
    version.save(update_fields=["approved_by", "approved_on", "review_due_on"])


def _fingerprint(value: Any) -> str:
    return hashlib.sha256(
        json.dumps(value, sort_keys=True, ensure_ascii=False, default=str).encode()
    ).hexdigest()
