"""What a key person's status rests on, beside the appointment itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.models import Person
from organisations.validators import refuse_cpr_number

from ..enums import EducationKind


class KeyPersonEducation(models.Model):
    """A fact: a person completed an education for key persons.

    The appointment is a dated grant in `organisations`; the agreement asks for *educated* key persons.
    Written by `domain.education.record_education`.
    """

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="key_person_educations", verbose_name=_("person")
    )
    kind = models.CharField(_("education"), max_length=30, choices=EducationKind.choices)
    provider = models.CharField(_("provider"), max_length=200, blank=True, validators=[refuse_cpr_number])
    completed_on = models.DateField(_("completed on"))
    registered_by = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("registered by"),
    )
    registered_at = models.DateTimeField(_("registered"))

    class Meta:
        verbose_name = _("key person's education")
        verbose_name_plural = _("key persons' educations")
        ordering = ["-completed_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "completed_on"], name="keypersoneducation_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_kind_display()} {self.completed_on}"
