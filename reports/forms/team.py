"""Whom of the team to show."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competencies.models import Domain
from organisations.models import Profession

#: What is asked for when the domain is all one.
ANYTHING = "noget"


class TeamForm(forms.Form):
    """One profession, or all; those who lack something, or everyone."""

    faggruppe = forms.ChoiceField(label=gettext_lazy("Profession"), required=False)
    mangler = forms.ChoiceField(label=gettext_lazy("Lacks something in"), required=False)

    def __init__(self, data: Any, *, professions: list[Profession], domains: list[Domain]) -> None:
        super().__init__(data)
        cast("forms.ChoiceField", self.fields["faggruppe"]).choices = [
            ("", _("All professions")),
            *[(profession.code, profession.name) for profession in professions],
        ]
        cast("forms.ChoiceField", self.fields["mangler"]).choices = [
            ("", _("Show everyone, whatever is in place")),
            (ANYTHING, _("One or more domains")),
            *[(domain.code, domain.name) for domain in domains],
        ]

    @property
    def profession(self) -> str:
        """The code of the one that is asked for, or nothing."""
        return self.cleaned_data.get("faggruppe", "")

    @property
    def lacks(self) -> bool:
        """Whether only those who lack something are asked for: in `domain`, or in any."""
        return bool(self.cleaned_data.get("mangler"))

    @property
    def domain(self) -> str:
        """The code of the domain that something lacks in; nothing for any."""
        return self.cleaned_data.get("mangler", "").removeprefix(ANYTHING)

    @property
    def in_words(self) -> str:
        """Which people these are: for a reader who doesn't see the form."""
        said = [_("Everyone who works here that day")] if not self.profession and not self.lacks else []
        if self.profession:
            said.append(self._label("faggruppe"))
        if self.lacks:
            said.append(_("Lacks something in: %(domain)s") % {"domain": self._label("mangler")})
        return "; ".join(said)

    def _label(self, name: str) -> str:
        choices = cast("list[tuple[str, str]]", cast("forms.ChoiceField", self.fields[name]).choices)
        return dict(choices)[self.cleaned_data[name]]
