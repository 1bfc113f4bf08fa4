"""What a browser sends when an educator presses a button of the editor."""

from typing import Any

from django.http import QueryDict
from django.urls import reverse
from wagtail import blocks
from wagtail.test.utils.form_data import querydict_from_html


def fields_of(block: Any, value: Any, name: str) -> dict[str, Any]:
    """A block's value as the fields of the form that the editor's script makes."""
    if isinstance(block, blocks.StreamBlock):
        rows = [(child.block, child.value, child.id, child.block_type) for child in value]
    elif isinstance(block, blocks.ListBlock):
        rows = [(block.child_block, child.value, child.id, None) for child in value.bound_blocks]
    elif isinstance(block, blocks.StructBlock):
        fields: dict[str, Any] = {}
        for key, child in block.child_blocks.items():
            fields |= fields_of(child, value[key], f"{name}-{key}")
        return fields
    else:
        sent = block.field.prepare_value(block.value_for_form(value))
        if sent in (None, False, ""):
            return {} if sent is False else {name: ""}
        shown = "on" if sent is True else block.field.widget.format_value(sent)
        return {name: shown[0] if isinstance(shown, list) else shown}
    fields = {f"{name}-count": len(rows)}
    for number, (child, child_value, child_id, kind) in enumerate(rows):
        row = f"{name}-{number}"
        fields |= {f"{row}-deleted": "", f"{row}-order": number, f"{row}-id": child_id or ""}
        fields |= {f"{row}-type": kind} if kind else {}
        fields |= fields_of(child, child_value, f"{row}-value")
    return fields


def edited(client: Any, page: Any, *, steps: Any = None, button: str = "", **changes: Any) -> QueryDict:
    """The editor's form of a page, with these steps and changes, and the button that is pressed."""
    html = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    data = querydict_from_html(html, form_id="page-edit-form")
    for field, value in fields_of(page.steps.stream_block, steps or page.steps, "steps").items():
        data[field] = value
    for field, value in changes.items():
        data[field.replace("__", "-")] = value
    if button:
        data[button] = "1"
    return data


def press(client: Any, page: Any, button: str = "action-publish", **kwargs: Any) -> Any:
    """Press a button in the editor of a page."""
    data = edited(client, page, button=button, **kwargs)
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)
