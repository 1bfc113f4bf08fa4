"""What is missing before a module can be submitted for review: one list, in words."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.forms.utils import ErrorList
from django.utils.translation import gettext as _
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

ABOVE = " › "


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
    return [*said, *find_missing_in_steps(page.steps)]


def find_missing_in_steps(steps: Any) -> list[str]:
    """The same of the steps alone: where, and what."""
    try:
        steps.stream_block.clean(steps)
    except ValidationError as refused:
        return list(_in_words(steps.stream_block, steps, refused, ()))
    return []


def _label(page: Any, name: str) -> str:
    if name == "__all__":
        return str(page._meta.verbose_name)
    return str(page._meta.get_field(name).verbose_name).capitalize()


def _in_words(block: Any, value: Any, error: Any, above: tuple[str, ...]) -> Iterator[str]:
    """The sentences of an error, each with the way down to where it is."""
    if isinstance(error, StreamBlockValidationError):
        for place, inner in error.block_errors.items():
            child = value[place]
            here = (*above, f"{child.block.label} {place + 1}")
            yield from _all_in_words(child.block, child.value, inner, here)
        yield from _words(error.non_block_errors, above)
    elif isinstance(error, ListBlockValidationError):
        for place, inner in _by_place(error.block_errors):
            here = (*above, f"{block.child_block.label or block.label} {place + 1}")
            yield from _all_in_words(block.child_block, value[place], inner, here)
        yield from _words(error.non_block_errors, above)
    elif isinstance(error, StructBlockValidationError):
        for name, inner in error.block_errors.items():
            child = block.child_blocks[name]
            yield from _all_in_words(child, value[name], inner, (*above, str(child.label)))
        yield from _words(error.non_block_errors, above)
    else:
        yield from _words([error], above)


def _all_in_words(block: Any, value: Any, errors: Any, above: tuple[str, ...]) -> Iterator[str]:
    """An error, or a list of them: Wagtail keeps both."""
    for error in _as_errors(errors) if isinstance(errors, list) else [errors]:
        yield from _in_words(block, value, error, above)


def _by_place(errors: Any) -> Iterable[tuple[int, Any]]:
    rows = errors.items() if isinstance(errors, Mapping) else enumerate(errors)
    return [(place, error) for place, error in rows if error]


def _words(errors: Iterable[Any], above: tuple[str, ...]) -> Iterator[str]:
    for error in _as_errors(errors):
        for words in error.messages:
            yield f"{ABOVE.join(above)}: {words}" if above else str(words)


def _as_errors(errors: Any) -> Iterable[ValidationError]:
    """Forms keep errors in a list that gives words; the errors themselves are behind it."""
    return errors.as_data() if isinstance(errors, ErrorList) else errors
