"""Which mails somebody wants."""

from collections.abc import Iterable

from django import forms
from django.http import QueryDict

from organisations.domain.mails import turn, wanted_mails
from organisations.enums import MailKind
from organisations.models import Person


class MailsForm(forms.Form):
    """A box for each of these kinds, ticked where mails of it are sent to the person."""

    def __init__(self, data: QueryDict | None = None, *, person: Person, kinds: Iterable[MailKind]) -> None:
        super().__init__(data)
        self.person = person
        wanted = wanted_mails(person)
        for kind in kinds:
            self.fields[kind.value] = forms.BooleanField(
                label=kind.label, required=False, initial=wanted[kind]
            )

    def write(self) -> None:
        for kind, on in self.cleaned_data.items():
            turn(self.person, MailKind(kind), on=on)
