"""The closed lists of this room."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EducationKind(TextChoices):
    """What makes a key person an educated one (the 2011 agreement, section 4.4)."""

    KEY_PERSON_EDUCATION = "key_person_education", _("Key-person education")
    DIPLOMA = "diploma", _("Diploma module")


class CoverageStatus(TextChoices):
    """How a unit stands against a target on a day. Unknown is never a gap."""

    COVERED = "covered", pgettext_lazy("coverage", "Covered")
    AT_RISK = "at_risk", pgettext_lazy("coverage", "At risk")
    GAP = "gap", pgettext_lazy("coverage", "Gap")
    UNKNOWN = "unknown", pgettext_lazy("coverage", "Unknown")
    NO_TARGET = "no_target", pgettext_lazy("coverage", "No target")


class Relevance(TextChoices):
    """Whether a target speaks of a unit: some speak of every unit, others of relevant ones only."""

    EVERY_UNIT = "every_unit", _("Every unit")
    RELEVANT = "relevant", _("Relevant")
    NOT_RELEVANT = "not_relevant", _("Decided not relevant")
    UNDECIDED = "undecided", _("Not decided")
