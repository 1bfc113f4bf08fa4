"""The editor of a module without a browser: what it posts, made from the saved page, and who presses what."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.forms import CheckboxInput
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail import blocks
from wagtail.models import TaskState

from content.models import ModulePage
from organisations.domain.groups import sync_groups
from tests.factories.organisations import GrantFactory, UserFactory


def posted(page: Any, *, button: str = "", steps: Any = None, **fields: Any) -> dict[str, Any]:
    """The fields of the edit form as they stand in the newest draft, with `fields` instead of some.

    `button` is the name of the button that was pressed; `steps` other raw data of the steps.
    """
    draft = page.get_latest_revision_as_object()
    if steps is not None:
        draft.steps = draft.steps.stream_block.to_python(steps)
    outcomes = list(draft.outcomes.all())
    data: dict[str, Any] = {
        "title": draft.title,
        "draft_title": draft.title,
        "slug": draft.slug,
        "code": draft.code,
        "summary": draft.summary,
        "minutes": draft.minutes,
        "professions": [profession.pk for profession in draft.professions.all()],
        "is_new_substance": "" if draft.is_new_substance is None else str(draft.is_new_substance),
        "review_due_on": draft.review_due_on,
        "go_live_at": draft.go_live_at and f"{timezone.localtime(draft.go_live_at):%Y-%m-%d %H:%M}",
        "outcomes-TOTAL_FORMS": len(outcomes),
        "outcomes-INITIAL_FORMS": len(outcomes),
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        **dict(_stream("steps", draft.steps)),
    }
    for number, outcome in enumerate(outcomes):
        data |= {
            f"outcomes-{number}-id": outcome.pk,
            f"outcomes-{number}-ORDER": number + 1,
            f"outcomes-{number}-DELETE": "",
            f"outcomes-{number}-competency": outcome.competency_id,
            f"outcomes-{number}-level": outcome.level,
            f"outcomes-{number}-earned_by": outcome.earned_by,
        }
    pressed = {button: "1"} if button else {}
    return {name: value for name, value in {**data, **pressed, **fields}.items() if value is not None}


def _value(block: Any, prefix: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from _value(child, f"{prefix}-{name}", value[name])
    elif isinstance(block, blocks.StreamBlock):
        yield from _stream(prefix, value)
    elif isinstance(block, blocks.ListBlock):
        yield f"{prefix}-count", len(value)
        for number, child in enumerate(value.bound_blocks):
            here = f"{prefix}-{number}"
            yield from _row(here, number, child.id)
            yield from _value(block.child_block, f"{here}-value", child.value)
    elif isinstance(block.field.widget, CheckboxInput):
        if value:
            yield prefix, "on"
    else:
        shown = block.field.widget.format_value(block.field.prepare_value(block.value_for_form(value)))
        yield prefix, "" if shown is None else shown


def _stream(prefix: str, value: Any) -> Iterator[tuple[str, Any]]:
    yield f"{prefix}-count", len(value)
    for number, child in enumerate(value):
        here = f"{prefix}-{number}"
        yield from _row(here, number, child.id)
        yield f"{here}-type", child.block_type
        yield from _value(child.block, f"{here}-value", child.value)


def _row(here: str, number: int, row_id: str) -> Iterator[tuple[str, Any]]:
    yield f"{here}-deleted", ""
    yield f"{here}-order", number
    yield f"{here}-id", row_id


# --- Who presses what ---------------------------------------------------------------------------------


def with_role(role, person=None, **grant):
    user = UserFactory(person=person) if person else UserFactory()
    GrantFactory(person=user.person, role=role, **{"unit": None, **grant})
    sync_groups(user)
    return user


def press(client, user, page, button="", **fields):
    """Presses a button of the editor."""
    client.force_login(user)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return client.post(address, posted(ModulePage.objects.get(pk=page.pk), button=button, **fields))


def submit(client, user, page, **fields):
    return press(client, user, page, "action-submit", **{"is_new_substance": "False", **fields})


def act(client, user, page, action="approve"):
    """Presses a button of the workflow in the editor."""
    return press(client, user, page, "action-workflow-action", **{"workflow-action-name": action})


def act_on_front_page(client, user, page, action="approve"):
    """The same from the list of what waits."""
    client.force_login(user)
    state = TaskState.objects.for_instance(page).latest("pk")
    return client.post(
        reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk]), {"comment": "Ja."}
    )


def count_queries(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
