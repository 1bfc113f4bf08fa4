"""Showing what a local editor wrote as plain text."""

import re

from django import template
from django.utils.html import format_html, urlize
from django.utils.safestring import SafeString

register = template.Library()

#: A Danish telephone number as it is written: eight digits, in pairs, in fours or in one. Not a date.
PHONE = re.compile(r"(?<![\w+/.:-])(?:\+45 ?)?(?:\d{8}|\d{4} \d{4}|\d{2}(?: \d{2}){3})(?! ?\d|[\w/-])")
#: What isn't a person's words in HTML: a link with its text, and every other tag.
MARKUP = re.compile(r"(<a\b.*?</a>|<[^>]*>)", re.DOTALL)


@register.filter
def linked(text: str) -> SafeString:
    """Plain text with addresses as links and telephone numbers as ones to tap; nothing else is HTML."""
    pieces = MARKUP.split(urlize(text, autoescape=True))
    return SafeString(
        "".join(piece if place % 2 else PHONE.sub(_to_call, piece) for place, piece in enumerate(pieces))
    )


def _to_call(number: re.Match[str]) -> str:
    return format_html('<a href="tel:{}">{}</a>', number[0].replace(" ", ""), number[0])
