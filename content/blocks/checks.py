"""What several kinds of block have in common: a source, no answers alike, words that aren't translated."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError


class UntranslatedBlock(blocks.CharBlock):
    """Words that stand as they are in every language: a year, a quotation, the name of a publisher.

    What a translator gets is all text that isn't one of these. Keys, choices and marks are never text.
    """

    def get_translatable_segments(self, value: str) -> list[Any]:
        return []

    def restore_translated_segments(self, value: str, segments: list[Any]) -> str:
        return value


#: A migration knows the block as what it stores.
DECONSTRUCT_ALIASES = {UntranslatedBlock: "wagtail.blocks.CharBlock"}


class WholeBlock(blocks.StructBlock):
    """A block with rules of its own, `find_faults`, that are asked when it is published."""

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        faults = {} if self.is_deferred_validation else self.find_faults(value)
        if faults:
            raise StructBlockValidationError(
                block_errors={name: self._as_error(name, words) for name, words in faults.items()}
            )
        return value

    def find_faults(self, value: Any) -> Mapping[str, Any]:
        """What is wrong, in words, by field. The block's fields are each fine by themselves."""
        return {}

    def _as_error(self, name: str, words: Any) -> ValidationError:
        error = ValidationError(words)
        if isinstance(self.child_blocks[name], blocks.ListBlock):
            return ListBlockValidationError(non_block_errors=[error])
        return error


class SourcedBlock(WholeBlock):
    """A block whose right answer rests on a source, and an explanation of it. They stand last."""

    needs_source = True

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        needed = self.needs_source
        source = [
            ("source", blocks.CharBlock(label=_("Source"), max_length=300, required=needed)),
            (
                "source_quote",
                UntranslatedBlock(label=_("Quotation from the source"), max_length=300, required=False),
            ),
            (
                "source_year",
                UntranslatedBlock(label=_("Year of the source"), max_length=20, required=needed),
            ),
            (
                "is_historic",
                blocks.BooleanBlock(
                    label=_("The source is an old agreement: show its year with the question"),
                    required=False,
                ),
            ),
        ]
        super().__init__([*source, *(local_blocks or [])], **kwargs)


class OptionalSourceBlock(SourcedBlock):
    """A block that may rest on a source: then it has a year."""

    needs_source = False

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        if not self.is_deferred_validation and bool(value["source"]) != bool(value["source_year"]):
            missing = "source_year" if value["source"] else "source"
            words = _("A source has a title and a year. Give both, or neither.")
            raise StructBlockValidationError(block_errors={missing: ValidationError(words)})
        return value


def says_the_same_twice(texts: Iterable[str]) -> bool:
    plain = [" ".join(text.split()).casefold() for text in texts]
    return len(set(plain)) != len(plain)


def named(block: blocks.FieldBlock) -> blocks.FieldBlock:
    """A field alone in a list: the editor writes its label above it, and this ties the two together."""
    block.field.widget.attrs["aria-label"] = block.label
    return block
