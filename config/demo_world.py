"""The demo: a small world of made-up people in real places, made through the domain functions.

It stands in `config` because it needs every room. Dates are relative to the day it is made on.
"""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from wagtail.models import Locale

from certification.domain.key_persons import appoint
from certification.domain.reporting import decide_relevance, report_unit
from certification.domain.targets import Decision, adopt_target
from certification.models import Target
from content.domain.publishing import newest_edition
from content.models import ModulePage
from courses.domain import answers, enrolment, free_text, practice
from courses.models import Enrolment, ItemSubmission
from organisations.days import today
from organisations.domain.employments import employ
from organisations.domain.grants import grant_role
from organisations.domain.groups import sync_all_groups
from organisations.domain.people import create_login, register_person
from organisations.domain.units import create_unit, place_unit
from organisations.enums import Role, UnitKind
from organisations.models import Area, OrgUnit, Person, Profession, User

from .demo import PASSWORD

AREA = "region-midtjylland"

#: Who can log in: the part of the address before the at sign, and the name.
NURSE = ("sygeplejerske", "Mette", "Holm")
ASSISTANT = ("sosu", "Amina", "Hassan")
DOCTOR = ("laege", "Jonas", "Friis")
EDUCATOR = ("underviser", "Sofie", "Dahl")
LEADER = ("leder", "Karen", "Lund")
COORDINATOR = ("region", "Birgitte", "Krogh")
ADMINISTRATOR = ("admin", "Henrik", "Bang")

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
    return User.objects.filter(email=_address(NURSE)).exists()


@transaction.atomic
def make() -> None:
    """Make the demo's world. Raises NotReady before the reference data, framework and modules are loaded."""
    page = ModulePage.objects.filter(code="M02", locale=Locale.get_default(), live=True).first()
    if page is None or not Area.objects.filter(code=AREA).exists():
        raise NotReady(
            "Load the reference data, the framework and the modules first: make run does it in order."
        )
    world = _World()
    world.adopt_targets()
    world.make_home_care()
    world.make_hospital()
    world.make_region()
    world.make_other_municipalities()
    world.make_histories(page)
    sync_all_groups()


