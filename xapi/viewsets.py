"""The back office of this room: for whoever runs the store (`rules`). Nothing is deleted."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from . import forms
from .domain.clients import revoke_client
from .domain.forwarding import backlog_in_words, with_backlog
from .enums import ClientState
from .models import Client, Forwarding, ForwardingRefusal, ImportRun, Removal, Statement
from .rules import administers_store


class StorePolicy(BasePermissionPolicy):
    """Whoever runs the store today; what else than looking is said by `writes`."""

    def __init__(self, model: type[Model], *, writes: frozenset[str] = frozenset()) -> None:
        super().__init__(model)
        self.actions = writes | {"view"}

    def user_has_permission(self, user: Any, action: str) -> bool:
        if action not in self.actions:
            return False
        # Asked again and again in one request, by menus, buttons and columns.
        if not hasattr(user, "_administers_store"):
            user._administers_store = administers_store(user)
        return bool(user._administers_store)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Model) -> bool:
        return self.user_has_permission(user, action)

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet:
        rows = self.model._default_manager.all()
        return rows if self.user_has_any_permission(user, actions) else rows.none()

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet:
        return get_user_model()._default_manager.filter(is_active=True, is_superuser=True)


register_permission_policy(Client, StorePolicy(Client, writes=frozenset({"add", "change"})))
register_permission_policy(Forwarding, StorePolicy(Forwarding, writes=frozenset({"add", "change"})))
register_permission_policy(ForwardingRefusal, StorePolicy(ForwardingRefusal))
register_permission_policy(ImportRun, StorePolicy(ImportRun))
register_permission_policy(Removal, StorePolicy(Removal))


class WrittenByTheDomain:
    """Save through the form's `write`, and note in the log who did."""

    log_action: str
    form: Any
    request: HttpRequest

    def save_instance(self) -> Model:
        instance: Model = self.form.write()
        log(instance, action=self.log_action, user=self.request.user)
        return instance

    def form_valid(self, form: ModelForm) -> HttpResponse:
        with transaction.atomic():
            return super().form_valid(form)  # type: ignore[misc]  # of the view it is mixed into


class AddView(WrittenByTheDomain, generic.CreateView):
    log_action = "wagtail.create"


class ChangeView(WrittenByTheDomain, generic.EditView):
    log_action = "wagtail.edit"


class StoreViewSet(ModelViewSet):
    """List, add, edit and history. No copying and no deleting."""

    add_view_class: type[generic.CreateView] = AddView
    edit_view_class = ChangeView
    copy_view_enabled = False
    add_to_reference_index = False
    search_backend_name = None
    add_form: type[ModelForm]
    edit_form: type[ModelForm]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        absent = {"usage_url_name": self.UNDEFINED, "delete_url_name": self.UNDEFINED}
        return super().get_common_view_kwargs(**{**absent, **kwargs})

    def get_form_class(self, for_update: bool = False) -> type[ModelForm]:
        return self.edit_form if for_update else self.add_form

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        """Django's permissions open nothing here, so a group can't be given them."""
        return Permission.objects.none()

    def get_urlpatterns(self) -> list[Any]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name not in {"delete", "usage"}]


# --- Clients ------------------------------------------------------------------------------------------


class StateColumn(Column):
    def get_value(self, instance: Any) -> Any:
        return instance.state.label


class ClientIndexView(generic.IndexView):
    """Clients with the time of the last statement: a number of statements would have to be counted."""

    def get_base_queryset(self) -> QuerySet:
        newest = Statement.objects.filter(client=OuterRef("pk")).order_by("-seq").values("stored")[:1]
        return Client.objects.annotate(last_statement_at=Subquery(newest))

    def get_list_more_buttons(self, instance: Any) -> list[Any]:
        buttons = super().get_list_more_buttons(instance)
        if instance.state != ClientState.REVOKED and self.user_has_permission("change"):
            url = reverse("client:revoke", args=[instance.pk])
            buttons.append(MenuItem(_now("Revoke"), url=url, icon_name="cross", priority=50))
        return buttons


class ClientAddView(AddView):
    """The secret is shown in the answer and nowhere else: it is not kept."""

    def save_action(self) -> HttpResponse:
        shown = {"client": self.object, "secret": self.form.secret, "back": reverse(self.index_url_name)}
        response = render(self.request, "xapi/client_secret.html", shown)
        add_never_cache_headers(response)
        return response


