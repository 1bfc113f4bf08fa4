"""The closed lists of this room."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ItemKind(TextChoices):
    """What a part of a module asks of the learner. Only items are recorded; text is not."""

    SINGLE_CHOICE = "single_choice", _("Question with one right answer")
    REFLECTION = "reflection", _("Reflection")
    PRACTICE_TASK = "practice_task", _("Practice task")


class Dimension(TextChoices):
    """REHPA's three sides of quality (Kvalitet i den basale palliative indsats, 2026)."""

    FRAMES = "frames", _("Organisational frames")
    PRACTICE = "practice", _("Professional practice")
    EXPERIENCE = "experience", _("Citizens' experience")
