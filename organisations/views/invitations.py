"""Where an invited person makes her log-in: by the link in a mail, or by the code in a letter.

Whatever is wrong with a link or a code, the answer is the same: nobody learns whether a person exists.
"""

import datetime as dt
from typing import Any

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from ..domain import invitations
from ..enums import InvitationKind
from ..forms import show_refusal
from ..models import Invitation

#: Where the session keeps which letter's code was right, and until when that is believed.
SESSION_KEY = "invitation"
CODE_HOLDS_FOR = dt.timedelta(minutes=30)
#: The name of the limit in `ACCOUNT_RATE_LIMITS`.
RATE = "invitation_code"


class CodeForm(forms.Form):
    """What stands in the letter, and the name of whom it is for."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("The code in your letter: twelve letters and digits."),
        error_messages={"required": gettext_lazy("Write the code in your letter.")},
        max_length=40,
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    family_name = forms.CharField(
        label=gettext_lazy("Your family name"),
        help_text=gettext_lazy("As it is written in the letter."),
        error_messages={"required": gettext_lazy("Write your family name.")},
        max_length=100,
        widget=forms.TextInput({"autocomplete": "family-name"}),
    )


class NewLoginForm(forms.Form):
    """A password and, where there is no e-mail address, a username."""

    username = forms.CharField(
        label=gettext_lazy("Username"),
        help_text=gettext_lazy("You log in with it. Choose another if you like."),
        error_messages={"required": gettext_lazy("Write a username.")},
        max_length=30,
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        error_messages={"required": gettext_lazy("Write a password.")},
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, with_username: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = " ".join(password_validators_help_texts())
        if not with_username:
            del self.fields["username"]


@never_cache
@sensitive_post_parameters("password")
def by_mail(request: HttpRequest, token: str) -> HttpResponse:
    invitation = invitations.find_by_token(token)
    return _new_login(request, invitation) if invitation else _spent(request)


@never_cache
@sensitive_post_parameters("code")
def by_code(request: HttpRequest) -> HttpResponse:
    """The code and the name. Only wrong ones count against the limit: a whole ward may share an address."""
    form = CodeForm(request.POST or None)
    if not form.is_valid():
        return render(request, "organisations/code.html", {"form": form})
    if not ratelimit.consume(request, action=RATE, dry_run=True):
        form.add_error(None, _("That was too many tries. Wait ten minutes, and try again."))
        return render(request, "organisations/code.html", {"form": form}, status=429)
    invitation = invitations.find_by_code(
        form.cleaned_data["code"], family_name=form.cleaned_data["family_name"]
    )
    if invitation is None:
        ratelimit.consume(request, action=RATE)
        form.add_error(
            None,
            _(
                "The code and the name don't fit, or the code no longer works. Look at the letter once more, "
                "or ask whoever gave it to you for a new one."
            ),
        )
        return render(request, "organisations/code.html", {"form": form})
    request.session.cycle_key()
    believed = {"pk": invitation.pk, "until": (timezone.now() + CODE_HOLDS_FOR).timestamp()}
    request.session[SESSION_KEY] = believed
    return redirect("organisations:after_code")


@never_cache
@sensitive_post_parameters("password")
def after_code(request: HttpRequest) -> HttpResponse:
    believed = request.session.get(SESSION_KEY)
    if not believed:
        return redirect("organisations:code")
    if believed["until"] < timezone.now().timestamp():
        del request.session[SESSION_KEY]
        return redirect("organisations:code")
    invitation = invitations.find_usable(believed["pk"])
    return _new_login(request, invitation) if invitation else _spent(request)


def _new_login(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    standing = invitations.standing_login(invitation)
    form = NewLoginForm(
        request.POST or None,
        with_username=invitation.kind == InvitationKind.PAPER and standing is None,
        initial={"username": invitations.propose_username(invitation.person)},
    )
    if form.is_valid():
        try:
            user = invitations.accept(invitation, **form.cleaned_data)
        except invitations.InvitationSpentError:
            return _spent(request)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            logout(request)
            messages.success(
                request, _("Your log-in is ready. You log in as %(name)s.") % {"name": user.login_name}
            )
            return redirect("account_login")
    context = {"form": form, "invitation": invitation, "standing": standing}
    return render(request, "organisations/new_login.html", context)


def _spent(request: HttpRequest) -> HttpResponse:
    request.session.pop(SESSION_KEY, None)
    return render(request, "organisations/spent.html", status=404)