class _World:
    def __init__(self) -> None:
        self.day = today()
        self.professions = {profession.code: profession for profession in Profession.objects.all()}
        self.area = Area.objects.get(code=AREA)
        self.people: dict[str, Person] = {}

    def _ago(self, days: int) -> dt.date:
        return self.day - dt.timedelta(days=days)

    def _employ(self, given: str, family: str, profession: str, unit: OrgUnit, **fields: Any) -> Person:
        person = register_person(given_name=given, family_name=family)
        employ(
            person,
            unit=unit,
            profession=self.professions[profession],
            **{"starts_on": self._ago(500), **fields},
        )
        self.people[f"{given} {family}"] = person
        return person

    def _with_login(self, who: tuple[str, str, str], profession: str, unit: OrgUnit, **fields: Any) -> Person:
        person = self._employ(who[1], who[2], profession, unit, **fields)
        create_login(person, email=_address(who), password=PASSWORD)
        return person

    # --- Targets --------------------------------------------------------------------------------------

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

    # --- Places and people ------------------------------------------------------------------------------

    def make_home_care(self) -> None:
        """Home care in Viborg: a district with two teams. Nobody has been appointed yet."""
        municipality = OrgUnit.objects.get(code="municipality-791")
        district = self._unit("viborg-hjemmepleje-nord", UnitKind.DISTRICT, "Hjemmeplejen Nord", municipality)
        first = self._unit("viborg-team-noerresoe", UnitKind.TEAM, "Team Nørresø", district)
        second = self._unit("viborg-team-asmild", UnitKind.TEAM, "Team Asmild", district)
        leader = self._with_login(LEADER, "nurse", district)
        grant_role(leader, role=Role.LEADER, unit=district, starts_on=self._ago(400))
        self._with_login(
            NURSE, "nurse", first, work_phone="87 87 00 01", work_email="mette.holm@lindra.example"
        )
        self._with_login(ASSISTANT, "sosu_assistant", first)
        self._employ("Tove", "Kjær", "sosu_assistant", first)
        self._employ("Lars", "Juhl", "sosu_helper", first)
        self._employ("Ida", "Skov", "nurse", second)
        self._employ("Peter", "Mose", "physiotherapist", second, starts_on=self._ago(40))
        self._employ("Hanne", "Bro", "sosu_helper", second)
        report_unit(municipality, by=leader, as_of=self._ago(30), note="Ingen nøgleperson er udpeget endnu.")
        self.leader = leader

    def make_hospital(self) -> None:
        """One department in Viborg that is decided to be relevant, with a leader and a key doctor."""
        department = OrgUnit.objects.get(name="Klinik for Nyresygdomme Viborg")
        doctor = self._with_login(
            DOCTOR, "doctor", department, work_phone="78 44 00 01", work_email="jonas.friis@lindra.example"
        )
        chief = self._employ("Anne", "Vad", "nurse", department)
        grant_role(chief, role=Role.LEADER, unit=department, starts_on=self._ago(300))
        self._employ("Jens", "Toft", "nurse", department)
        decide_relevance(
            department,
            is_relevant=True,
            why="Mange patienter med livstruende nyresygdom",
            by=chief,
            starts_on=self._ago(300),
        )
        appoint(doctor, unit=department, starts_on=self._ago(120), by=chief)

    def make_region(self) -> None:
        region = OrgUnit.objects.get(code="region-1082")
        coordinator = self._with_login(COORDINATOR, "nurse", region)
        grant_role(coordinator, role=Role.COORDINATOR, area=self.area, starts_on=self._ago(400))
        administrator = self._with_login(ADMINISTRATOR, "nurse", region)
        grant_role(administrator, role=Role.ADMINISTRATOR, starts_on=self._ago(400))
        educator = self._with_login(EDUCATOR, "nurse", region)
        grant_role(educator, role=Role.EDUCATOR, starts_on=self._ago(400))

    def make_other_municipalities(self) -> None:
        """One that is covered, one whose key person leaves soon, one that has reported none."""
        aarhus = OrgUnit.objects.get(code="municipality-751")
        kirsten = self._employ("Kirsten", "Bak", "nurse", aarhus, work_phone="89 40 00 01")
        appoint(
            kirsten,
            unit=aarhus,
            starts_on=self._ago(200),
            by=None,
            educated_on=self._ago(260),
            provider="Aarhus Universitetshospital",
        )
        horsens = OrgUnit.objects.get(code="municipality-615")
        ole = self._employ("Ole", "Riis", "nurse", horsens, ends_on=self.day + dt.timedelta(days=45))
        appoint(ole, unit=horsens, starts_on=self._ago(200), by=None)
        report_unit(
            OrgUnit.objects.get(code="municipality-730"),
            by=None,
            as_of=self._ago(60),
            note="Den tidligere nøgleperson er fratrådt.",
        )

    # --- What they did ----------------------------------------------------------------------------------

    def make_histories(self, page: ModulePage) -> None:
        """Tove has finished and is confirmed, Lars waits for a confirmation, Ida is in the middle."""
        edition = newest_edition(page)
        if edition is None:
            raise NotReady("The module M02 isn't published.")
        tove, lars, ida = (self.people[name] for name in ("Tove Kjær", "Lars Juhl", "Ida Skov"))
        finished = enrolment.begin(tove, edition=edition)
        self._take(finished, wrong_first=True)
        submission = self._hand_in(finished, "Vi aftalte at ringe til sygeplejersken inden middag.")
        practice.confirm(submission, by=self.leader)
        waiting = enrolment.begin(lars, edition=edition)
        self._take(waiting)
        self._hand_in(waiting, "Jeg skrev ned i en uge. Sygeplejersken og jeg taler om det fredag.")
        middle = enrolment.begin(ida, edition=edition)
        enrolment.leave_step(middle, step=1)
        enrolment.open_step(middle, step=2)

    def _take(self, going: Enrolment, *, wrong_first: bool = False) -> None:
        edition = going.edition
        for item, grading in edition.grading.items():
            right = grading["correct"][0]
            options = [option["id"] for option in edition.items[item]["options"]]
            tries = [next(option for option in options if option != right), right] if wrong_first else [right]
            for response in tries:
                answers.answer(going, item=item, response=response, token=uuid.uuid4())
            wrong_first = False
        for step in range(1, len(edition.steps) + 1):
            enrolment.leave_step(going, step=step)
        enrolment.finish(going)

    def _hand_in(self, going: Enrolment, text: str) -> ItemSubmission:
        item = next(item for item, block in going.edition.items.items() if block["kind"] == "practice_task")
        free_text.write(going, item=item, text=text)
        return ItemSubmission.objects.get(enrolment=going, item=item)

    def _unit(self, code: str, kind: UnitKind, name: str, parent: OrgUnit) -> OrgUnit:
        unit = create_unit(code=code, kind=kind, name=name)
        place_unit(unit, parent=parent, starts_on=self._ago(1000))
        return unit


def _address(who: tuple[str, str, str]) -> str:
    return f"{who[0]}@lindra.example"
