"""Reference texts that come in Danish and English, in two columns."""

from typing import Any

from django.utils.translation import get_language


def in_current_language(row: Any, field: str) -> str:
    """The row's `field_da` or `field_en`, by the language in use; Danish where English is missing."""
    language = (get_language() or "da")[:2]
    text: str = getattr(row, f"{field}_{language}", "") or getattr(row, f"{field}_da")
    return text
