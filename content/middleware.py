"""What the back office answers when a page isn't ready to be published, whichever button was pressed."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages

from .missing import NotReady


class SayWhatIsMissing:
    """Leads back to the editor, with the list. What was written is saved; what was to go live is not.

    The doors are many (a step of the review, several pages at once, a translation), and each ends in the
    page's own refusal (`domain.publishing.refuse_unready`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, NotReady):
            return None
        messages.error(request, exception.as_list)
        return redirect("wagtailadmin_pages:edit", exception.page.pk)
