import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certification.domain.key_persons import end_appointment
from certification.domain.reporting import decide_relevance, report_unit
from certification.domain.targets import end_target
from organisations.enums import AreaKind, Role, UnitKind
from tests.factories.certification import TargetFactory, appointed_key_person
from tests.factories.organisations import (
    LONG_AGO,
    AreaFactory,
    AreaMembershipFactory,
    EmploymentFactory,
    GrantFactory,
    OrgUnitFactory,
    ProfessionFactory,
    UserFactory,
)

TODAY = dt.date(2026, 11, 22)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_day():
    with time_machine.travel("2026-11-22 12:00+01:00", tick=False):
        yield


@pytest.fixture
def region():
    return AreaFactory(code="region-midtjylland", name="Region Midtjylland")


def log_in(client, *, role=None, **grant):
    user = UserFactory()
    if role:
        GrantFactory(person=user.person, role=role, **{"unit": None, **grant})
    client.force_login(user)
    return user


@pytest.fixture
def coordinator(client, region):
    return log_in(client, role=Role.COORDINATOR, area=region)


def municipality_in(area, **fields):
    unit = OrgUnitFactory(**fields)
    AreaMembershipFactory(area=area, unit=unit)
    return unit


def index(client, **query):
    return client.get(reverse("reports:coverage"), query)


def page(client, area, **query):
    return client.get(reverse("reports:coverage_area", args=[area.code]), query)


