"""What the framework asks of a profession can be shown by the modules that are meant for it.

Levels 1 and 2 are the catalogue's: answers show level 1, a confirmed practice task level 2. Level 3 takes a
course or a sign-off, which no module is; it is asked of key persons only.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from certification.domain.key_persons import KEY_PERSON_PROFESSIONS
from competencies.enums import EarnedBy, Rank
from competencies.models import Competency
from competencies.standing import Profile, Requirements, read_requirements
from content import catalogue
from organisations.days import today
from organisations.enums import Role
from tests.factories.competencies import load_framework

MODULES = [catalogue.read(f"modules/{path.name}") for path in sorted((catalogue.DATA / "modules").glob("*"))]
PATHS = catalogue.read("paths.json")
BY_THE_LEARNER = {EarnedBy.ANSWERS, EarnedBy.CONFIRMED_PRACTICE}


@dataclass(frozen=True)
class Missing:
    """A competency that is asked of somebody and that nothing meant for them shows at that level."""

    who: str
    competency: str
    title: str
    level: int
    reached: int

    def __str__(self) -> str:
        asked = f"{self.who}: {self.competency} ({self.title}) is asked at level {self.level}"
        if self.reached:
            return f"{asked}, and the modules that are meant for them show level {self.reached} at most."
        return f"{asked}, and no module that is meant for them shows it."


def highest(competency: Competency, profession: str | None) -> int:
    """The highest level that a module for the profession (None: any module) shows by answers or practice."""
    return max(
        (
            outcome["level"]
            for module in MODULES
            if profession is None or profession in module["professions"]
            for outcome in module["outcomes"]
            if outcome["competency"] == competency.code and outcome["earned_by"] in BY_THE_LEARNER
        ),
        default=0,
    )


def asked(requirements: Requirements, profile: Profile) -> Iterator[tuple[Competency, int]]:
    """Each competency that the profile asks for, and its level. A key person has no exceptions."""
    is_key_person = profile.row.role == Role.KEY_PERSON
    for domain in requirements.domains:
        for competency in domain.competencies.all():
            level = profile.asks(competency, is_key_person=is_key_person)
            if is_key_person and competency.pk in requirements.key_person_competencies:
                level = Rank.RESOURCE
            if level:
                yield competency, level


def find_missing(requirements: Requirements) -> list[Missing]:
    """What is asked at level 1 or 2 and can't be shown.

    A leader has a profession of her own; what is asked of her beyond it she takes from the whole catalogue.
    """
    found = []
    for profile in requirements.profiles:
        profession = profile.row.profession.code if profile.row.profession else None
        for competency, level in asked(requirements, profile):
            reached = highest(competency, profession)
            if level <= Rank.PRACTISING and reached < level:
                who = profile.row.name_en
                found.append(Missing(who, competency.code, competency.title_en, level, reached))
    return found


@pytest.fixture
def requirements(db):
    load_framework()
    return read_requirements(today())


def test_everything_asked_of_a_profession_can_be_shown_by_a_module_meant_for_it(requirements):
    missing = [str(row) for row in find_missing(requirements)]
    assert missing == [], "\n".join(["", *missing])


def test_level_three_is_asked_of_key_persons_alone_and_takes_a_course_or_a_sign_off(requirements):
    asked_for = {
        profile.row.role
        for profile in requirements.profiles
        for _competency, level in asked(requirements, profile)
        if level == Rank.RESOURCE
    }
    assert asked_for == {Role.KEY_PERSON}
    ways = {
        outcome["earned_by"]
        for module in MODULES
        for outcome in module["outcomes"]
        if outcome["level"] == Rank.RESOURCE
    }
    assert ways <= {EarnedBy.COURSE_OR_SIGN_OFF}


def test_every_module_of_a_path_is_meant_for_everybody_on_the_path():
    meant_for = {module["code"]: set(module["professions"]) for module in MODULES}
    faults = [
        f"The path {path['code']} holds {code}, which isn't meant for: {', '.join(sorted(left_out))}."
        for path in PATHS
        for code in path["modules"]
        if (left_out := on_path(path) - meant_for[code])
    ]
    assert faults == [], "\n".join(["", *faults])


def on_path(path):
    """The professions that can meet the path: its own, and those that a key person can have."""
    return set(path["professions"]) | (set(KEY_PERSON_PROFESSIONS) if path["for_key_persons"] else set())


def test_every_module_is_on_a_path():
    placed = {code for path in PATHS for code in path["modules"]}
    assert [module["code"] for module in MODULES if module["code"] not in placed] == []
