"""The demo's log-ins: what the log-in page lists and `make run` prints. The world is in `demo_world`."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PASSWORD = "lindra-demo"  # noqa: S105  (the demo's, and it is printed)


@dataclass(frozen=True)
class Login:
    """A way in to the demo, and what that person does."""

    email: str
    does: str | Promise


LOGINS = [
    Login("sosu@lindra.example", _("Amina, SOSU assistant in home care: takes modules")),
    Login("sygeplejerske@lindra.example", _("Mette, nurse in the same team")),
    Login(
        "leder@lindra.example",
        _("Karen, leads their home care: sees her team, confirms, appoints key persons"),
    ),
    Login(
        "region@lindra.example", _("Birgitte, coordinator of the region: sees where key persons are missing")
    ),
    Login("laege@lindra.example", _("Jonas, hospital doctor and key person")),
    Login("underviser@lindra.example", _("Sofie, educator: writes the modules")),
    Login("godkender@lindra.example", _("Ida, nurse and clinical reviewer: approves what Sofie writes")),
    Login("admin@lindra.example", _("Henrik, administrator: people, places and roles, publishes modules")),
]
