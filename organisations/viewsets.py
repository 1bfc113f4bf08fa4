"""The back office of this room: who sees which rows, and that writes go through the domain.

Wagtail's groups only open the back office. What is behind it is asked of `rules` at every request.
"""

from collections.abc import Callable, Iterable
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, Prefetch, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import log
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from . import forms, rules
from .choosers import WorkColumn, with_todays_work
from .enums import InvitationKind, Role
from .models import Area, Employment, Invitation, Login, OrgUnit, Person, Profession, RoleGrant, User


def once_a_request(user: Any, question: Callable[[Any], bool]) -> bool:
    """The answer, remembered on `request.user`: menus, buttons and columns ask again and again."""
    answers = getattr(user, "_administers", None)
    if answers is None:
        answers = user._administers = {}
    if question not in answers:
        answers[question] = question(user)
    return answers[question]


class AdministeredPolicy(BasePermissionPolicy):
    """Whoever `runs` the rows does the `actions` with those of them that are hers; who `sees` looks at them.

    Administrators, within what they administer, unless others are named. Nothing is deleted: facts end.
    """

    def __init__(
        self,
        model: type[Model],
        *,
        rows: Callable[[Any], QuerySet],
        runs: Callable[[Any], bool] = rules.is_administrator,
        sees: Callable[[Any], bool] = rules.is_administrator,
        actions: frozenset[str] = frozenset({"add", "change"}),
    ) -> None:
        super().__init__(model)
        self.rows = rows
        self.runs = runs
        self.sees = sees
        self.actions = actions

    def user_has_permission(self, user: Any, action: str) -> bool:
        if action == "view":
            return once_a_request(user, self.sees)
        return action in self.actions and once_a_request(user, self.runs)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Model) -> bool:
        return self.user_has_permission(user, action) and self.rows(user).filter(pk=instance.pk).exists()

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet:
        return self.rows(user) if self.user_has_any_permission(user, actions) else self.rows(user).none()

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[User]:
        administrators = RoleGrant.objects.active().with_role(Role.ADMINISTRATOR)
        return User.objects.filter(
            Q(is_superuser=True) | Q(person__in=administrators.values("person")), is_active=True
        )


def everything(model: type[Model]) -> Callable[[Any], QuerySet]:
    """Rows that everyone in the back office may look up."""
    return lambda _user: model._default_manager.all()


register_permission_policy(Person, AdministeredPolicy(Person, rows=rules.administered_people))
register_permission_policy(OrgUnit, AdministeredPolicy(OrgUnit, rows=rules.administered_units))
register_permission_policy(Employment, AdministeredPolicy(Employment, rows=rules.administered_employments))
register_permission_policy(RoleGrant, AdministeredPolicy(RoleGrant, rows=rules.administered_grants))
register_permission_policy(
    Login, AdministeredPolicy(Login, rows=rules.administered_logins, actions=frozenset({"change"}))
)
register_permission_policy(Invitation, AdministeredPolicy(Invitation, rows=rules.administered_invitations))
for shared in (Profession, Area):
    register_permission_policy(
        shared, AdministeredPolicy(shared, rows=everything(shared), runs=rules.administers_everything)
    )


class ScopedIndexView(generic.IndexView):
    """The rows that the user may see, with what the columns need."""

    related: tuple[str | Prefetch, ...] = ()

    def get_base_queryset(self) -> QuerySet:
        rows = self.permission_policy.instances_user_has_any_permission_for(
            self.request.user, self.any_permission_required
        )
        return rows.prefetch_related(*self.related)


class DomainWriteMixin:
    """Save through the form's `write`; a refusal of the domain is an error of the form, not a crash."""

    log_action: str
    form: forms.DomainForm
    request: HttpRequest
    get_error_message: Callable[[], str]
    form_invalid: Callable[[ModelForm], HttpResponse]

    def save_instance(self) -> Model:
        instance: Model = self.form.write()
        log(instance, action=self.log_action, user=self.request.user)
        return instance

    def form_valid(self, form: ModelForm) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().form_valid(form)  # type: ignore[misc]  # of the view it is mixed into
        except ValidationError as refusal:
            forms.show_refusal(form, refusal)
            self.produced_error_code = "validation_error"
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)


class DomainCreateView(DomainWriteMixin, generic.CreateView):
    log_action = "wagtail.create"


class DomainEditView(DomainWriteMixin, generic.EditView):
    log_action = "wagtail.edit"

    def get_queryset(self) -> QuerySet:
        return self.permission_policy.instances_user_has_permission_for(self.request.user, "change")


class ScopedHistoryView(HistoryView):
    def get_base_object_queryset(self) -> QuerySet:
        return self.permission_policy.instances_user_has_permission_for(self.request.user, "change")


class AdministeredViewSet(ModelViewSet):
    """List, add, edit and history. No copying and no deleting."""

    index_view_class = ScopedIndexView
    add_view_class = DomainCreateView
    edit_view_class = DomainEditView
    history_view_class = ScopedHistoryView
    copy_view_enabled = False
    add_to_reference_index = False
    search_backend_name = None
    add_form: type[ModelForm]
    edit_form: type[ModelForm]
    related: tuple[str | Prefetch, ...] = ()

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        absent = {"usage_url_name": self.UNDEFINED, "delete_url_name": self.UNDEFINED}
        return super().get_common_view_kwargs(**{**absent, **kwargs})

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(related=self.related, **kwargs)

    def get_form_class(self, for_update: bool = False) -> type[ModelForm]:
        return self.edit_form if for_update else self.add_form

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        """Django's permissions open nothing here, so a group can't be given them."""
        return Permission.objects.none()

    def get_urlpatterns(self) -> list[Any]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name not in {"delete", "usage"}]


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


class OrgUnitViewSet(AdministeredViewSet):
    model = OrgUnit
    icon = "site"
    add_form, edit_form = forms.NewUnitForm, forms.UnitForm
    list_display = ["name", "kind", "code", "sor", "verification"]
    list_filter = ["kind", "verification"]
    search_fields = ["name", "official_name", "code", "sor", "cvr"]


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


class ProfessionViewSet(AdministeredViewSet):
    model = Profession
    icon = "tag"
    add_form, edit_form = forms.NewProfessionForm, forms.ProfessionForm
    list_display = ["name_da", "name_en", "code", "authorisation_education_code"]
    search_fields = ["name_da", "name_en", "code"]


class AreaViewSet(AdministeredViewSet):
    model = Area
    icon = "globe"
    add_form, edit_form = forms.NewAreaForm, forms.AreaForm
    list_display = ["name", "kind", "code", "starts_on", "ends_on", "verification"]
    list_filter = ["kind", "verification"]
    search_fields = ["name", "code"]


class PeopleAndPlaces(ViewSetGroup):
    menu_label = _("People and places")
    menu_icon = "group"
    menu_order = 300

    items = (
        PersonViewSet,
        OrgUnitViewSet,
        EmploymentViewSet,
        RoleGrantViewSet,
        LoginViewSet,
        InvitationViewSet,
        ProfessionViewSet,
        AreaViewSet,
    )
