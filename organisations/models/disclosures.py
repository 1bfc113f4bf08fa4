"""Who has looked: told to the one who was looked at."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..enums import DISCLOSED_BY_PAGE, DisclosureKind
from .people import Person


class Disclosure(models.Model):
    """A fact: somebody saw, or downloaded, what is recorded about another person.

    A page is noted once a day, each download by itself. `rows` is how many people the file held; 1 for
    a page. `viewer` is empty once she is no longer registered.
    Written by `domain.disclosures.note_disclosure`.
    """

    viewer = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("who looked")
    )
    subject = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="disclosures", verbose_name=_("about whom")
    )
    what = models.CharField(_("what"), max_length=20, choices=DisclosureKind.choices)
    on = models.DateField(_("day"))
    at = models.DateTimeField(_("when"))
    rows = models.PositiveIntegerField(_("people in the file"), default=1)

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["viewer", "subject", "what", "on"],
                condition=models.Q(what__in=DISCLOSED_BY_PAGE),
                name="disclosure_page_once_a_day",
            ),
        ]
        indexes = [
            # Who has looked at this person, the newest first?
            models.Index(fields=["subject", "-at"], name="disclosure_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.viewer} · {self.get_what_display()} · {self.subject} · {self.on}"
