"""Reference texts that come in Danish and English, in two columns; and which of the two is in use."""

from typing import Any

from django.utils.translation import get_language


def language_in_use() -> str:
    """The code of the language that is spoken now; Danish where none is."""
    return (get_language() or "da")[:2]


def in_current_language(row: Any, field: str) -> str:
    """The row's `field_da` or `field_en`, by the language in use; Danish where English is missing."""
    text: str = getattr(row, f"{field}_{language_in_use()}", "") or getattr(row, f"{field}_da")
    return text
