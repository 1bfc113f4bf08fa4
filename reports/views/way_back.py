"""The way back to the step from which a page of one's own was opened."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

Trail = list[tuple[str, str]]


def back_to(request: HttpRequest) -> str:
    """The address in `next`, if it is one of this site's; else nothing."""
    asked: str = request.GET.get("next", "")
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=hosts, require_https=request.is_secure())
    return asked if is_ours else ""


def trail_to(request: HttpRequest, *, module: str) -> Trail:
    """Where the page lies for her who came from a step of the module; for others under *My data*."""
    back = back_to(request)
    return [(module, back)] if back else [(_("My data"), reverse("reports:my_record"))]


def again(request: HttpRequest, name: str, **parts: object) -> HttpResponseRedirect:
    """To the page once more, with the way back kept."""
    back = back_to(request)
    return redirect(f"{reverse(name, kwargs=parts)}{'?' + urlencode({'next': back}) if back else ''}")
