"""What is missing before a module can be published, a sentence each, for one list in the editor."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.blocks import StreamBlock
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

NO_SOURCES = gettext_lazy(
    "No step names the sources. Put the block “Sources” into one, with a document at least."
)
CHOOSE_WHAT = gettext_lazy("Choose whether it is a correction of wording or a change of substance.")

#: So many are named where a page isn't published; of the others the number.
NAMED = 10


class NotReady(Exception):
    """A page isn't published: what is missing in it, a sentence each.

    Not a ValidationError: wagtail-localize takes those for its own, and for faults of single fields. In the
    back office `middleware.SayWhatIsMissing` answers with the list.
    """

    def __init__(self, page: Any, faults: list[str]) -> None:
        super().__init__(f"{page} isn't published. {' '.join(faults)}")
        self.page, self.faults = page, faults

    @property
    def as_list(self) -> SafeString:
        """For a message."""
        said = _("Nothing is published yet. “%(title)s”:") % {"title": self.page.title}
        more = len(self.faults) - NAMED
        rest = (
            [ngettext("and %(count)s more", "and %(count)s more", more) % {"count": more}] if more > 0 else []
        )
        rows = format_html_join("", "<li>{}</li>", ((row,) for row in [*self.faults[:NAMED], *rest]))
        return format_html("{}<ul>{}</ul>", said, rows)


def names_sources(steps: Any) -> bool:
    return any(block.block_type == "sources" for step in steps for block in step.value["body"])


def faults_in_block(block: Any, value: Any, error: ValidationError, *where: str) -> Iterator[str]:
    """The faults that cleaning a block's value found, each with where it is: “Step 2, Question, Options”."""
    for told in getattr(error, "non_block_errors", []):
        yield _sentence(where, str(told))
    if isinstance(error, StructBlockValidationError):
        for name, fault in error.block_errors.items():
            child = block.child_blocks[name]
            # What stands in a step is told by what it is, not by the field that holds it all.
            label = [] if isinstance(child, StreamBlock) else [str(child.label)]
            yield from faults_in_block(child, value[name], fault, *where, *label)
    elif isinstance(error, StreamBlockValidationError):
        for place, fault in error.block_errors.items():
            child = value[place]
            name = str(child.block.label)
            name = name if where else f"{name} {place + 1}"
            yield from faults_in_block(child.block, child.value, fault, *where, name)
    elif isinstance(error, ListBlockValidationError):
        for place, fault in error.block_errors.items():
            yield from faults_in_block(block.child_block, value[place], fault, *where, str(place + 1))
    else:
        yield from (_sentence(where, message) for message in error.messages)


def faults_in_outcomes(formset: Any) -> Iterator[str]:
    """What is wrong with what the module can show."""
    for told in formset.non_form_errors().as_data():
        if told.code == "too_few_forms":
            yield _("No competency is named. Say under “What it can show” what the module can show.")
        else:
            yield from told.messages
    for form in formset.forms:
        for name, faults in form.errors.items():
            label = form.fields[name].label if name in form.fields else ""
            yield from (_sentence([_("What it can show"), str(label)], str(fault)) for fault in faults)


def _sentence(where: Any, told: str) -> str:
    place = ", ".join(part for part in where if part)
    return f"{place}: {told}" if place else told
