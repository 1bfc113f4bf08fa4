"""Reflections that are shared, as the page shares them."""

from courses.domain import sharing
from courses.models import FreeText, Sharing
from organisations.models import OrgUnit, Person
from tests.factories.competencies import load_framework
from tests.factories.reports import Team, a_team, complete, publish


def a_team_with_a_reflection() -> Team:
    """Its assistant has written one; it is shared with nobody."""
    load_framework()
    team = a_team()
    complete(team.assistant, publish())
    return team


def text_of(person: Person) -> FreeText:
    return FreeText.objects.get(enrolment__person=person, kind="reflection")


def share(person: Person, audience: str, *, unit: OrgUnit | None = None, comment: str = "") -> Sharing:
    """Her only reflection, with one of her choices of today."""
    choice = next(
        one
        for one in sharing.choices_for(person)
        if one.audience == audience and (unit is None or one.unit == unit)
    )
    return sharing.share(text_of(person), with_whom=choice, comment=comment)
