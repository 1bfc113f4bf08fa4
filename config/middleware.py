"""What every request passes: the back office's own content-security policy, the second step, redirects."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from wagtail.contrib.redirects.middleware import RedirectMiddleware

from organisations.rules import sees_others


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


class TwoSteps:
    """Where `settings.MFA_REQUIRED`, whoever sees others' data sets up a second step before anything else.

    Stands after the log-in is known. What is needed to set it up, or to leave, stays open.
    """

    OPEN = frozenset({"account_logout", "account_reauthenticate", "live", "ready"})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        if not settings.MFA_REQUIRED or not request.user.is_authenticated or self._is_open(request):
            return None
        if not sees_others(request.user) or is_mfa_enabled(request.user):
            return None
        messages.warning(
            request,
            gettext(
                "You can see other people's data, so your log-in needs a second step. Set it up to go on."
            ),
        )
        return redirect("mfa_activate_totp")

    def _is_open(self, request: HttpRequest) -> bool:
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        return name in self.OPEN or name.startswith("mfa_")


class PageRedirects(RedirectMiddleware):
    """Wagtail's redirects, for pages alone.

    A client asks the record store for what isn't there yet every day; it need not wait for three questions
    about where a page has gone.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.path_info.startswith(settings.RECORD_STORE_PATH):
            return response
        answered: HttpResponse = super().process_response(request, response)
        return answered
