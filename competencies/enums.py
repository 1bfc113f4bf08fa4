"""The closed lists of this room."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Rank(IntegerChoices):
    """The three levels of the framework. 0 means that nothing is required, or nothing was shown."""

    NONE = 0, _("Not required")
    BASIC = 1, _("Basic")
    PRACTISING = 2, _("Practising")
    RESOURCE = 3, _("Resource person")


class EarnedBy(TextChoices):
    """What earns a contribution. Answers show level 1 at most (design, "Rules of the road")."""

    ANSWERS = "answers", _("Answers in the module")
    CONFIRMED_PRACTICE = "confirmed_practice_task", _("Practice task confirmed by a leader or key person")
    COURSE_OR_SIGN_OFF = "course_or_sign_off", _("Course or sign-off")


class SignOffBasis(TextChoices):
    """What a sign-off rests on: the kinds of evidence that the framework names and no module shows."""

    AT_WORK = "at_work", _("Seen at work")
    TALK = "talk", _("Gone through in a talk")
    COURSE = "course", _("Course or further education")
    KEY_PERSON_EDUCATION = "key_person_education", _("Key-person education")
    DIPLOMA = "diploma", _("Diploma module")


#: A sign-off on one of these names what was attended.
ATTENDED = (SignOffBasis.COURSE, SignOffBasis.KEY_PERSON_EDUCATION, SignOffBasis.DIPLOMA)


HIGHEST_LEVEL = {EarnedBy.ANSWERS: 1, EarnedBy.CONFIRMED_PRACTICE: 2, EarnedBy.COURSE_OR_SIGN_OFF: 3}


class ProfileKind(TextChoices):
    """What a profile is a profile of."""

    PROFESSION = "profession", _("Profession")
    ROLE = "role", _("Role, on top of the profession")
