"""A block as a learner meets it, for the editor's previews."""

from typing import Any

from django import template

from content.compile import COMPILERS
from content.rows import template_of

register = template.Library()


@register.simple_tag
def compiled(bound_block: Any) -> dict[str, Any] | None:
    """The row of a block of a step, compiled as publishing would; None for any other block."""
    block = bound_block.block
    if block.name not in COMPILERS:
        return None
    # What is written as an example has no ids yet; on its way to the database and back it gets them.
    value = block.to_python(block.get_prep_value(bound_block.value))
    row = COMPILERS[block.name]("preview", value, {})
    return {"block": row, "template": template_of(row)}
