"""What an editor puts into the library of documents is what its name says."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.documents.forms import BaseDocumentForm

from .file_types import find_fault_in_upload


class CheckedDocumentForm(BaseDocumentForm):
    """Wagtail's form, which also looks into the file."""

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if "file" in self.changed_data:
            fault = find_fault_in_upload(upload)
            if fault:
                raise ValidationError(fault, code="false_file")
        return upload
