"""People, what they do and how they log in."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.widgets.button import Button
from wagtail.permissions import register_permission_policy

from .. import forms, rules
from ..choosers import WorkColumn, with_todays_work
from ..enums import InvitationKind
from ..models import Employment, Invitation, Login, Person, RoleGrant
from .base import AdministeredPolicy, AdministeredViewSet, DomainCreateView, DomainEditView, ScopedIndexView
from .person_panel import AtWorkPanel

register_permission_policy(Person, AdministeredPolicy(Person, rows=rules.administered_people))
register_permission_policy(Employment, AdministeredPolicy(Employment, rows=rules.administered_employments))
register_permission_policy(RoleGrant, AdministeredPolicy(RoleGrant, rows=rules.administered_grants))
register_permission_policy(
    Login, AdministeredPolicy(Login, rows=rules.administered_logins, actions=frozenset({"change"}))
)
register_permission_policy(Invitation, AdministeredPolicy(Invitation, rows=rules.administered_invitations))


class PersonIndexView(ScopedIndexView):
    def get_base_queryset(self) -> QuerySet:
        return with_todays_work(super().get_base_queryset(), self.request.user)


class PersonViewSet(AdministeredViewSet):
    model = Person
    icon = "user"
    index_view_class = PersonIndexView
    add_form, edit_form = forms.NewPersonForm, forms.PersonForm
    list_display = ["__str__", "authorisation_id", WorkColumn()]
    search_fields = ["given_name", "family_name", "authorisation_id"]

    def get_edit_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        fields = [FieldPanel(name) for name in forms.PersonForm.Meta.fields]
        panel = ObjectList(
            [
                MultiFieldPanel(fields, heading=_("Names"), icon="edit"),
                AtWorkPanel(heading=_("Work and roles"), icon="calendar-alt"),
            ]
        )
        return super().get_edit_view_kwargs(panel=panel.bind_to_model(Person), **kwargs)


class EmploymentViewSet(AdministeredViewSet):
    model = Employment
    icon = "calendar-alt"
    add_form, edit_form = forms.NewEmploymentForm, forms.EmploymentForm
    related = ("person", "unit", "profession")
    list_display = ["person", "unit", "profession", "starts_on", "ends_on"]
    list_filter = ["profession"]
    search_fields = ["person__given_name", "person__family_name", "unit__name"]


class RoleGrantViewSet(AdministeredViewSet):
    model = RoleGrant
    icon = "key"
    add_form, edit_form = forms.NewGrantForm, forms.GrantForm
    related = ("person", "unit", "area")
    list_display = ["person", "role", "unit", "area", "starts_on", "ends_on"]
    list_filter = ["role"]
    search_fields = ["person__given_name", "person__family_name", "unit__name", "area__name"]


class SecondStepView(DomainEditView):
    """The page that asks before a second step is removed. What was done stands in the log-in's history."""

    log_action = "organisations.second_step_removed"
    success_message = _("The second step of %(object)s is removed.")
    actions = ["edit"]

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().filter(pk__in=Authenticator.objects.values("user"))

    def get_success_url(self) -> str:
        return reverse(self.index_url_name)


class LoginEditView(DomainEditView):
    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons: list[Button] = super().header_more_buttons
        if Authenticator.objects.filter(user=self.object.pk).exists():
            address = reverse("login:second_step", args=[self.object.pk])
            buttons.append(Button(_("Remove the second step"), url=address, icon_name="lock-open"))
        return buttons


class LoginViewSet(AdministeredViewSet):
    """Log-ins are opened and closed here. They are made by invitation, by the person herself."""

    model = Login
    icon = "lock-open"
    add_form = edit_form = forms.LoginForm
    edit_view_class = LoginEditView
    related = ("person",)
    list_display = [
        TitleColumn("login_name", label=_("Logs in as"), url_name="login:edit"),
        "person",
        BooleanColumn("is_active", label=_("Open"), sort_key="is_active"),
        "last_login",
    ]
    list_filter = ["is_active"]
    ordering = ["person__given_name", "person__family_name", "pk"]
    search_fields = ["email", "username", "person__given_name", "person__family_name"]

    def get_urlpatterns(self) -> list[Any]:
        urls = [pattern for pattern in super().get_urlpatterns() if pattern.name != "add"]
        return [*urls, path("second-step/<int:pk>/", self.second_step_view, name="second_step")]

    @property
    def second_step_view(self) -> Callable[..., HttpResponse]:
        kwargs = {
            **self.get_edit_view_kwargs(),
            "form_class": forms.SecondStepForm,
            "panel": None,
            "edit_url_name": self.get_url_name("second_step"),
            "page_title": _("Remove the second step"),
            "submit_button_label": _("Remove the second step"),
        }
        return self.construct_view(SecondStepView, **kwargs)


class InviteView(DomainCreateView):
    """A letter's code is shown in the answer and nowhere else: it is not kept."""

    def get_initial(self) -> dict[str, Any]:
        """From a person's page, her: where she is one to invite."""
        initial: dict[str, Any] = super().get_initial()
        asked = self.request.GET.get("person", "")
        if asked.isdecimal():
            person = rules.people_to_invite(self.request.user).filter(pk=int(asked)).first()
            initial |= {"person": person} if person else {}
        return initial

    def save_action(self) -> HttpResponse:
        if self.object.kind != InvitationKind.PAPER:
            return super().save_action()
        letter = {
            "invitation": self.object,
            "code": self.form.code,
            "address": settings.WAGTAILADMIN_BASE_URL + reverse("organisations:code"),
            "back": reverse(self.index_url_name),
        }
        response = render(self.request, "organisations/letter.html", letter)
        add_never_cache_headers(response)
        return response


class InvitationViewSet(AdministeredViewSet):
    model = Invitation
    icon = "mail"
    add_view_class = InviteView
    add_form, edit_form = forms.NewInvitationForm, forms.InvitationForm
    related = ("person", "created_by")
    list_display = [
        "person",
        "kind",
        "email",
        "created_at",
        "expires_at",
        Column("state", label=_("What became of it"), accessor="state"),
    ]
    list_filter = ["kind"]
    search_fields = ["person__given_name", "person__family_name", "email"]
