"""Numbers about people that are shown outside their own line, so that nobody stands out in them.

Two rules, both after what statistical offices do (Hundepool et al., *Statistical Disclosure Control*,
2012, chapter 5; HESA's rounding methodology for counts of students):

- A number of people below `SMALLEST_GROUP` isn't shown. Every other is rounded to a whole multiple of it, so
  that what is hidden can't be found by subtracting what is shown from the sum.
- What is counted are whole groups in the order in which people came (`whole_groups`): between two looks at
  the same page at least a whole group has come, never a single person.
"""

from django.conf import settings


def smallest_group() -> int:
    """The setting: so many people at least, or nothing is said about them."""
    smallest: int = settings.SMALLEST_GROUP
    return smallest


def whole_groups(people: int) -> int:
    """How many of them make whole groups: the newest few wait until their group is full."""
    return people - people % smallest_group()


def may_be_split(people: int) -> bool:
    """Whether shares of them may be shown: two groups at least, or all of them would be seen to do alike."""
    return people >= 2 * smallest_group()


def shown(people: int) -> int | None:
    """The number as it may be shown, rounded to whole groups; None where they are too few."""
    size = smallest_group()
    return None if people < size else size * ((2 * people + size) // (2 * size))
