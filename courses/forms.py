"""What the back office asks about a module version."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from organisations.choosers import PersonField
from organisations.enums import Role
from organisations.forms import DomainForm, UnitField
from organisations.models import Person, RoleGrant
from organisations.rules import person_of, units_with_own_guides

from .domain.error_reports import LONGEST, answer_report
from .domain.local_guides import LONGEST as GUIDE_LONGEST
from .domain.local_guides import write_guide
from .domain.publishing import approve_version
from .models import ErrorReport, LocalGuide, ModuleVersion


class ApprovalForm(DomainForm):
    """A named clinical reviewer approves this very version."""

    approved_by = PersonField(
        Person.objects.none(),
        label=_("Approved by"),
        help_text=_(
            "The clinical reviewer whose name is shown on the module, for an approval that was given outside "
            "the review in the editor. She must hold the role of clinical reviewer."
        ),
        error_messages={
            "invalid_choice": _(
                "This person isn't a clinical reviewer. Grant the role first, or choose somebody who has it."
            )
        },
    )
    approved_on = forms.DateField(label=_("Approved on"), widget=forms.DateInput(attrs={"type": "date"}))

    class Meta:
        model = ModuleVersion
        fields = ["approved_by", "approved_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reviewing = RoleGrant.objects.active().with_role(Role.CLINICAL_REVIEWER)
        self.fields["approved_by"].queryset = Person.objects.filter(pk__in=reviewing.values("person"))

    def clean_approved_on(self) -> Any:
        day = self.cleaned_data["approved_on"]
        if day < self.instance.published_at.date():
            raise ValidationError(
                _("The version wasn't published then. Give the day this version was approved.")
            )
        return day

    def write(self) -> ModuleVersion:
        approve_version(
            self.instance, by=self.cleaned_data["approved_by"], on=self.cleaned_data["approved_on"]
        )
        version: ModuleVersion = self.instance
        version.refresh_from_db()
        return version


class AnswerForm(DomainForm):
    """The answer to a report of an error; what was reported stands above it and can't be changed."""

    field_order = ["place", "about", "report", "answer"]
    place = forms.CharField(label=_("Where"), disabled=True, required=False)
    about = forms.CharField(label=_("About"), disabled=True, required=False)
    report = forms.CharField(
        label=_("What is wrong"), disabled=True, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    answer = forms.CharField(
        label=_("Your answer"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "The one who reported reads it on her own page. Say what you have changed, or why it stays. "
            "No patient data and no CPR number. An answer can't be changed afterwards."
        ),
    )

    class Meta:
        model = ErrorReport
        fields = ["answer"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        report: ErrorReport = self.instance
        self.initial["place"] = str(report)
        item = report.edition.items.get(report.item, {})
        self.initial["about"] = item.get("name") or _("the whole step")
        self.initial["report"] = report.text or _("The words have been erased.")
        self.fields["answer"].disabled = report.is_answered

    def write(self) -> ErrorReport:
        return answer_report(self.instance, text=self.cleaned_data["answer"], by=person_of(self.for_user))


class NewGuideForm(DomainForm):
    """What a unit says about a topic. The form offers the units whose guides its user keeps."""

    text = forms.CharField(
        label=_("Text"),
        max_length=GUIDE_LONGEST,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "How it is done with you: what, who, where, which number. Plain text; an address becomes a link. "
            "Your name and today's date are shown with it. No patient data and no CPR number."
        ),
    )
    is_shown = forms.BooleanField(
        label=_("Show it in the modules"),
        required=False,
        initial=True,
        help_text=_("Where it isn't shown, the unit above is asked instead."),
    )

    class Meta:
        model = LocalGuide
        fields = ["unit", "topic", "text", "is_shown"]
        field_classes = {"unit": UnitField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_with_own_guides(self.for_user).existing()

    def write(self) -> LocalGuide:
        return write_guide(
            self.cleaned_data["unit"],
            topic=self.cleaned_data["topic"],
            text=self.cleaned_data["text"],
            is_shown=self.cleaned_data["is_shown"],
            by=person_of(self.for_user),
        )


class GuideForm(NewGuideForm):
    """The same again. Whose guide it is, and what about, stay as they are."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("unit", "topic"):
            self.fields[name].disabled = True
