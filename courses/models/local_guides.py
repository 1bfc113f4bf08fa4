"""How it is done at a workplace, in that workplace's own words."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.search import index

from organisations.days import today
from organisations.models import OrgUnit, Person

from ..enums import Topic


class LocalGuide(index.Indexed, models.Model):
    """A fact: what a unit says about a topic, like a note on the ward's board.

    Modules have places for it (`Topic`); a learner sees that of the nearest unit at or above her own
    (`domain.local_guides.guides_for`). `kept_by` is who wrote it last, on `changed_on`; `checked_on` is
    the day on which she made sure that it holds. One that isn't shown is kept, and the unit above is
    asked instead. The guide to `Topic.ADVICE` is the advice card (rådgivningskort): whom to call, day and
    night. State changes through `domain.local_guides`.
    """

    #: Days after which a guide may be out of date, and says so: numbers and hours change within a year.
    HOLDS = 365

    unit = models.ForeignKey(
        OrgUnit, on_delete=models.PROTECT, related_name="local_guides", verbose_name=_("unit")
    )
    topic = models.CharField(_("topic"), max_length=20, choices=Topic.choices)
    text = models.TextField(_("text"))
    is_shown = models.BooleanField(_("shown"), default=True)
    kept_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("kept by")
    )
    changed_on = models.DateField(_("changed on"))
    checked_on = models.DateField(_("checked on"))

    search_fields = [
        index.SearchField("text"),
        index.SearchField("searched_topic"),
        index.AutocompleteField("text"),
        index.AutocompleteField("searched_topic"),
        index.FilterField("id"),
    ]

    class Meta:
        verbose_name = _("local guide")
        verbose_name_plural = _("local guides")
        ordering = ["unit__name", "topic"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "topic"],
                name="localguide_one_a_topic",
                violation_error_message=_("The unit has a guide to this topic already. Change that one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.get_topic_display()}"

    @property
    def searched_topic(self) -> str:
        """What the topic is called, in every language."""
        names = []
        for code, _name in settings.LANGUAGES:
            with override(code):
                names.append(str(Topic(self.topic).label))
        return " ".join(names)

    @property
    def is_outdated(self) -> bool:
        """Nobody has made sure for a year that it holds."""
        return (today() - self.checked_on).days > self.HOLDS
