"""What the editor asks before a module is published."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminPageForm

from .domain.publishing import refuse_outdated_translation


class ModulePageForm(WagtailAdminPageForm):
    """A draft may be as unfinished as it is; what is published is checked here, with words."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if "action-publish" in self.data and "steps" in cleaned:
            try:
                refuse_outdated_translation(self.instance, steps=cleaned["steps"])
            except ValidationError as refused:
                self.add_error("steps", refused)
        return cleaned
