"""The demo: a small world of made-up people in real places, made through the domain functions.

It stands in `config` because it needs every room. It is the same on every machine (one seed) and dated
relative to the day it is made on: two years of histories, newcomers, leavers, gaps.
"""

import datetime as dt
import random
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale

from certification.domain.key_persons import appoint
from certification.domain.reporting import decide_relevance, report_unit
from certification.domain.targets import Decision, adopt_target
from certification.models import Target
from content.models import ModulePage
from courses.domain import enrolment
from courses.domain.assignments import assign
from courses.domain.local_guides import write_guide
from courses.enums import Topic
from courses.models import Edition
from organisations.days import today
from organisations.domain.employments import employ
from organisations.domain.grants import grant_role
from organisations.domain.groups import sync_all_groups
from organisations.domain.people import create_login, register_person
from organisations.domain.units import create_unit, place_unit
from organisations.enums import Role, UnitKind
from organisations.models import Area, OrgUnit, Person, Profession, User

from . import demo_people as cast
from .demo import PASSWORD
from .demo_competencies import make_assessed, make_signed_off
from .demo_learning import Learning, hand_in
from .demo_people import Worker
from .demo_refreshers import complete_lately
from .demo_sharing import make_shared

AREA = "region-midtjylland"
SEED = 20261122

DECISION = Decision(
    text_da=(
        "Opdigtet til demoen: Målene fra Region Midtjyllands sundhedsaftale 2011–2014 er videreført. "
        "Ingen har truffet den beslutning i virkeligheden."
    ),
    text_en=(
        "Made up for the demo: the targets of Region Midtjylland's health agreement 2011–2014 are carried "
        "on. Nobody has taken that decision in reality."
    ),
    year=2011,
)


class NotReady(RuntimeError):
    """The demo needs something that isn't loaded yet; the message says what."""


def exists() -> bool:
    """Whether the demo is there. It is made once, and what people do in it stays."""
    return User.objects.filter(email=_address(cast.NURSE)).exists()


@transaction.atomic
def make() -> None:
    """Make the demo's world. Raises NotReady before the reference data, framework and modules are loaded."""
    pages = ModulePage.objects.filter(locale=Locale.get_default(), live=True).order_by("code")
    if not pages or not Area.objects.filter(code=AREA).exists():
        raise NotReady("Load the reference data, framework and modules first: make run does it in order.")
    world = _World(list(pages))
    world.adopt_targets()
    world.make_home_care()
    world.make_hospital()
    world.make_practice()
    world.make_region()
    world.make_other_municipalities()
    world.make_histories()
    world.make_assignments()
    world.make_advice_cards()
    complete_lately(world.assistant, next(one for one in world.editions if one.version.module.code == "M05"))
    world.make_shared()
    world.make_competencies()
    world.make_going()
    sync_all_groups()


