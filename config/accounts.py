"""How people get in and keep their log-in: nobody signs up, and a log-in renews what she may do."""

from typing import Any

from allauth.account import forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from organisations.days import today
from organisations.domain.groups import sync_groups
from organisations.models import Employment, User
from organisations.rules import leaders_of, person_of, sees_others


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Log-ins are made by invitation or a load, never by a form that anybody can reach."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        sync_groups(user)


class LoginForm(forms.LoginForm):
    """One field for both: an e-mail address or a username."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address or username")
        self.fields["login"].widget.attrs.update(
            {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        )


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """One's own log-in: what it is, and what can be done with it; and who leads where one works."""
    person = person_of(request.user)
    jobs = (
        Employment.objects.current(on=today()).filter(person=person) if person else Employment.objects.none()
    )
    context = {
        "person": person,
        "work": [
            {"employment": job, "leaders": list(leaders_of(job.unit))}
            for job in jobs.select_related("unit", "profession")
        ],
        "has_second_step": is_mfa_enabled(request.user, [Authenticator.Type.TOTP]),
        "needs_second_step": settings.MFA_REQUIRED and sees_others(request.user),
    }
    return render(request, "account/account.html", context)
