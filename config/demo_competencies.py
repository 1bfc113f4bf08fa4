"""What leaders of the demo have signed off, and what the nurse says of herself."""

import datetime as dt

from competencies.domain.self_assessments import assess
from competencies.domain.sign_offs import sign_off
from competencies.enums import SignOffBasis
from competencies.models import Competency, Framework, KeyPersonTask
from organisations.models import Person

EDUCATION = "Nøglepersonuddannelsen, Aarhus Universitetshospital"
#: Competency → the level that the nurse says she is at.
SAID = {"IDE-1": 2, "IDE-2": 2, "IDE-3": 1, "IDE-4": 0}


def make_signed_off(
    key_person: Person, *, colleague: Person, boss: Person, leader: Person, day: dt.date
) -> None:
    """The key person by her boss, from her education; a colleague in home care by what her leader saw."""
    task = KeyPersonTask.objects.filter(framework__in=Framework.objects.in_use()[:1]).earliest("code")
    for competency in task.competencies.order_by("order"):
        sign_off(
            key_person,
            competency=competency,
            level=3,
            basis=SignOffBasis.KEY_PERSON_EDUCATION,
            attended=EDUCATION,
            seen_on=day,
            by=boss,
        )
    sign_off(
        colleague,
        competency=_in_use("IDE-1"),
        level=3,
        basis=SignOffBasis.AT_WORK,
        seen_on=day,
        by=leader,
    )


def make_assessed(nurse: Person) -> None:
    """How far the nurse says that she is with finding needs early."""
    assess(nurse, {_in_use(code): level for code, level in SAID.items()})


def _in_use(code: str) -> Competency:
    return Competency.objects.get(code=code, domain__framework__in=Framework.objects.in_use()[:1])
