"""The closed lists of this room."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ItemKind(TextChoices):
    """What a part of a module asks of the learner. Only items are recorded; text is not."""

    SINGLE_CHOICE = "single_choice", _("Question with one right answer")
    MULTIPLE_CHOICE = "multiple_choice", _("Question where several answers may be right")
    TRUE_FALSE = "true_false", _("True or false")
    ORDERING = "ordering", _("Put in order")
    MATCHING = "matching", _("What belongs together")
    SHORT_ANSWER = "short_answer", _("Short answer")
    LIKERT = "likert", _("Where I stand")
    BRANCHING_CASE = "branching_case", _("Case with choices")
    CONVERSATION = "conversation", _("Conversation practice")
    VIDEO = "video", _("Film")
    AUDIO = "audio", _("Sound")
    REFLECTION = "reflection", _("Reflection")
    PRACTICE_TASK = "practice_task", _("Practice task")


#: Walked through by choices, to one end or another.
WALKED = frozenset({ItemKind.BRANCHING_CASE, ItemKind.CONVERSATION})
#: Answered rightly, or walked to a good end, once at least before the module is finished.
GRADED = WALKED | {
    ItemKind.SINGLE_CHOICE,
    ItemKind.MULTIPLE_CHOICE,
    ItemKind.TRUE_FALSE,
    ItemKind.ORDERING,
    ItemKind.MATCHING,
}
#: Played, with captions and a transcript.
PLAYED = frozenset({ItemKind.VIDEO, ItemKind.AUDIO})
#: What is written in the learner's own words.
WRITTEN = frozenset({ItemKind.SHORT_ANSWER, ItemKind.REFLECTION, ItemKind.PRACTICE_TASK})


class StepState(TextChoices):
    """What is left of a step for the learner."""

    IN_PLACE = "in_place", pgettext_lazy("step", "Done")
    READ = "read", pgettext_lazy("step", "Read")
    THOUGHT_OPEN = "thought_open", _("Read · the reflection is yours to write or leave")
    TASK_OPEN = "task_open", _("Read · the practice task isn't handed in yet")
    QUESTIONS_OPEN = "questions_open", _("Read · there are questions still to be answered rightly")
    AHEAD = "ahead", _("Ahead of her")

    @property
    def is_done(self) -> bool:
        """Nothing more is asked: a reflection is voluntary."""
        return self in {StepState.IN_PLACE, StepState.READ, StepState.THOUGHT_OPEN}


class Audience(TextChoices):
    """Who may read a reflection that is shared: by name within her line, or without her name."""

    LEADER = "leader", _("Your leader")
    KEY_PERSON = "key_person", _("Key persons")
    UNNAMED = "unnamed", _("Educators and regions, without your name")


class Dimension(TextChoices):
    """REHPA's three sides of quality (Kvalitet i den basale palliative indsats, 2026)."""

    FRAMES = "frames", _("Organisational frames")
    PRACTICE = "practice", _("Professional practice")
    EXPERIENCE = "experience", _("Citizens' experience")


class End(TextChoices):
    """How a way through a case or a conversation ends."""

    GOOD = "good", _("A good end")
    OTHER = "other", _("Another end")


class Effect(TextChoices):
    """What a reply does to a conversation."""

    OPENS = "opens", _("Opens the conversation")
    HOLDS = "holds", _("Neither opens nor closes it")
    CLOSES = "closes", _("Closes the conversation")


class Scale(TextChoices):
    """The scales of five on which a learner says where she stands."""

    AGREEMENT = "agreement", _("Disagree to agree")
    CONFIDENCE = "confidence", _("Unsure to sure")
    FREQUENCY = "frequency", _("Never to always")


#: The words of each point, from 1 to 5.
WORDS_OF_SCALE = {
    Scale.AGREEMENT: (
        _("Disagree completely"),
        _("Disagree"),
        _("Neither agree nor disagree"),
        _("Agree"),
        _("Agree completely"),
    ),
    Scale.CONFIDENCE: (
        _("Very unsure"),
        _("Unsure"),
        _("Neither unsure nor sure"),
        _("Sure"),
        _("Very sure"),
    ),
    Scale.FREQUENCY: (_("Never"), _("Seldom"), _("Now and then"), _("Often"), _("Always")),
}


class Topic(TextChoices):
    """What a local guide is about: how it is done at that very workplace."""

    ADVICE = "advice", _("Advice day and night")
    EQUIPMENT = "equipment", _("Equipment and aids")
    MEDICINE = "medicine", _("Medicine at home")
    VOLUNTEERS = "volunteers", _("Volunteers")
    PHONE = "phone", _("Phone numbers")
    NIGHT = "night", _("Evening, night and weekend")
    BEREAVEMENT = "bereavement", _("Those left behind")
