"""What the editor asks before a module is published."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminPageForm

from .domain.publishing import refuse_outdated_translation
from .missing import faults_in_block, faults_in_outcomes

NO_SOURCES = gettext_lazy(
    "No step names the sources. Put the block “Sources” into one, with a document at least."
)


class ModulePageForm(WagtailAdminPageForm):
    """A draft may be as unfinished as it is; what is published is checked here, with words."""

    is_listed = False

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if "action-publish" in self.data and "steps" in cleaned:
            try:
                refuse_outdated_translation(self.instance, steps=cleaned["steps"])
            except ValidationError as refused:
                self.add_error("steps", refused)
        if not self.is_deferred_validation and "steps" in cleaned and not _names_sources(cleaned["steps"]):
            self.add_error("steps", ValidationError(NO_SOURCES, code="no_sources"))
        return cleaned

    def is_valid(self) -> bool:
        """Whether it can be saved; where not, all that is missing is said in one list."""
        if super().is_valid():
            return True
        if not self.is_deferred_validation and not self.is_listed:
            self.is_listed = True
            self._list_what_is_missing()
        return False

    def _list_what_is_missing(self) -> None:
        told: list[Any] = []
        for error in self.errors.as_data().get("steps", []):
            if error.code is None and hasattr(error, "value"):
                block = self.fields["steps"].block
                told += faults_in_block(block, error.value, error)
                told += [] if _names_sources(error.value) else [NO_SOURCES]
                error.message = _("Something is missing. Each place is named here, and marked below.")
        told += faults_in_outcomes(self.formsets["outcomes"])
        if told or self.errors.get(NON_FIELD_ERRORS):
            self.add_error(None, told)


def _names_sources(steps: Any) -> bool:
    return any(block.block_type == "sources" for step in steps for block in step.value["body"])
