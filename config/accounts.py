"""How people get in and keep their log-in: nobody signs up, and a log-in renews what she may do."""

from base64 import urlsafe_b64encode
from typing import Any

from allauth.account import forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from organisations.days import today
from organisations.domain.groups import sync_groups
from organisations.models import Employment, User
from organisations.rules import leaders_of, person_of, sees_others


class Backend(AuthenticationBackend):
    """Who is logged in, by one question: every page says her name."""

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.select_related("person").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Log-ins are made by invitation or a load, never by a form that anybody can reach."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        sync_groups(user)
        if user.email and not EmailAddress.objects.filter(user=user).exists():
            # Whoever invited her gave it. An address that hasn't been opened would be dropped for a new one.
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


class SecretsAdapter(DefaultMFAAdapter):
    """What makes the codes of the second step is kept encrypted, with the installation's own key."""

    def encrypt(self, text: str) -> str:
        return self._fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._fernet().decrypt(encrypted_text.encode()).decode()

    def _fernet(self) -> MultiFernet:
        """The first key encrypts; those before it, while they are fallbacks, still decrypt."""
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        digests = [
            salted_hmac("config.second-step", "", secret=key, algorithm="sha256").digest() for key in keys
        ]
        return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])


class LoginForm(forms.LoginForm):
    """One field for both: an e-mail address or a username."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address or username")
        self.fields["login"].widget.attrs.update(
            {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        )


class SecondStepForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code from the app")


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
