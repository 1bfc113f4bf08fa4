"""What the back office asks: about versions, reports of errors, local guides, modules and learning paths."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from organisations.choosers import PersonField
from organisations.days import today
from organisations.enums import Role
from organisations.forms import DomainForm, UnitField
from organisations.models import Person, RoleGrant
from organisations.rules import person_of, units_with_own_guides

from .domain.archiving import LONGEST as REASON_LONGEST
from .domain.archiving import archive, archiving_of, restore
from .domain.assignments import titles_of_modules
from .domain.error_reports import LONGEST, answer_report
from .domain.local_guides import LONGEST as GUIDE_LONGEST
from .domain.local_guides import write_guide
from .domain.paths import place_modules
from .domain.publishing import approve_version
from .models import Archiving, Edition, ErrorReport, LearningPath, LocalGuide, Module, ModuleVersion


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
    approved_on = forms.DateField(label=_("Approved on"))

    class Meta:
        model = ModuleVersion
        fields = ["approved_by", "approved_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reviewing = RoleGrant.objects.active().with_role(Role.CLINICAL_REVIEWER)
        self.fields["approved_by"].queryset = Person.objects.filter(pk__in=reviewing.values("person"))

    def clean_approved_on(self) -> Any:
        day = self.cleaned_data["approved_on"]
        if day < localdate(self.instance.published_at):
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
            "How it is done with you: what, who, where, which number. For advice day and night: whom to "
            "call, at which hours, a line each. Plain text; an address becomes a link, and a telephone "
            "number of eight digits one to tap. Your name is shown with it. No patient data, no CPR number."
        ),
    )
    checked_on = forms.DateField(
        label=_("Checked on"),
        required=False,
        initial=today,
        help_text=_(
            "The day on which you made sure that it holds; left empty, it is today. It is shown with the "
            "text. After a year the text is marked as perhaps out of date."
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
        fields = ["unit", "topic", "text", "checked_on", "is_shown"]
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
            checked_on=self.cleaned_data["checked_on"],
            by=person_of(self.for_user),
        )


class GuideForm(NewGuideForm):
    """The same again. Whose guide it is, and what about, stay as they are."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("unit", "topic"):
            self.fields[name].disabled = True


def _published() -> QuerySet[Module]:
    return Module.objects.filter(versions__editions__in=Edition.objects.all()).distinct()