class _World:
    def __init__(self, pages: list[ModulePage]) -> None:
        self.day = today()
        self.random = random.Random(SEED)  # noqa: S311  (a story, not a secret)
        self.learning = Learning(self.random)
        self.professions = {profession.code: profession for profession in Profession.objects.all()}
        self.area = Area.objects.get(code=AREA)
        self.editions: list[Edition] = [
            edition
            for page in pages
            if (
                edition := Edition.objects.of_module(page.translation_key)
                .in_language(settings.LANGUAGE_CODE)
                .newest_first()
                .first()
            )
        ]
        self.histories: list[tuple[Person, Worker, Person]] = []
        self.people: dict[str, Person] = {}

    # --- Days and people ------------------------------------------------------------------------------

    def _ago(self, days: int) -> dt.date:
        return self.day - dt.timedelta(days=days)

    def _hire(self, worker: Worker, unit: OrgUnit, leader: Person | None = None, **fields: Any) -> Person:
        person = register_person(given_name=worker.given, family_name=worker.family)
        employ(
            person,
            unit=unit,
            profession=self.professions[worker.profession],
            starts_on=self._ago(worker.days),
            ends_on=None if worker.left is None else self._ago(worker.left),
            **fields,
        )
        self.people[worker.name] = person
        if leader is not None:
            self.histories.append((person, worker, leader))
        return person

    def _with_login(self, who: tuple[str, str, str], profession: str, unit: OrgUnit, **fields: Any) -> Person:
        person = self._hire(Worker(f"{who[1]} {who[2]}", profession), unit, **fields)
        create_login(person, email=_address(who), password=PASSWORD)
        return person

    def _unit(self, code: str, kind: UnitKind, name: str, parent: OrgUnit) -> OrgUnit:
        unit = create_unit(code=code, kind=kind, name=name)
        place_unit(unit, parent=parent, starts_on=self._ago(1000))
        return unit

    def _staff(self, unit: OrgUnit, workers: list[Worker], leader: Person) -> None:
        for worker in workers:
            self._hire(worker, unit, leader)

    # --- Targets ----------------------------------------------------------------------------------------

    def adopt_targets(self) -> None:
        """T1 to T3 of the agreement again, by a decision that says that it is made up."""
        for historic in Target.objects.filter(area=self.area, code__in=["T1", "T2", "T3"]):
            adopt_target(
                self.area,
                code=historic.code,
                unit_kind=historic.unit_kind,
                profession=historic.profession,
                minimum=historic.minimum,
                text_da=historic.text_da,
                text_en=historic.text_en,
                decision=DECISION,
                starts_on=self._ago(365),
                relevant_only=historic.relevant_only,
            )

    # --- Places -----------------------------------------------------------------------------------------

    def make_home_care(self) -> None:
        """Viborg with a district of three teams and no key person yet; Silkeborg with two and one."""
        viborg = OrgUnit.objects.get(code="municipality-791")
        north = self._unit("viborg-hjemmepleje-nord", UnitKind.DISTRICT, "Hjemmeplejen Nord", viborg)
        leader = self._with_login(cast.LEADER, "nurse", north)
        grant_role(leader, role=Role.LEADER, unit=north, starts_on=self._ago(400))
        teams = {
            code: self._unit(code, UnitKind.TEAM, name, north)
            for code, name in (
                ("viborg-team-noerresoe", "Team Nørresø"),
                ("viborg-team-asmild", "Team Asmild"),
                ("viborg-team-houlkaer", "Team Houlkær"),
            )
        }
        first = teams["viborg-team-noerresoe"]
        self.nurse = self._with_login(
            cast.NURSE, "nurse", first, work_phone="87 87 00 01", work_email="mette.holm@lindra.example"
        )
        self.assistant = self._with_login(cast.ASSISTANT, "sosu_assistant", first)
        for code, team in teams.items():
            self._staff(team, cast.HOME_CARE[code], leader)
        self.leader, self.north = leader, north

        silkeborg = OrgUnit.objects.get(code="municipality-740")
        south = self._unit("silkeborg-hjemmepleje-syd", UnitKind.DISTRICT, "Hjemmeplejen Syd", silkeborg)
        boss = self._hire(Worker("Jytte Ibsen", "nurse", 730), south)
        grant_role(boss, role=Role.LEADER, unit=south, starts_on=self._ago(700))
        self.boss = boss
        for code, name in (("silkeborg-team-soeerne", "Team Søerne"), ("silkeborg-team-gjern", "Team Gjern")):
            self._staff(self._unit(code, UnitKind.TEAM, name, south), cast.HOME_CARE[code], boss)
        appoint(
            self.people["Lone Bjerre"],
            unit=silkeborg,
            starts_on=self._ago(300),
            by=boss,
            educated_on=self._ago(420),
            provider="Aarhus Universitetshospital",
        )

    def make_hospital(self) -> None:
        """Two departments in Viborg with wards: one has a key doctor and lacks a nurse, one isn't decided."""
        kidneys = OrgUnit.objects.get(name="Klinik for Nyresygdomme Viborg")
        chief = self._hire(Worker("Anne Vad", "nurse", 720), kidneys)
        grant_role(chief, role=Role.LEADER, unit=kidneys, starts_on=self._ago(300))
        doctor = self._with_login(
            cast.DOCTOR, "doctor", kidneys, work_phone="78 44 00 01", work_email="jonas.friis@lindra.example"
        )
        hospital = OrgUnit.objects.get(code="hospital-hem")
        medicine = self._unit("hem-medicin", UnitKind.DEPARTMENT, "Medicinsk Afdeling (demo)", hospital)
        head = self._hire(Worker("Bo Kragelund", "nurse", 710), medicine)
        grant_role(head, role=Role.LEADER, unit=medicine, starts_on=self._ago(500))
        for code, name, parent, leads in (
            ("hem-nyre-sengeafsnit", "Sengeafsnit N1 (demo)", kidneys, chief),
            ("hem-nyre-ambulatorium", "Dagafsnit N2 (demo)", kidneys, chief),
            ("hem-medicin-sengeafsnit", "Sengeafsnit M1 (demo)", medicine, head),
        ):
            self._staff(self._unit(code, UnitKind.WARD, name, parent), cast.HOSPITAL[code], leads)
        decide_relevance(
            kidneys,
            is_relevant=True,
            why="Mange patienter med livstruende nyresygdom",
            by=chief,
            starts_on=self._ago(300),
        )
        appoint(doctor, unit=kidneys, starts_on=self._ago(120), by=chief)

    def make_practice(self) -> None:
        """A general practice: nobody leads it, and nobody sees its people's records but themselves."""
        clinic = create_unit(code="demo-laegehus", kind=UnitKind.GP_CLINIC, name="Lægehuset ved Søen (demo)")
        for worker in cast.PRACTICE:
            self._hire(worker, clinic)

    def make_region(self) -> None:
        region = OrgUnit.objects.get(code="region-1082")
        coordinator = self._with_login(cast.COORDINATOR, "nurse", region)
        grant_role(coordinator, role=Role.COORDINATOR, area=self.area, starts_on=self._ago(400))
        administrator = self._with_login(cast.ADMINISTRATOR, "nurse", region)
        grant_role(administrator, role=Role.ADMINISTRATOR, starts_on=self._ago(400))
        educator = self._with_login(cast.EDUCATOR, "nurse", region)
        grant_role(educator, role=Role.EDUCATOR, starts_on=self._ago(400))
        reviewer = self.people["Ida Bro"]
        create_login(reviewer, email=_address(cast.REVIEWER), password=PASSWORD)
        grant_role(reviewer, role=Role.CLINICAL_REVIEWER, starts_on=self._ago(400))

    def make_other_municipalities(self) -> None:
        """The rest of the region: covered, leaving soon, reported as none; the others are unknown."""
        for number, (code, covered) in enumerate(cast.COVERED.items(), start=2):
            if covered is not None:
                name, is_educated = covered
                self._appoint_in(code, name, number, educated_on=self._ago(430) if is_educated else None)
        for number, (code, (name, days)) in enumerate(cast.LEAVING.items(), start=20):
            self._appoint_in(code, name, number, ends_on=self.day + dt.timedelta(days=days))
        for code, note in cast.NONE_REPORTED.items():
            by = self.leader if code == "791" else None
            report_unit(self._municipality(code), by=by, as_of=self._ago(40), note=note)

    def _municipality(self, code: str) -> OrgUnit:
        return OrgUnit.objects.get(code=f"municipality-{code}")

    def _appoint_in(
        self,
        code: str,
        name: str,
        number: int,
        *,
        educated_on: dt.date | None = None,
        ends_on: dt.date | None = None,
    ) -> None:
        unit = self._municipality(code)
        given, family = name.rsplit(" ", 1)
        person = register_person(given_name=given, family_name=family)
        employ(
            person,
            unit=unit,
            profession=self.professions["nurse"],
            starts_on=self._ago(600),
            ends_on=ends_on,
            work_phone=f"89 40 00 {number:02}",
        )
        appoint(person, unit=unit, starts_on=self._ago(200), by=None, educated_on=educated_on)

    # --- What they did ------------------------------------------------------------------------------------

    def make_histories(self) -> None:
        """Each according to diligence, in the order of the catalogue, spread over the time since she came."""
        for person, worker, leader in self.histories:
            mine = [
                edition for edition in self.editions if worker.profession in edition.content["professions"]
            ]
            count = round(worker.diligence * len(mine))
            begin, end = worker.days - 10, max(worker.left or 0, 3)
            days = sorted(self.random.sample(range(end, max(begin, end + count + 1)), count), reverse=True)
            days_of = zip(mine, (self._at(ago) for ago in days), strict=False)
            self.learning.complete(person, list(days_of), leader)
        # Lars waits for a confirmation; Mia and Simon, who are new, are in the middle of their first one.
        first = next(edition for edition in self.editions if edition.version.module.code == "M02")
        waiting = enrolment.begin(self.people["Lars Juhl"], edition=first, at=self._at(3))
        self.learning.answer_all(waiting, self._at(3))
        enrolment.finish(waiting, at=self._at(3))
        hand_in(waiting, cast.GOING_ON[0], self._at(2))
        for name in ("Mia Thomsen", "Simon Kold"):
            begun = enrolment.begin(self.people[name], edition=first, at=self._at(1))
            enrolment.leave_step(begun, step=1, at=self._at(1))
            enrolment.open_step(begun, step=2)

        # One of the doctor's own department waits for its key person.
        self._hand_in("Malthe Krag", cast.GOING_ON[1], days_ago=2)

    def _hand_in(self, name: str, going_on: str, *, days_ago: int) -> None:
        """The first module of the catalogue that she or he hasn't begun, with its task handed in."""
        person = self.people[name]
        professions = {job.profession.code for job in person.employments.all()}
        begun = set(person.enrolments.values_list("module", flat=True))
        edition = next(
            edition
            for edition in self.editions
            if professions & set(edition.content["professions"])
            and edition.version.module_id not in begun
            and any(block["kind"] == "practice_task" for block in edition.items.values())
        )
        at = self._at(days_ago)
        going = enrolment.begin(person, edition=edition, at=at)
        at = self.learning.answer_all(going, at)
        enrolment.finish(going, at=at)
        hand_in(going, going_on, at)

    def make_shared(self) -> None:
        """Lars, whose task waits, shares what he thought of and asks the nurse of his team."""
        make_shared(self.people["Lars Juhl"], colleague=self.nurse, at=self._at(2))

    def make_competencies(self) -> None:
        """Silkeborg's key person and one of home care are signed off; the nurse says how far she is."""
        make_signed_off(
            self.people["Lone Bjerre"],
            colleague=self.people["Ida Bro"],
            boss=self.boss,
            leader=self.leader,
            day=self._ago(60),
        )
        make_assessed(self.nurse)

    def make_going(self) -> None:
        """The nurse is in the middle of a module."""
        edition = next(one for one in self.editions if one.version.module.code == "M06")
        going = enrolment.begin(self.nurse, edition=edition, at=self._at(1))
        self.learning.go_on_to(going, 3, going.started_at)

    def make_assignments(self) -> None:
        """The home care's leader asks for three modules: some are done since, some open, one with a line."""
        modules = {edition.version.module.code: edition.version.module for edition in self.editions}
        team = [person for person, worker, boss in self.histories if boss == self.leader and not worker.left]
        for code, people, days_ago, wanted_in, note in (
            ("M04", team, 400, -300, ""),
            ("M12", [self.nurse], 4, None, ""),
            ("M04", [self.assistant, *team[:5]], 10, 21, cast.ASSIGNED_WITH),
        ):
            there = Person.objects.employed_in(OrgUnit.objects.under(self.north), on=self._ago(days_ago))
            assign(
                modules[code],
                to=[person for person in people if person in there],
                unit=self.north,
                by=self.leader,
                wanted_by=None if wanted_in is None else self.day + dt.timedelta(days=wanted_in),
                note=note,
                at=self._at(days_ago),
            )

    def make_advice_cards(self) -> None:
        """The region's card, checked lately; and one of Silkeborg's own that nobody has checked for long."""
        region, silkeborg = OrgUnit.objects.get(code="region-1082"), self._municipality("740")
        for unit, text, name, days_ago in (
            (region, cast.ADVICE_OF_REGION, None, 30),
            (silkeborg, cast.ADVICE_OF_SILKEBORG, "Lone Bjerre", 430),
        ):
            by = self.people[name] if name else None
            write_guide(unit, topic=Topic.ADVICE, text=text, by=by, checked_on=self._ago(days_ago))

    def _at(self, days_ago: int) -> dt.datetime:
        """Some minute of a working day, so many days ago; never in the future."""
        clock = dt.time(self.random.randint(7, 20), self.random.randint(0, 59))
        then = dt.datetime.combine(self._ago(days_ago), clock, ZoneInfo(settings.TIME_ZONE))
        return min(then, timezone.now())


def _address(who: tuple[str, str, str]) -> str:
    return f"{who[0]}@lindra.example"
