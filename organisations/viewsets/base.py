"""What every list and form of the back office stands on: who sees which rows, and writes through the domain.

Wagtail's groups only open the back office. What is behind it is asked of `rules` at every request.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, Prefetch, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from wagtail.admin.views import generic
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log
from wagtail.permission_policies.base import BasePermissionPolicy

from .. import forms, rules
from ..enums import Role
from ..models import RoleGrant, User


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
        log(instance, action=self.log_action, user=self.request.user, data=self.form.logged())
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
