"""After something was said of a domain: back to the top of a page that has that domain open."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _

from competencies.models import Domain

#: What the address of a page of domains names the open one by.
OPENED = "omraade"


def where_it_stands(page: str, domain: Domain) -> str:
    """The page with the domain open. No anchor: what has just been said stands at the top."""
    return f"{page}?{urlencode({OPENED: domain.code})}"


def say_with_a_way(request: HttpRequest, words: str, domain: Domain) -> None:
    """Say that it is done, with a link down to the domain."""
    way = _("See it under “%(domain)s”") % {"domain": domain.name}
    link = format_html('<a class="function-link" href="#{}">{}</a>', domain.code.lower(), way)
    messages.success(request, format_html("{} {}", words, link))