class RevokeView(generic.EditView):
    """Asks once more, then shuts the client out for good."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = {"client": self.get_object(), "back": reverse(self.index_url_name)}
        return render(request, "xapi/revoke.html", asked)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        client = self.get_object()
        with transaction.atomic():
            if revoke_client(client):
                log(client, action="xapi.revoke", user=request.user)
        messages.success(request, _now("%(client)s is shut out.") % {"client": client})
        return redirect(self.index_url_name)


class ClientViewSet(StoreViewSet):
    model = Client
    icon = "key"
    menu_label = _("Clients")
    index_view_class = ClientIndexView
    add_view_class = ClientAddView
    add_form, edit_form = forms.NewClientForm, forms.ClientForm
    list_display = [
        "name",
        StateColumn("state", label=_("State")),
        DateColumn("last_used_at", label=_("Last used"), sort_key="last_used_at"),
        DateColumn("last_statement_at", label=_("Last statement")),
        DateColumn("expires_at", label=_("Expires"), sort_key="expires_at"),
        "requests_a_minute",
    ]
    search_fields = ["name", "key"]

    def get_urlpatterns(self) -> list[Any]:
        revoke = self.construct_view(RevokeView, **self.get_edit_view_kwargs())
        return [*super().get_urlpatterns(), path("revoke/<str:pk>/", revoke, name="revoke")]


# --- Forwardings --------------------------------------------------------------------------------------


class BacklogColumn(Column):
    """How much waits, and since when."""

    def get_value(self, instance: Any) -> Any:
        return backlog_in_words(instance) or _("Nothing waits")


class ForwardingIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet:
        return with_backlog(Forwarding.objects.all())


class ForwardingViewSet(StoreViewSet):
    model = Forwarding
    icon = "resubmit"
    menu_label = _("Forwardings")
    index_view_class = ForwardingIndexView
    add_form = edit_form = forms.ForwardingForm
    list_display = [
        "name",
        BooleanColumn("is_active", label=_("Sends"), sort_key="is_active"),
        BacklogColumn("backlog", label=_("Waits")),
        "sent",
        Column("refused", label=_("Refused")),
        DateColumn("last_sent_at", label=_("Last sent"), sort_key="last_sent_at"),
        "last_error",
        DateColumn("next_attempt_at", label=_("Next attempt")),
    ]


class RefusalIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet:
        return ForwardingRefusal.objects.select_related("forwarding")


class ReadOnlyViewSet(StoreViewSet):
    """A list of what the domain wrote."""

    inspect_view_enabled = True
    add_form = edit_form = forms.ForwardingForm

    def get_urlpatterns(self) -> list[Any]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name not in {"add", "edit"}]

    def get_form_class(self, for_update: bool = False) -> Any:
        return None


class RefusalViewSet(ReadOnlyViewSet):
    model = ForwardingRefusal
    icon = "warning"
    menu_label = _("Refused by other stores")
    index_view_class = RefusalIndexView
    list_display = ["statement", "forwarding", "status", "reason", "at"]
    list_filter = ["forwarding", "status"]
    ordering = ["-at", "-pk"]
    inspect_view_fields = ["statement", "forwarding", "status", "reason", "at"]


class FinishedColumn(Column):
    """When the import ended; one that didn't is under way, or was stopped and can go on."""

    def get_value(self, instance: Any) -> Any:
        if instance.finished_at is None:
            return _("Not finished")
        return date_format(timezone.localtime(instance.finished_at), "DATETIME_FORMAT")


class ImportIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet:
        return ImportRun.objects.select_related("client")


class ImportViewSet(ReadOnlyViewSet):
    model = ImportRun
    icon = "download"
    menu_label = _("Imports")
    index_view_class = ImportIndexView
    list_display = [
        "began_at",
        FinishedColumn("finished_at", label=_("Finished"), sort_key="finished_at"),
        Column("client", label=_("Client")),
        Column("line", label=_("Lines read")),
        "stored",
        "known",
        "refused",
    ]
    inspect_view_fields = ["began_at", "finished_at", "stored", "known", "refused"]


class RemovalViewSet(ReadOnlyViewSet):
    model = Removal
    icon = "bin"
    menu_label = _("Removals")
    list_display = ["began_at", "by", "reason", "before", "removed", "kept", "finished_at"]
    inspect_view_fields = ["by", "reason", "before", "removed", "kept", "began_at", "finished_at"]


class RecordStore(ViewSetGroup):
    menu_label = _("Record store")
    menu_icon = "list-ul"
    menu_order = 320

    items = (ClientViewSet, ForwardingViewSet, RefusalViewSet, ImportViewSet, RemovalViewSet)
