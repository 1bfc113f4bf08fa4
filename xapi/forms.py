"""The back office's forms. Each writes through the domain."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from .domain import clients, forwarding
from .enums import Scope
from .models import Client, Forwarding


class ClientForm(WagtailAdminModelForm):
    """What a client may do. Its name and its key stand in what it wrote, and stay."""

    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    trusted_prefixes = forms.CharField(
        label=_("Trusted for activities that begin with"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_(
            "One a line. What it says of these activities counts towards competence. An address that ends "
            "in / or # covers everything under it, any other exactly itself. Empty: nothing counts."
        ),
    )

    class Meta:
        model = Client
        fields = ["scopes", "trusted_prefixes", "requests_a_minute", "expires_at"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["trusted_prefixes"] = "\n".join(self.instance.trusted_prefixes)

    def clean_trusted_prefixes(self) -> list[str]:
        lines = self.cleaned_data["trusted_prefixes"].splitlines()
        prefixes = [line.strip() for line in lines if line.strip()]
        try:
            return clients.checked_prefixes(prefixes)
        except ValueError as error:
            raise ValidationError(
                _("Each line is an address that names whose activities they are, like %(example)s."),
                params={"example": "https://kurser.example/palliation/"},
            ) from error

    def write(self) -> Client:
        clients.change_client(
            self.instance, **{name: self.cleaned_data[name] for name in ClientForm.Meta.fields}
        )
        return self.instance


class NewClientForm(ClientForm):
    """A new client. `secret` is there after `write`, and nowhere else."""

    secret: str

    class Meta(ClientForm.Meta):
        fields = ["name", *ClientForm.Meta.fields]

    def write(self) -> Client:
        given = {name: self.cleaned_data[name] for name in self.Meta.fields if name != "name"}
        client, self.secret = clients.create_client(self.cleaned_data["name"], **given)
        return client


class ForwardingForm(WagtailAdminModelForm):
    """Where statements go. The secret itself is never asked for."""

    endpoint = forms.URLField(
        label=_("Address of the other store"),
        max_length=500,
        assume_scheme="https",
        help_text=_("What stands before /statements, like https://lrs.example/xapi/."),
    )

    class Meta:
        model = Forwarding
        fields = ["name", "endpoint", "key", "secret_name", "is_active"]

    def clean_endpoint(self) -> str:
        try:
            return forwarding.checked_endpoint(self.cleaned_data["endpoint"])
        except ValueError as error:
            raise ValidationError(
                _("The address begins with https:// and holds no name, question or fragment.")
            ) from error

    def write(self) -> Forwarding:
        return forwarding.save_forwarding(self.instance)
