"""The level rule against a naive re-statement of it, read straight from the shipped file."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competencies.standing import read_requirements
from organisations.enums import SECTOR_OF_KIND, Role, UnitKind
from organisations.models import Employment, OrgUnit, Profession
from tests.factories.competencies import PROFESSIONS, SHIPPED_DATA, load_framework

DAY = dt.date(2026, 11, 22)
DOMAIN_OF = {row["code"]: row["domain"] for row in SHIPPED_DATA["competencies"]}
EXCEPTIONS = {
    (row["group"], row["competency"]): row["required_level"]
    for row in SHIPPED_DATA["required_level_exceptions"]
}
TASKS = {code for task in SHIPPED_DATA["key_person"]["tasks"] for code in task["competencies_level_3"]}
#: Which group of the file a profession in a sector belongs to, written out by hand.
GROUP_OF = {
    ("nurse", "municipality"): "SPL_KOM",
    ("nurse", "hospital"): "SPL_HOSP",
    ("doctor", "hospital"): "LAEGE_HOSP",
    ("doctor", "general_practice"): "LAEGE_AP",
    **{
        (profession, sector): group
        for profession, group in {
            "sosu_assistant": "SSA",
            "sosu_helper": "SSH",
            "physiotherapist": "FYS",
            "occupational_therapist": "ERG",
            "social_worker": "SOC",
            "psychologist": "PSY",
            "clergy": "PRA",
            "gp_staff": "PKL",
        }.items()
        for sector in ("municipality", "hospital", "general_practice")
    },
}
OVERLAY_OF = {"nurse": "NP_SPL", "doctor": "NP_LAEGE"}

employments = st.lists(
    st.tuples(st.sampled_from(PROFESSIONS), st.sampled_from(UnitKind.values)), max_size=3, unique=True
)
roles = st.sets(st.sampled_from(Role.values), max_size=3)


def naive(competency: str, jobs: list[tuple[str, str]], held: set[str]) -> int:
    """max(group level for the domain, overlay, 3 for a task's), exceptions only without a key-person role."""
    rows = {row["code"]: row for row in SHIPPED_DATA["professional_groups"] + SHIPPED_DATA["role_overlays"]}
    in_line = [(profession, SECTOR_OF_KIND[UnitKind(kind)]) for profession, kind in jobs]
    codes = {GROUP_OF[job] for job in in_line if job in GROUP_OF}
    if "leader" in held and any(sector != "hospice" for _profession, sector in in_line):
        codes.add("LED")
    if "key_person" in held:
        codes |= {OVERLAY_OF[profession] for profession, _sector in in_line if profession in OVERLAY_OF}
    if not codes:
        return 0
    highest = 0
    for code in codes:
        level = rows[code]["required_level_by_domain"][DOMAIN_OF[competency]]
        if "key_person" not in held and (code, competency) in EXCEPTIONS:
            level = EXCEPTIONS[code, competency]
        highest = max(highest, level)
    return max(highest, 3) if "key_person" in held and competency in TASKS else highest


@pytest.mark.django_db
@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(jobs=employments, held=roles)
def test_the_level_rule_is_the_file_s_own(jobs, held, requirements_of_the_file):
    requirements, professions = requirements_of_the_file
    work = [
        Employment(profession=professions[profession], unit=OrgUnit(kind=kind)) for profession, kind in jobs
    ]
    profiles = requirements.profiles_of(work, held)
    assert {
        competency.code: requirements.required(competency, profiles, held)
        for domain in requirements.domains
        for competency in domain.competencies.all()
    } == {code: naive(code, jobs, held) for code in DOMAIN_OF}


@pytest.fixture
def requirements_of_the_file(db):
    load_framework()
    return read_requirements(DAY), {profession.code: profession for profession in Profession.objects.all()}


@pytest.mark.parametrize(
    ("jobs", "held", "competency", "level"),
    [
        pytest.param([("nurse", "team")], set(), "SAM-1", 2, id="a nurse at home"),
        pytest.param([("sosu_assistant", "team")], set(), "SAM-1", 1, id="a SOSU assistant"),
        pytest.param([("sosu_helper", "team")], set(), "IDE-3", 0, id="an exception"),
        pytest.param(
            [("sosu_helper", "team"), ("sosu_assistant", "ward")], set(), "IDE-3", 2, id="two employments"
        ),
        pytest.param([("sosu_helper", "team")], {"key_person"}, "IDE-3", 1, id="a key person, no exception"),
        pytest.param([("sosu_helper", "team")], {"key_person"}, "SAM-3", 3, id="a key person's task"),
        pytest.param([("nurse", "ward")], {"key_person"}, "SYM-1", 2, id="the nurse's overlay"),
        pytest.param([("doctor", "ward")], {"key_person"}, "SYM-1", 3, id="the doctor's overlay"),
        pytest.param([("sosu_helper", "team")], {"leader"}, "IDE-3", 1, id="the leader's own exception"),
        pytest.param([("sosu_helper", "team")], {"leader"}, "SAM-1", 2, id="a leader on top"),
        pytest.param([("sosu_helper", "team")], {"deputy"}, "SAM-1", 1, id="a deputy has no overlay"),
        pytest.param([("nurse", "hospice")], set(), "HEL-1", 0, id="the specialist level is background"),
        pytest.param([("doctor", "team")], set(), "HEL-1", 0, id="no profile for a doctor in a team"),
        pytest.param([], {"leader", "key_person"}, "HEL-1", 0, id="a role rests on an employment"),
    ],
)
def test_the_level_rule_by_hand(requirements_of_the_file, jobs, held, competency, level):
    requirements, professions = requirements_of_the_file
    work = [
        Employment(profession=professions[profession], unit=OrgUnit(kind=kind)) for profession, kind in jobs
    ]
    row = next(
        row for domain in requirements.domains for row in domain.competencies.all() if row.code == competency
    )
    assert requirements.required(row, requirements.profiles_of(work, held), held) == level
    assert naive(competency, jobs, held) == level