def words(response):
    """What is read on the page, without markup and the figure's data."""
    text = re.sub(r"<script.*?</script>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


# --- Who may see it ---------------------------------------------------------------------------------


def test_nobody_logged_in_is_asked_to_log_in(client, region):
    for response in (index(client), page(client, region)):
        assert (response.status_code, response.url.split("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize("role", [None, Role.LEADER, Role.KEY_PERSON, Role.EDUCATOR, Role.ADMINISTRATOR])
def test_a_nurse_a_leader_a_key_person_an_educator_and_a_units_administrator_get_404(client, region, role):
    unit = municipality_in(region)
    user = log_in(client, role=role, **({} if role in {None, Role.EDUCATOR} else {"unit": unit}))
    EmploymentFactory(person=user.person, unit=unit)
    assert [index(client).status_code, page(client, region).status_code] == [404, 404]


def test_a_coordinator_of_another_area_sees_the_countrys_counts_and_not_the_area(client, region):
    log_in(client, role=Role.COORDINATOR, area=AreaFactory())
    TargetFactory(area=region)
    appointed_key_person(municipality_in(region), given_name="Karen", family_name="Hemmelig")
    country = index(client)
    assert (country.status_code, page(client, region).status_code) == (200, 404)
    assert [row.appointed for row, _link in country.context["rows"]] == [1]
    assert [link for _row, link in country.context["rows"]] == [""]
    assert "Hemmelig" not in country.content.decode()


def test_an_ended_coordinator_gets_404(client, region):
    log_in(client, role=Role.COORDINATOR, area=region, ends_on=TODAY)
    assert [index(client).status_code, page(client, region).status_code] == [404, 404]


def test_an_administrator_of_the_platform_sees_both(client, region):
    log_in(client, role=Role.ADMINISTRATOR)
    assert [index(client).status_code, page(client, region).status_code] == [200, 200]


def test_a_cluster_inside_the_region_is_the_coordinators_and_one_that_reaches_out_is_not(
    client, coordinator, region
):
    inside, across = AreaFactory(kind=AreaKind.CLUSTER), AreaFactory(kind=AreaKind.CLUSTER)
    own = municipality_in(region)
    AreaMembershipFactory(area=inside, unit=own)
    AreaMembershipFactory(area=across, unit=own)
    AreaMembershipFactory(area=across, unit=OrgUnitFactory())
    assert [page(client, inside).status_code, page(client, across).status_code] == [200, 404]


def test_an_area_without_members_is_nobodys_but_its_coordinators(client, coordinator):
    assert page(client, AreaFactory(kind=AreaKind.CLUSTER)).status_code == 404


def test_colleagues_who_are_no_key_persons_are_not_named(client, coordinator, region):
    unit = municipality_in(region)
    TargetFactory(area=region)
    appointed_key_person(unit, given_name="Karen", family_name="Lund")
    EmploymentFactory(unit=unit, person__given_name="Bente", person__family_name="Kollega")
    shown = page(client, region).content.decode()
    assert ("Karen Lund" in shown, "Bente" in shown, "Kollega" in shown) == (True, False, False)


# --- The country ------------------------------------------------------------------------------------


def test_the_country_has_the_map_and_the_same_rows_in_the_table(client, coordinator, region):
    TargetFactory(area=region)
    viborg = municipality_in(region, name="Viborg", municipality_code="791")
    report_unit(viborg, by=None)
    OrgUnitFactory(name="Odense", municipality_code="461")
    response = index(client)
    drawn = {trace["name"]: trace["meta"] for trace in response.context["figure"]["data"]}
    listed = {row.unit.municipality_code: row.status.value for row, _link in response.context["rows"]}
    assert drawn == listed == {"791": "gap", "461": "no_target"}


def test_those_without_a_target_are_folded_away_and_shown_when_asked_for(client, coordinator, region):
    TargetFactory(area=region)
    mine, other = municipality_in(region), OrgUnitFactory(name="Odense")
    response = index(client)
    assert [row.unit for row, _link in response.context["shown"]] == [mine]
    assert [row.unit for row, _link in response.context["folded"]] == [other]
    assert "1 kommune uden vedtaget mål" in words(response)
    asked = index(client, status="no_target")
    assert [row.unit for row, _link in asked.context["shown"]] == [other]
    assert asked.context["folded"] == []


def test_the_coordinator_s_own_region_stands_first_also_without_a_target(client, coordinator, region):
    elsewhere = AreaFactory(name="Region Nordjylland")
    TargetFactory(area=elsewhere)
    other, mine = municipality_in(elsewhere), municipality_in(region)
    response = index(client)
    assert [row.unit for row, _link in response.context["shown"]] == [mine, other]
    assert response.context["folded"] == []


def test_where_no_municipality_has_a_target_all_are_shown(client, coordinator, region):
    municipality_in(region)
    response = index(client)
    assert (len(response.context["shown"]), response.context["folded"]) == (1, [])


def test_the_summary_counts_first(client, coordinator, region):
    TargetFactory(area=region)
    for number in range(4):
        unit = municipality_in(region)
        if number == 0:
            appointed_key_person(unit)
        if number == 1:
            report_unit(unit, by=None)
    OrgUnitFactory()
    response = index(client)
    assert [(status.value, number) for status, number, _url in response.context["legend"]] == [
        ("covered", 1),
        ("at_risk", 0),
        ("gap", 1),
        ("unknown", 2),
        ("no_target", 1),
    ]
    assert len(response.context["summary"]) == 3


def test_those_at_risk_are_said_to_be_among_the_covered_and_the_legend_counts_the_others(
    client, coordinator, region
):
    TargetFactory(area=region)
    appointed_key_person(municipality_in(region))
    leaves = appointed_key_person(municipality_in(region))
    end_appointment(leaves, on=dt.date(2026, 12, 24), by=None)
    response = index(client)
    assert response.context["summary"] == [
        "2 af 2 kommuner er dækket, heraf 1 i risiko inden for 90 dage",
    ]
    said = words(response)
    assert ("Dækket, ikke i risiko: 1" in said, "I risiko: 1" in said) == (True, True)


def test_a_municipality_in_the_coordinators_region_leads_to_its_key_persons(client, coordinator, region):
    target = TargetFactory(area=region)
    unit = municipality_in(region)
    OrgUnitFactory()
    links = {row.unit: link for row, link in index(client).context["rows"]}
    anchor = f"maal-{target.pk}-{unit.public_id}"
    assert links.pop(unit) == f"/daekning/region-midtjylland/?dag=2026-11-22#{anchor}"
    assert list(links.values()) == [""]
    assert f'id="{anchor}"' in page(client, region).content.decode()


def test_a_status_in_the_legend_opens_to_its_municipalities(client, coordinator, region):
    TargetFactory(area=region)
    unknown = municipality_in(region)
    OrgUnitFactory()
    shown = index(client, status="unknown").context["rows"]
    assert [row.unit for row, _link in shown] == [unknown]
    assert len(index(client, status="gap").context["rows"]) == 0
    assert len(index(client, status="nonsense").context["rows"]) == 2


def test_choosing_an_area_leads_to_it_and_keeps_the_day(client, coordinator, region):
    response = index(client, omraade=region.code, dag="2026-12-01")
    assert (response.status_code, response.url) == (302, "/daekning/region-midtjylland/?dag=2026-12-01")


def test_an_area_that_is_not_hers_is_not_among_the_choices_and_leads_nowhere(client, coordinator, region):
    other = AreaFactory(code="region-fjern")
    response = index(client, omraade=other.code)
    assert response.status_code == 200
    assert '<option value="region-fjern"' not in response.content.decode()


# --- The day ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2013-06-01", "2026-11-22", "2027-02-20", "2007-01-01"])
def test_any_day_since_2007_and_90_days_ahead_can_be_asked_for(client, coordinator, region, day):
    for response in (index(client, dag=day), page(client, region, dag=day)):
        assert (response.status_code, response.context["on"]) == (200, dt.date.fromisoformat(day))
        assert response.context["form"].errors == {}


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2027-02-21", "too_far_ahead"),
        ("2006-12-31", "too_early"),
        ("0001-01-01", "too_early"),
        ("9999-12-31", "too_far_ahead"),
        ("2026-02-30", "invalid"),
        ("i morgen", "invalid"),
    ],
)
def test_a_wrong_day_is_said_beside_the_field_and_today_is_shown(client, coordinator, region, day, code):
    for response in (index(client, dag=day), page(client, region, dag=day)):
        assert (response.status_code, response.context["on"]) == (200, TODAY)
        (error,) = response.context["form"].errors.as_data()["dag"]
        assert error.code == code
        assert 'aria-invalid="true"' in response.content.decode()


def test_the_choices_are_the_areas_of_the_day(client, coordinator, region):
    council = AreaFactory(kind=AreaKind.HEALTH_COUNCIL, starts_on=dt.date(2027, 1, 1))
    AreaMembershipFactory(area=council, unit=municipality_in(region))

    def choices(day):
        groups = index(client, dag=day).context["form"].fields["omraade"].choices[1:]
        return [code for _label, group in groups for code, _name in group]

    assert choices("2026-11-22") == [region.code]
    assert choices("2027-01-01") == [region.code, council.code]
    before = page(client, council)
    assert (before.status_code, before.context["exists"]) == (200, False)


# --- An area ----------------------------------------------------------------------------------------


def test_a_row_opens_to_the_key_person_and_how_to_reach_her(client, coordinator, region):
    TargetFactory(area=region)
    unit = municipality_in(region, contact_name="Visitationen", contact_phone="87 87 87 87")
    grant = appointed_key_person(unit, given_name="Karen", family_name="Lund")
    grant.person.employments.update(work_phone="12 34 56 78", work_email="karen@lindra.example")
    shown = page(client, region).content.decode()
    for text in ("Karen Lund", 'href="tel:12345678"', 'href="mailto:karen@lindra.example"', "Visitationen"):
        assert text in shown


def test_a_unit_without_a_key_person_says_what_to_do(client, coordinator, region):
    TargetFactory(area=region)
    report_unit(municipality_in(region), by=None)
    said = words(page(client, region))
    assert "Den, der leder enheden, udpeger en under Mit team." in said
    assert "Bed din administrator om at registrere et." in said
    assert "T1, T2 og så videre er målenes korte navne" in said


def test_who_decides_that_a_department_is_relevant_is_said_where_nobody_has(client, coordinator, region):
    hospital = municipality_in(region, kind=UnitKind.HOSPITAL)
    OrgUnitFactory(kind=UnitKind.DEPARTMENT, parent=hospital)
    TargetFactory(area=region, unit_kind=UnitKind.DEPARTMENT, relevant_only=True)
    said = words(page(client, region))
    assert "afgøres af en administrator i administrationen under Afgørelser om relevans" in said
    assert "Det er ikke afgjort, om enheden er relevant. En administrator afgør det." in said


def test_each_target_stands_with_its_decision_and_year(client, coordinator, region):
    target = TargetFactory(area=region)
    municipality_in(region)
    shown = words(page(client, region))
    assert f"{target.decision_da} (2015)" in shown


def test_gaps_are_listed_and_unknown_units_are_not_among_them(client, coordinator, region):
    TargetFactory(area=region)
    gap, _unknown = municipality_in(region), municipality_in(region)
    report_unit(gap, by=None)
    response = page(client, region)
    assert [(row.unit, row.gap) for row, _missing, _anchor in response.context["gaps"]] == [(gap, 1)]
    assert response.context["unknown"] == 1


def test_where_only_history_exists_no_target_is_adopted_and_the_old_one_is_named(client, coordinator, region):
    target = TargetFactory(area=region, starts_on=dt.date(2016, 1, 1), ends_on=dt.date(2019, 1, 1))
    municipality_in(region)
    response = page(client, region)
    assert (response.context["has_target"], response.context["past_targets"]) == (False, (target,))
    assert target.text_da in words(response)
    then = page(client, region, dag="2017-05-01")
    assert (then.context["has_target"], then.context["past_targets"]) == (True, ())


def test_a_department_says_who_decided_that_it_is_relevant_and_why(client, coordinator, region):
    hospital = municipality_in(region, kind=UnitKind.HOSPITAL)
    department = OrgUnitFactory(kind=UnitKind.DEPARTMENT, parent=hospital)
    TargetFactory(area=region, unit_kind=UnitKind.DEPARTMENT, relevant_only=True)
    decide_relevance(
        department, is_relevant=True, why="Mange med kræft", by=coordinator.person, starts_on=LONG_AGO
    )
    shown = words(page(client, region))
    assert "Mange med kræft" in shown
    assert coordinator.person.full_name in shown


def test_a_disputed_membership_is_said_with_its_source_also_when_it_is_past(client, coordinator, region):
    cluster = AreaFactory(kind=AreaKind.CLUSTER)
    ikast = municipality_in(region, name="Ikast-Brande")
    AreaMembershipFactory(
        area=cluster,
        unit=ikast,
        ends_on=dt.date(2016, 1, 1),
        note="Aftalen har Ikast-Brande i to klynger.",
        source="Sundhedsaftalen 2011–2014, afsnit 7.2",
    )
    shown = words(page(client, cluster))
    assert "Aftalen har Ikast-Brande i to klynger." in shown
    assert "Sundhedsaftalen 2011–2014, afsnit 7.2" in shown


# --- How it is asked --------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["index", "page"])
def test_the_number_of_queries_does_not_grow_with_the_units(client, coordinator, region, address):
    TargetFactory(area=region)
    TargetFactory(area=region, code="T3", unit_kind=UnitKind.DEPARTMENT, relevant_only=True)
    end_target(TargetFactory(area=region, code="T9"), on=TODAY)

    def one_more():
        appointed_key_person(municipality_in(region))
        hospital = municipality_in(region, kind=UnitKind.HOSPITAL)
        department = OrgUnitFactory(kind=UnitKind.DEPARTMENT, parent=hospital)
        appointed_key_person(department, profession=ProfessionFactory(code="doctor").code)
        decide_relevance(department, is_relevant=True, why="Kræft", by=coordinator.person, starts_on=LONG_AGO)
        AreaMembershipFactory(area=AreaFactory(kind=AreaKind.CLUSTER), unit=hospital, note="To klynger")

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            response = index(client) if address == "index" else page(client, region)
        assert response.status_code == 200
        return len(captured)

    one_more()
    queries()
    first = queries()
    one_more()
    one_more()
    assert queries() == first
