"""Who wrote what is to be published, and who approved it: read from a page's revisions.

Saving, commenting and opening a text in the editor make revisions too, so what counts is whether what
a learner meets became another one.
"""

import json
import re
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from modelcluster.models import get_all_child_relations
from wagtail.models import Revision, TaskState

#: What the editor writes into rich text for itself.
_EDITORS_OWN = re.compile(r'\s*data-block-key="[^"]*"')
#: Numbers of rows, which differ between a draft and what was made of it.
_NUMBERS = {"pk", "page"}

#: A person, or a log-in that belongs to nobody.
Who = tuple[str, int]


def who_is(user: Any) -> Who:
    """Whoever has two log-ins is one person."""
    return ("person", user.person_id) if user.person_id else ("log-in", user.pk)


def plain(value: Any) -> Any:
    """The value without what is empty and without what the editor adds for itself: for comparing."""
    if isinstance(value, dict):
        kept = {key: plain(one) for key, one in value.items() if key not in _NUMBERS}
        return {key: one for key, one in kept.items() if one not in (None, "", False, [], {})}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return _EDITORS_OWN.sub("", value) if isinstance(value, str) else value


def text_of(revision: Revision) -> Any:
    """What a learner would meet, of a revision: not the comments, the schedule and the like."""
    model: Any = revision.content_type.model_class()
    own = [field.name for field in (*model._meta.local_fields, *model._meta.local_many_to_many)]
    children = [
        relation.get_accessor_name()
        for relation in get_all_child_relations(model)
        if relation.related_model._meta.app_label == model._meta.app_label
    ]
    content = revision.content
    return plain(
        {
            **{name: content.get(name) for name in ("title", *own, *children) if name != "page_ptr"},
            "steps": json.loads(content["steps"]),
        }
    )


def authors_of(page: Any) -> set[Who]:
    """Everyone who has changed the text since what is live, and who submitted it for review."""
    drafts = page.revisions.select_related("user", "content_type").order_by("pk")
    before = None
    live = page.live_revision
    if live is not None:
        before = text_of(live)
        drafts = drafts.filter(pk__gt=live.pk)
    authors = set()
    for draft in drafts:
        text = text_of(draft)
        if text != before and draft.user is not None:
            authors.add(who_is(draft.user))
        before = text
    state = page.current_workflow_state
    if state is not None and state.requested_by is not None:
        authors.add(who_is(state.requested_by))
    return authors


def is_author(page: Any, user: Any) -> bool:
    return who_is(user) in authors_of(page)


def approval_of(revision: Revision) -> TaskState | None:
    """The newest clinical approval of exactly this text; none where it has changed since."""
    text = text_of(revision)
    states = (
        TaskState.objects.filter(
            task__clinicalreview__isnull=False,
            status=TaskState.STATUS_APPROVED,
            workflow_state__base_content_type=revision.base_content_type_id,
            workflow_state__object_id=revision.object_id,
            finished_by__person__isnull=False,
        )
        .select_related("revision__content_type", "finished_by__person")
        .order_by("-finished_at")
    )
    return next(
        (
            state
            for state in states
            if state.finished_at >= state.revision.created_at and text_of(state.revision) == text
        ),
        None,
    )


def tell_what_was_done(state: TaskState, *, title: str) -> str:
    """What somebody reads who has just taken this step of the review."""
    state.refresh_from_db()
    said = {"title": title}
    if state.status == TaskState.STATUS_REJECTED:
        author = state.workflow_state.requested_by
        if author is None:
            return gettext("“%(title)s” is sent back with your comment.") % said
        said["name"] = author.person.full_name if author.person else author.get_username()
        return gettext("“%(title)s” is sent back to %(name)s with your comment.") % said
    if state.status == TaskState.STATUS_CANCELLED:
        return (
            gettext("“%(title)s” was changed after its approval, and waits for a clinical reviewer.") % said
        )
    if hasattr(state.task, "clinicalreview"):
        return gettext("You have approved “%(title)s”. It waits to be published.") % said
    hour = state.workflow_state.content_object.get_latest_revision().approved_go_live_at
    if hour is not None:
        said["hour"] = date_format(timezone.localtime(hour), "DATETIME_FORMAT")
        return gettext("“%(title)s” is published on %(hour)s.") % said
    return gettext("You have published “%(title)s”.") % said


def is_as_submitted(state: TaskState) -> bool:
    """Whether the newest draft says what the step of the review began with."""
    newest = state.workflow_state.content_object.get_latest_revision()
    return newest.pk == state.revision_id or text_of(newest) == text_of(state.revision)


def day_of(approval: TaskState) -> Any:
    return timezone.localdate(approval.finished_at)
