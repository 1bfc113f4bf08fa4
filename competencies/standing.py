"""What is asked of people on a day, and what they had shown by then.

The level rule: a person needs, of a competency, the highest level that any of her profiles asks for:
those of her professions where she works, and those of the roles she holds. A profile asks for its
domain's level, or for its exception's where it has one and the person is no key person. A key person
needs level 3 of every competency that a key person's task names.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from django.db.models import Prefetch

from organisations.days import today
from organisations.enums import Role
from organisations.models import Employment, Person, RoleGrant

from .enums import ProfileKind, Rank
from .models import Competency, Domain, Evidence, Framework, KeyPersonTask, ProfessionProfile


@dataclass(frozen=True)
class CompetencyStanding:
    """One competency: the level asked for, the highest level shown, and what showed it."""

    competency: Competency
    required: int
    shown: int
    evidence: list[Evidence]

    @property
    def is_required(self) -> bool:
        return self.required > Rank.NONE

    @property
    def is_reached(self) -> bool:
        """Asked for, and shown at that level or higher."""
        return self.is_required and self.shown >= self.required


@dataclass(frozen=True)
class DomainStanding:
    """A domain: how many of its competencies are asked for, and how many of those are reached."""

    domain: Domain
    competencies: list[CompetencyStanding]

    @property
    def required(self) -> int:
        return sum(standing.is_required for standing in self.competencies)

    @property
    def reached(self) -> int:
        return sum(standing.is_reached for standing in self.competencies)


@dataclass(frozen=True)
class Standing:
    """A person on a day. Without an employment of a profession that day there are no profiles."""

    person: Person
    profiles: list[str]
    domains: list[DomainStanding]

    @property
    def required(self) -> int:
        return sum(domain.required for domain in self.domains)

    @property
    def reached(self) -> int:
        return sum(domain.reached for domain in self.domains)


@dataclass
class Profile:
    """A profile as the level rule reads it: levels by domain, exceptions by competency."""

    row: ProfessionProfile
    levels: dict[int, int]
    exceptions: dict[int, int]

    def asks(self, competency: Competency, *, is_key_person: bool) -> int:
        if not is_key_person and competency.pk in self.exceptions:
            return self.exceptions[competency.pk]
        return self.levels.get(competency.domain_id, Rank.NONE)

    def is_for(self, employments: list[Employment], roles: set[str]) -> bool:
        """Whether one of the employments has its profession and sector, and, for a role, it is held."""
        if self.row.kind == ProfileKind.ROLE and self.row.role not in roles:
            return False
        return any(
            self.row.profession_id in (None, employment.profession_id)
            and (not self.row.sectors or employment.unit.sector in self.row.sectors)
            for employment in employments
        )


@dataclass
class Requirements:
    """A framework's domains, profiles and tasks, read once for everybody."""

    domains: list[Domain] = field(default_factory=list)
    profiles: list[Profile] = field(default_factory=list)
    key_person_competencies: set[int] = field(default_factory=set)

    def profiles_of(self, employments: list[Employment], roles: set[str]) -> list[Profile]:
        return [profile for profile in self.profiles if profile.is_for(employments, roles)]

    def required(self, competency: Competency, profiles: list[Profile], roles: set[str]) -> int:
        """The effective required level: see the level rule above. 0 for who has no profile."""
        if not profiles:
            return Rank.NONE
        is_key_person = Role.KEY_PERSON in roles
        levels = [profile.asks(competency, is_key_person=is_key_person) for profile in profiles]
        if is_key_person and competency.pk in self.key_person_competencies:
            levels.append(Rank.RESOURCE)
        return max(levels)


def standings(people: Iterable[Person], *, on: dt.date | None = None) -> dict[int, Standing]:
    """Where people stand on a day (today, unless another is given), by `person.pk`.

    A fixed number of queries, however many people. Evidence counts by the end of the day.
    """
    day = on or today()
    people = list(people)
    requirements = read_requirements(day)
    keys = [person.pk for person in people]
    employments: dict[int, list[Employment]] = defaultdict(list)
    for employment in Employment.objects.current(on=day).filter(person__in=keys).select_related("unit"):
        employments[employment.person_id].append(employment)
    roles: dict[int, set[str]] = defaultdict(set)
    for holder, role in (
        RoleGrant.objects.active(on=day).filter(person__in=keys).values_list("person", "role")
    ):
        roles[holder].add(role)
    evidence = _evidence([person.pseudonym for person in people], day)
    standing = {}
    for person in people:
        held = roles[person.pk]
        profiles = requirements.profiles_of(employments[person.pk], held)
        shown = evidence[person.pseudonym]
        standing[person.pk] = Standing(
            person=person,
            profiles=[profile.row.name for profile in profiles],
            domains=[
                DomainStanding(
                    domain,
                    [
                        _competency(competency, requirements.required(competency, profiles, held), shown)
                        for competency in domain.competencies.all()
                    ],
                )
                for domain in requirements.domains
            ],
        )
    return standing


def read_requirements(day: dt.date) -> Requirements:
    """What the framework in use on the day asks; nothing where none is in use."""
    framework = Framework.objects.in_use(on=day).first()
    return Requirements() if framework is None else requirements_of(framework.pk, framework.fingerprint)


@lru_cache(maxsize=4)
def requirements_of(framework: int, _fingerprint: str) -> Requirements:
    """What a version of a framework asks. Read once in a process: a version is never changed, but followed by
    another (`domain.framework.import_framework`).
    """
    competencies = Competency.objects.prefetch_related("level_texts")
    domains = Domain.objects.filter(framework=framework).prefetch_related(
        Prefetch("competencies", competencies)
    )
    profiles = ProfessionProfile.objects.filter(framework=framework).prefetch_related(
        "required_levels", "exceptions"
    )
    named = KeyPersonTask.competencies.through.objects.filter(keypersontask__framework=framework)
    return Requirements(
        domains=list(domains),
        profiles=[
            Profile(
                row=row,
                levels={level.domain_id: level.level for level in row.required_levels.all()},
                exceptions={exception.competency_id: exception.level for exception in row.exceptions.all()},
            )
            for row in profiles
        ],
        key_person_competencies=set(named.values_list("competency", flat=True)),
    )


def _competency(
    competency: Competency, required: int, shown: dict[int, list[Evidence]]
) -> CompetencyStanding:
    evidence = shown.get(competency.pk, [])
    highest = max((row.level for row in evidence), default=int(Rank.NONE))
    return CompetencyStanding(competency, int(required), highest, evidence)


def _evidence(pseudonyms: list, day: dt.date) -> dict:
    """Evidence by learner and competency, oldest first."""
    evidence: dict = defaultdict(lambda: defaultdict(list))
    for row in Evidence.objects.of_learners(pseudonyms).shown_by(day):
        evidence[row.learner][row.competency_id].append(row)
    return evidence
