"""How people get in: nobody signs up by herself, and a log-in renews what she may do."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from organisations.domain.groups import sync_groups
from organisations.models import User


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Log-ins are made by an administrator or a load, never by a form that anybody can reach."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        sync_groups(user)
