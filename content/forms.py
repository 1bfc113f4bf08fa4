"""What the editor asks before a module is submitted for review."""

import json
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from organisations.typed_days import say_how_days_are_written

from .domain.publishing import (
    changes_of_substance,
    is_in_original_language,
    outcome_rows,
    refuse_outdated_translation,
    standing_edition,
)
from .domain.readiness import fault_in_day_of_review
from .domain.review import plain
from .missing import CHOOSE_WHAT, NO_SOURCES, faults_in_block, faults_in_outcomes, names_sources

#: The buttons that send the text on. A draft is saved as unfinished as it is.
SENDING_ON = ("action-submit", "action-restart-workflow", "action-publish")
CORRECTION, SUBSTANCE = "False", "True"
#: What a learner meets of the fields, beside the steps.
SIMPLE_FIELDS = {"title", "code", "summary", "minutes", "professions", "is_new_substance"}


class ChangesForm(forms.Form):
    """What a reviewer or publisher wants changed."""

    comment = forms.CharField(
        label=_("What is to be changed?"),
        widget=forms.Textarea({"rows": 4}),
        help_text=_("The author reads it. No patient data and no CPR number."),
        error_messages={"required": _("Write what is to be changed. The author reads it.")},
    )


class ModulePageForm(WagtailAdminPageForm):
    """A draft may be as unfinished as it is; what is submitted is checked here, with words."""

    is_new_substance = forms.TypedChoiceField(
        label=_("What have you changed?"),
        required=False,
        empty_value=None,
        coerce=lambda value: value == SUBSTANCE,
        choices=[
            (CORRECTION, _("A correction of wording: the version stays, and nobody is asked again")),
            (SUBSTANCE, _("A change of substance: it becomes a new version")),
        ],
        widget=forms.RadioSelect,
        help_text=_(
            "Say it before you submit. With a new version, what people have shown with the old one stays "
            "theirs, and they are asked to take the module again."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_how_days_are_written(self)
        said = self.initial.get("is_new_substance")
        self.initial["is_new_substance"] = "" if said is None else str(said)

    @property
    def is_sent_on(self) -> bool:
        return any(name in self.data for name in SENDING_ON)

    @property
    def is_approving(self) -> bool:
        return "action-workflow-action" in self.data and self.data.get("workflow-action-name") == "approve"

    @property
    def is_sent_back_in_silence(self) -> bool:
        """The dialogue asks for the comment; whoever goes around it is asked here."""
        if "action-workflow-action" not in self.data or self.data.get("workflow-action-name") != "reject":
            return False
        try:
            sent = json.loads(self.data.get("workflow-action-extra-data") or "{}")
        except ValueError:
            return True
        return not (isinstance(sent, dict) and ChangesForm(sent).is_valid())

    is_listed = False

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if self.is_sent_on and "steps" in cleaned:
            try:
                refuse_outdated_translation(self.instance, steps=cleaned["steps"])
            except ValidationError as refused:
                self.add_error("steps", refused)
        if not self.is_deferred_validation:
            if "steps" in cleaned and not names_sources(cleaned["steps"]):
                self.add_error("steps", ValidationError(NO_SOURCES, code="no_sources"))
            if fault := fault_in_day_of_review(cleaned.get("review_due_on")):
                self.add_error("review_due_on", fault)
        return cleaned

    def is_valid(self) -> bool:
        """Whether it can be saved; where not, all that is missing is said in one list.

        The outcomes stand in a formset: what speaks of them waits until they and the steps are right.
        """
        if not super().is_valid():
            if not self.is_deferred_validation and not self.is_listed:
                self.is_listed = True
                self._list_what_is_missing()
            return False
        if self.is_sent_on:
            self._ask_what_changed()
        elif self.is_approving and self._changes_text():
            self.add_error(
                None,
                _(
                    "You have changed the module, and what you write can't be approved by yourself. Save it "
                    "as a draft, or open the page again without your changes."
                ),
            )
        elif self.is_sent_back_in_silence:
            self.add_error(None, ChangesForm.base_fields["comment"].error_messages["required"])
        return not self.errors

    def _list_what_is_missing(self) -> None:
        told: list[Any] = []
        for error in self.errors.as_data().get("steps", []):
            if error.code is None and hasattr(error, "value"):
                block = self.fields["steps"].block
                told += faults_in_block(block, error.value, error)
                told += [] if names_sources(error.value) else [NO_SOURCES]
                error.message = _("Something is missing. Each place is named here, and marked below.")
        told += faults_in_outcomes(self.formsets["outcomes"])
        if told or self.errors.get(NON_FIELD_ERRORS):
            self.add_error(None, told)

    def _ask_what_changed(self) -> None:
        page = self.instance
        if not is_in_original_language(page) or standing_edition(page) is None:
            return
        said = self.cleaned_data["is_new_substance"]
        if said is None:
            self.add_error("is_new_substance", CHOOSE_WHAT)
        elif not said and (reasons := self._reasons()):
            words = _("This is a change of substance, and makes a new version. %(reasons)s Choose that.")
            self.add_error("is_new_substance", words % {"reasons": " ".join(reasons)})

    def _reasons(self) -> list[str]:
        rows = [form for form in self.formsets["outcomes"].forms if form.cleaned_data]
        outcomes = outcome_rows(form.instance for form in rows if not form.cleaned_data.get("DELETE"))
        return changes_of_substance(self.instance, steps=self.cleaned_data["steps"], outcomes=outcomes)

    def _changes_text(self) -> bool:
        """Whether a learner would meet another text: the editor's own marks in rich text don't count."""
        if SIMPLE_FIELDS.intersection(self.changed_data) or self.formsets["outcomes"].has_changed():
            return True
        return bool(_written(self.initial["steps"]) != _written(self.cleaned_data["steps"]))


def _written(steps: Any) -> Any:
    """The steps as they are kept."""
    return plain(json.loads(json.dumps(steps.get_prep_value())))