class TitledModules(forms.ModelChoiceField):
    """Modules by code and title. One query for the titles, however many there are."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.titles: dict[int, str] = {}

    def label_from_instance(self, obj: Any) -> str:
        if obj.pk not in self.titles and self.queryset is not None:
            self.titles = titles_of_modules(self.queryset.values_list("pk", flat=True))
        return f"{obj.code} {self.titles.get(obj.pk, '')}".strip()


class ArchivingForm(DomainForm):
    """Whether a module is offered; if not, why, and what has come in its place."""

    OFFERED, ARCHIVED, REPLACED_COUNTS, REPLACED_ANEW = "offered", "archived", "counts", "anew"
    field_order = ["title", "state", "replaced_by", "reason", "knows"]

    title = forms.CharField(label=_("Module"), disabled=True, required=False)
    state = forms.ChoiceField(
        label=_("What holds for it"),
        widget=forms.RadioSelect,
        choices=[
            (OFFERED, _("It is offered")),
            (ARCHIVED, _("It is archived, and nothing has come in its place")),
            (
                REPLACED_COUNTS,
                _("It is replaced, and whoever has completed it doesn't have to take the new one"),
            ),
            (REPLACED_ANEW, _("It is replaced, and the new one is asked of everybody")),
        ],
        help_text=_(
            "What is archived leaves the list of modules and can't be begun. Whoever has begun it can finish "
            "it, and what was completed and shown stays. The choice is kept with your name and the day."
        ),
    )
    replaced_by = TitledModules(
        Module.objects.none(),
        label=_("Replaced by"),
        required=False,
        help_text=_("It takes the places of this module in the learning paths."),
    )
    reason = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=REASON_LONGEST,
        help_text=_(
            "One sentence. Learners read it on the module's page. No patient data and no CPR number."
        ),
    )

    class Meta:
        model = Module
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        module: Module = self.instance
        others = (
            _published().exclude(pk=module.pk).exclude(pk__in=Archiving.objects.standing().values("module"))
        )
        standing = archiving_of(module)
        if standing is not None and standing.replaced_by is not None:
            others = others | _published().filter(pk=standing.replaced_by.pk)
        self.fields["replaced_by"].queryset = others.order_by("code", "pk")
        self.initial["title"] = titles_of_modules([module.pk]).get(module.pk, str(module))
        self.initial["state"] = self._state(standing)
        if standing is not None:
            self.initial |= {"replaced_by": standing.replaced_by, "reason": standing.reason}
        self.counts_for = standing.replaced_by if standing is not None and standing.counts else None
        if self.counts_for is not None:
            self.fields["knows"] = self._knows(self.counts_for)

    def _knows(self, new: Module) -> forms.BooleanField:
        """What is said beforehand to whoever would end that the completion of this one counts."""
        said = _(
            "Today, whoever has completed this module doesn't have to take “%(new)s”. If you choose anything "
            "else above, that ends: learning paths and leaders ask for “%(new)s” again. What was shown and "
            "the certificates that were issued stay, and so do the places in the learning paths."
        )
        title = titles_of_modules([new.pk]).get(new.pk, str(new))
        return forms.BooleanField(
            label=_("I know that its completion then no longer counts"),
            help_text=said % {"new": f"{new.code} {title}".strip()},
            required=False,
        )

    def _ends_counting(self, cleaned: dict[str, Any]) -> bool:
        stays = (cleaned.get("state"), cleaned.get("replaced_by")) == (self.REPLACED_COUNTS, self.counts_for)
        return self.counts_for is not None and "state" in cleaned and not stays

    def _state(self, standing: Archiving | None) -> str:
        if standing is None:
            return self.OFFERED
        if standing.replaced_by is None:
            return self.ARCHIVED
        return self.REPLACED_COUNTS if standing.counts else self.REPLACED_ANEW

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        state = cleaned.get("state")
        if state in {self.REPLACED_COUNTS, self.REPLACED_ANEW} and not cleaned.get("replaced_by"):
            self.add_error("replaced_by", _("Choose the module that has come in its place."))
        if state == self.ARCHIVED and cleaned.get("replaced_by"):
            self.add_error(
                "state",
                _("A module has come in its place. Choose whether the completion of this one counts."),
            )
        if state != self.OFFERED and not (cleaned.get("reason") or "").strip():
            self.add_error("reason", _("Say why. Learners read it on the module's page."))
        if self._ends_counting(cleaned) and not cleaned.get("knows"):
            self.add_error(
                "knows", _("Its completion would no longer count. Tick that you know it, and save.")
            )
        return cleaned

    def write(self) -> Module:
        module: Module = self.instance
        by, state = person_of(self.for_user), self.cleaned_data["state"]
        if state == self.OFFERED:
            restore(module, by=by)
        else:
            is_replaced = state != self.ARCHIVED
            archive(
                module,
                reason=self.cleaned_data["reason"],
                by=by,
                replaced_by=self.cleaned_data["replaced_by"] if is_replaced else None,
                counts=state == self.REPLACED_COUNTS if is_replaced else None,
            )
        return module


class PathForm(DomainForm):
    """Which modules a learning path holds, and in which order: a number for each of them."""

    class Meta:
        model = LearningPath
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        path: LearningPath = self.instance
        self.places = dict(path.places.order_by("order").values_list("module", "order"))
        archived = set(Archiving.objects.standing().values_list("module", flat=True))
        offered = _published().exclude(pk__in=archived) | _published().filter(pk__in=self.places)
        self.modules = {module.pk: module for module in offered.order_by("code", "pk")}
        titles = titles_of_modules(self.modules)
        for pk in [*self.places, *(pk for pk in self.modules if pk not in self.places)]:
            if pk not in self.modules:
                continue
            words = _("Its place in the path. Without a number it isn't in the path.")
            if pk in archived:
                words = _("The module isn't offered any more. Without a number it isn't in the path.")
            self.fields[f"place_{pk}"] = forms.IntegerField(
                label=f"{self.modules[pk].code} {titles[pk]}".strip(),
                help_text=words,
                required=False,
                min_value=1,
                max_value=999,
                initial=self.places.get(pk),
            )

    def ordered(self) -> list[Module]:
        """The modules that have a number, by it. Of two with the same, the one that was moved comes first."""
        numbers = {pk: self.cleaned_data.get(f"place_{pk}") for pk in self.modules}
        chosen = [pk for pk, number in numbers.items() if number]
        return [
            self.modules[pk]
            for pk in sorted(
                chosen,
                key=lambda pk: (numbers[pk], numbers[pk] == self.places.get(pk), self.modules[pk].code),
            )
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if not self.errors and not self.ordered():
            raise ValidationError(_("A learning path holds one module at least. Give one of them a number."))
        return cleaned

    def write(self) -> LearningPath:
        path: LearningPath = self.instance
        place_modules(path, modules=self.ordered())
        return path
