"""Learning that really happened, through the domain functions: for pages that open down to it."""

import uuid
from dataclasses import dataclass

from competencies.domain.contributions import ContributionSpec, set_contributions
from competencies.enums import EarnedBy
from courses.domain import answers, enrolment, free_text, practice
from courses.domain.publishing import publish_edition, register_module
from courses.models import Edition, Enrolment, ItemSubmission
from organisations.enums import Role, UnitKind
from organisations.models import OrgUnit, Person, Profession, User
from tests.factories.organisations import (
    EmploymentFactory,
    GrantFactory,
    OrgUnitFactory,
    PersonFactory,
    UserFactory,
)

#: What a leader may never see of her people.
WRONG_ANSWER = "Det venter vi med til næste vagt"
REFLECTION = "Jeg blev i tvivl hos en borger i går"
HANDED_IN = "Jeg brugte skemaet sammen med Karen"


def publish(title: str = "Se det i tide") -> Edition:
    """A module with a question, a reflection and a practice task; it shows IDE-1 at levels 1 and 2."""
    module = register_module(uuid.uuid4(), code="M02")
    content = {
        "steps": [
            {
                "title": "Hvad ser du?",
                "blocks": [
                    {
                        "id": "question",
                        "item": True,
                        "kind": "single_choice",
                        "name": "Hvad gør du først?",
                        "text": "Borgeren er mere træt end i sidste uge. Hvad gør du først?",
                        "options": [
                            {"id": "wait", "text": WRONG_ANSWER},
                            {"id": "tell", "text": "Jeg siger det til sygeplejersken"},
                        ],
                    },
                    {
                        "id": "reflection",
                        "item": True,
                        "kind": "reflection",
                        "name": "Refleksion",
                        "text": "Hvornår har du selv set det?",
                    },
                    {
                        "id": "task",
                        "item": True,
                        "kind": "practice_task",
                        "name": "Praksisopgave",
                        "text": "Gennemgå skemaet med en kollega hos en borger, I begge kender.",
                    },
                ],
            }
        ]
    }
    edition = publish_edition(
        module,
        language="da",
        title=title,
        content=content,
        grading={"question": {"kind": "single_choice", "correct": ["tell"]}},
        substance=title,
    )
    set_contributions(
        edition.version,
        contributions=[
            ContributionSpec("IDE-1", 1, EarnedBy.ANSWERS),
            ContributionSpec("IDE-1", 2, EarnedBy.CONFIRMED_PRACTICE),
        ],
    )
    return edition


def complete(person: Person, edition: Edition) -> Enrolment:
    """Wrong, then right, a reflection, and done."""
    taken = enrolment.begin(person, edition=edition)
    for response in ("wait", "tell"):
        answers.answer(taken, item="question", response=response, token=uuid.uuid4())
    free_text.write(taken, item="reflection", text=REFLECTION)
    enrolment.finish(taken)
    return taken


def hand_in(person: Person, edition: Edition, text: str = HANDED_IN) -> ItemSubmission:
    taken = enrolment.begin(person, edition=edition)
    free_text.write(taken, item="task", text=text)
    return ItemSubmission.objects.get(enrolment=taken)


def hand_in_and_confirm(person: Person, edition: Edition, *, by: Person) -> None:
    practice.confirm(hand_in(person, edition), by=by)


@dataclass
class Team:
    """A home-care team in a municipality, with its leader and three who work there."""

    municipality: OrgUnit
    unit: OrgUnit
    leader: User
    nurse: Person
    assistant: Person
    helper: Person


def a_team() -> Team:
    municipality = OrgUnitFactory(name="Skive Kommune")
    unit = OrgUnitFactory(kind=UnitKind.TEAM, name="Hjemmeplejen Nord", parent=municipality)
    leader = UserFactory(person__given_name="Lone", person__family_name="Leder")
    GrantFactory(person=leader.person, unit=unit)
    return Team(
        municipality=municipality,
        unit=unit,
        leader=leader,
        nurse=member(unit, "nurse", "Signe", "Sygeplejerske"),
        assistant=member(unit, "sosu_assistant", "Anna", "Assistent"),
        helper=member(unit, "sosu_helper", "Hanne", "Hjælper"),
    )


def member(
    unit: OrgUnit, profession: str, given_name: str = "Mie", family_name: str = "Medarbejder"
) -> Person:
    person = PersonFactory(given_name=given_name, family_name=family_name)
    EmploymentFactory(person=person, unit=unit, profession=Profession.objects.get(code=profession))
    return person


def key_person_of(unit: OrgUnit) -> User:
    user = UserFactory(person__given_name="Nete", person__family_name="Nøgleperson")
    GrantFactory(person=user.person, role=Role.KEY_PERSON, unit=unit)
    return user


def addresses_of_modules(keys) -> dict[uuid.UUID, str]:
    """Stands for `MODULE_ADDRESSES`: every module has a page."""
    return {key: f"/moduler/{key}/" for key in keys}
