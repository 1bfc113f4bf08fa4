"""What every request passes: the record store's short way, the back office's own rules, the second step."""

import functools
from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext

from organisations.rules import sees_others


class HeadWithoutBody:
    """Answers HEAD with the headers alone (RFC 9110, 9.3.2): gunicorn would drop a body, and complain."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response: Any = self.get_response(request)
        if request.method == "HEAD":
            if response.streaming:
                response.streaming_content = ()
            else:
                response.content = b""
        return response


class RecordStore:
    """Requests of the record store go straight to it, past all middleware after this one.

    Who sends them is a system with a key of its own: it has no session, language, page or second step, and
    making it wait for those took as long as the answer.
    """

    #: A document may be of any type. Whoever opens one in a browser runs nothing of it.
    POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        # What goes wrong on this way is an answer like any other, and gets the policy too.
        self.answered = convert_exception_to_response(self._answer)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(settings.RECORD_STORE_PATH):
            return self.get_response(request)
        response: Any = self.answered(request)
        response.headers["Content-Security-Policy"] = self.POLICY
        if not response.streaming:
            response.headers.setdefault("Content-Length", str(len(response.content)))
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        request.get_host()  # refuses a host that isn't ours
        try:
            match = _found(request.path_info)
        except Resolver404:
            return JsonResponse({"error": f"The record store has no {request.path_info}."}, status=404)
        request.resolver_match = match
        answered: HttpResponse = match.func(request, *match.args, **match.kwargs)
        return answered


# The store has seven addresses in two places. What isn't there raises, and isn't kept.
@functools.lru_cache(maxsize=32)
def _found(path: str) -> ResolverMatch:
    match = resolve(path)
    if match.app_name != "xapi":  # a page may be anywhere
        raise Resolver404
    return match


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


class BackOfficeDoor:
    """Whoever is logged in and has nothing to do in the back office gets the site's own page about that.

    Wagtail would send her to the log-in, which sends whoever is logged in back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        if not request.path_info.startswith(settings.BACK_OFFICE_PATH) or request.user.is_anonymous:
            return
        if not request.user.has_perm("wagtailadmin.access_admin"):
            raise PermissionDenied


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
