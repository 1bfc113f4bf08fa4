"""The back office has a content-security policy of its own; the site never gets it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class BackOfficePolicy:
    """Puts `settings.BACK_OFFICE_CSP` on every response under /cms/: the editor has inline scripts.

    Stands after `CSPMiddleware`, which reads the policy from the response.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith(settings.BACK_OFFICE_PATH):
            # What django-csp's own decorators set on a response.
            vars(response)["_csp_replace"] = settings.BACK_OFFICE_CSP
        return response
