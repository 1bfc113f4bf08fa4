"""What a learner has in hand when a path is completed."""

import uuid

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courses.models import LearningPath
from organisations.models import Person


class Certificate(models.Model):
    """A fact: on this day a person was given a certificate for a path, like a diploma on paper.

    It keeps what it said when issued: `name` is hers as it was then, `texts` the wording in each
    language, `modules` what the path held for her, each with version, day and the statement that it
    rests on. A new name, another path or a rebuild changes nothing in it. Once per person and path.
    Written by `domain.certificates.issue`, and never again.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="certificates")
    path = models.ForeignKey(LearningPath, on_delete=models.PROTECT, related_name="certificates")
    name = models.CharField(_("name"), max_length=201)
    texts = models.JSONField(_("texts"))
    modules = models.JSONField(_("modules"))
    completed_on = models.DateField(_("completed on"))
    issued_on = models.DateField(_("issued on"))

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-completed_on", "-id"]
        constraints = [
            # Also answers: which certificates does this person have?
            models.UniqueConstraint(fields=["person", "path"], name="certificate_once_a_path"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.title}"

    @property
    def title(self) -> str:
        return self._text("title")

    @property
    def wording(self) -> str:
        return self._text("wording")

    @property
    def notice(self) -> str:
        return self._text("notice")

    def _text(self, part: str) -> str:
        """The frozen words in the language in use; in Danish where they weren't frozen in it."""
        text: str = self.texts.get((get_language() or "da")[:2], self.texts["da"])[part]
        return text
