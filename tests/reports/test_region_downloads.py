"""A region's tables as files: the same as on the page, and key persons only where she coordinates."""

import datetime as dt

import pytest
from django.urls import reverse

from certification.domain.reporting import report_unit
from organisations.enums import AreaKind, Role, UnitKind
from organisations.models import Disclosure
from tests.factories.certification import TargetFactory, appointed_key_person
from tests.factories.competencies import load_framework
from tests.factories.organisations import (
    AreaFactory,
    AreaMembershipFactory,
    GrantFactory,
    OrgUnitFactory,
    UserFactory,
)
from tests.factories.reports import HANDED_IN, a_team, hand_in_and_confirm, member, publish
from tests.files import KINDS, files, from_csv, from_xlsx, number, queries_of, soup, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def region(noon, client):
    """A region with a covered municipality, one with a gap, an unknown one, and a department."""
    region = AreaFactory(code="region-midtjylland", name="Region Midtjylland")
    TargetFactory(area=region)
    TargetFactory(area=region, code="T3", unit_kind=UnitKind.DEPARTMENT, minimum=2)
    viborg, skive, _favrskov = [municipality(region, name=name) for name in ("Viborg", "Skive", "Favrskov")]
    grant = appointed_key_person(viborg, given_name="Karen", family_name="Lund")
    grant.person.employments.update(work_phone="+45 12 34 56 78", work_email="karen@lindra.example")
    report_unit(skive, by=None)
    hospital = municipality(region, kind=UnitKind.HOSPITAL, name="Regionshospitalet")
    department = OrgUnitFactory(kind=UnitKind.DEPARTMENT, parent=hospital, name="Onkologi")
    appointed_key_person(department, given_name="Dorte", family_name="Dahl")
    client.force_login(coordinator_of(region))
    return region


def municipality(area, **fields):
    unit = OrgUnitFactory(**fields)
    AreaMembershipFactory(area=area, unit=unit)
    return unit


def coordinator_of(area):
    return UserFactory(person=GrantFactory(role=Role.COORDINATOR, unit=None, area=area).person)


def coverage_on_the_page(response):
    """The unit, its numbers and its status, row by row."""
    return [
        [text(row.th.summary or row.th).split(" · ")[0], *(number(cell) for cell in row.find_all("td"))]
        for row in soup(response).select("table.coverage-table tbody tr:not(.coverage-region)")
    ]


@pytest.mark.parametrize(
    "query", [{}, {"status": "gap"}, {"status": "unknown", "dag": "2026-12-01"}, {"status": "at_risk"}]
)
def test_the_country_is_the_same_on_the_page_and_in_the_files(client, region, query):
    OrgUnitFactory(name="Odense")
    page = coverage_on_the_page(client.get(reverse("reports:coverage"), query))
    _header, rows = files(client, "reports:coverage_download", **query)
    assert [row[1:7] for row in rows] == page
    assert len(rows) == {"": 4, "gap": 1, "unknown": 1, "at_risk": 0}[query.get("status", "")]


@pytest.mark.parametrize("day", ["2026-11-22", "2014-06-01", "2027-01-31"])
def test_an_area_is_the_same_on_the_page_and_in_the_files(client, region, day):
    address = reverse("reports:coverage_area", args=[region.code])
    page = coverage_on_the_page(client.get(address, {"dag": day}))
    header, rows = files(client, "reports:coverage_area_download", region.code, dag=day)
    assert [[row[3], *row[5:10]] for row in rows] == page
    assert (header[5:10], len(rows)) == (
        ["Udpeget", "Uddannet", "Nødvendige", "Mangler", "Status"],
        0 if day.startswith("2014") else 4,
    )


def test_the_key_persons_of_an_area_are_the_same_on_the_page_and_in_the_files(client, region):
    page = soup(client.get(reverse("reports:coverage_area", args=[region.code])))
    names = [text(one.strong) for one in page.select(".coverage-people li")]
    _header, rows = files_of_phones(client, region)
    assert [row[2] for row in rows] == names == ["Karen Lund", "Dorte Dahl"]
    assert rows[0][5:7] == ["+45 12 34 56 78", "karen@lindra.example"]
    assert [row[7] for row in rows] == ["Nej", "Nej"]


def files_of_phones(client, region):
    """A telephone number with a plus stands behind an apostrophe in CSV, and in XLSX as it is."""
    address = reverse("reports:coverage_key_persons_download", args=[region.code, "csv"])
    rows = [[cell.removeprefix("'") for cell in row] for row in from_csv(client.get(address).content)]
    assert rows == from_xlsx(client.get(address.replace(".csv", ".xlsx")).content)
    return rows[0], rows[1:]


def test_the_links_keep_the_day_and_the_status(client, region):
    page = soup(client.get(reverse("reports:coverage"), {"dag": "2026-12-01", "status": "gap"}))
    assert [link["href"] for link in page.select(".reports-downloads a")] == [
        f"/daekning/download/kommuner.{kind}?dag=2026-12-01&status=gap" for kind in KINDS
    ]
    page = soup(client.get(reverse("reports:coverage_area", args=[region.code]), {"dag": "2026-12-01"}))
    assert [link["href"] for link in page.select(".reports-downloads a")] == [
        f"/daekning/{region.code}/download/{name}.{kind}?dag=2026-12-01"
        for name in ("daekning", "noeglepersoner")
        for kind in KINDS
    ]


def test_the_file_is_named_after_the_day_that_is_asked_for(client, region):
    response = client.get(reverse("reports:coverage_download", args=["csv"]), {"dag": "2026-12-01"})
    assert (response["Content-Disposition"], response["Cache-Control"]) == (
        'attachment; filename="daekning-2026-12-01.csv"',
        "private, no-store",
    )
    response = client.get(reverse("reports:coverage_area_download", args=[region.code, "xlsx"]))
    assert response["Content-Disposition"] == (
        'attachment; filename="daekning-region-midtjylland-2026-11-22.xlsx"'
    )


@pytest.mark.parametrize("day", ["i morgen", "2006-12-31", "2027-12-31"])
def test_there_is_no_file_of_a_day_that_cannot_be_asked_for(client, region, day):
    addresses = [address for address in region_files(region) if address.endswith("csv")]
    assert [client.get(address, {"dag": day}).status_code for address in addresses] == [404, 404, 404]


def test_there_is_no_file_of_an_area_before_it_was(client, region):
    council = AreaFactory(kind=AreaKind.HEALTH_COUNCIL, starts_on=dt.date(2027, 1, 1))
    client.force_login(coordinator_of(council))
    assert [client.get(address).status_code for address in region_files(council)[2:]] == [404] * 4


# --- Nobody downloads what she may not see ------------------------------------------------------------


def region_files(area):
    """The country's first, then the area's."""
    return [reverse("reports:coverage_download", args=[kind]) for kind in KINDS] + [
        reverse(f"reports:{name}", args=[area.code, kind])
        for name in ("coverage_area_download", "coverage_key_persons_download")
        for kind in KINDS
    ]


@pytest.mark.parametrize("role", [None, Role.LEADER, Role.KEY_PERSON, Role.EDUCATOR, Role.ADMINISTRATOR])
def test_whoever_coordinates_nothing_downloads_no_coverage(client, region, role):
    unit = municipality(region)
    user = UserFactory(person=member(unit, "nurse"))
    if role:
        GrantFactory(person=user.person, role=role, unit=None if role == Role.EDUCATOR else unit)
    client.force_login(user)
    assert [client.get(address).status_code for address in region_files(region)] == [404] * 6


def test_a_coordinator_of_another_area_downloads_the_country_s_counts_and_not_the_area(client, region):
    client.force_login(coordinator_of(AreaFactory()))
    responses = [client.get(address) for address in region_files(region)]
    assert [response.status_code for response in responses] == [200, 200, 404, 404, 404, 404]
    assert "Lund" not in responses[0].content.decode()


@pytest.mark.parametrize("days", [{"ends_on": dt.date(2026, 11, 22)}, {"starts_on": dt.date(2026, 11, 23)}])
def test_a_former_and_a_coming_coordinator_download_nothing(client, region, days):
    grant = GrantFactory(role=Role.COORDINATOR, unit=None, area=region, **days)
    client.force_login(UserFactory(person=grant.person))
    assert [client.get(address).status_code for address in region_files(region)] == [404] * 6


def test_a_superuser_downloads_coverage_by_name_only_as_a_person(client, region):
    client.force_login(UserFactory(person=None, is_superuser=True))
    addresses = region_files(region)
    assert [client.get(address).status_code for address in addresses] == [200] * 4 + [404] * 2
    page = client.get(reverse("reports:coverage_area", args=[region.code])).content.decode()
    assert "noeglepersoner.csv" not in page


def test_whoever_is_no_key_person_is_in_no_file_of_a_region(client, region):
    load_framework()
    team = a_team()
    AreaMembershipFactory(area=region, unit=team.municipality)
    hand_in_and_confirm(team.nurse, publish(), by=team.leader.person)
    content = "".join(
        client.get(address).content.decode() for address in region_files(region) if address.endswith("csv")
    )
    secrets = ["Signe", "Anna", "Hanne", "Lone", "Se det i tide", HANDED_IN, str(team.nurse.pseudonym)]
    assert ["Skive Kommune" in content, *[name for name in secrets if name in content]] == [True]


def test_whoever_is_not_logged_in_is_asked_to(client, region):
    client.logout()
    for address in region_files(region):
        response = client.get(address)
        assert (response.status_code, response["Location"].split("?")[0]) == (302, "/konto/login/")


def test_there_are_no_other_kinds_of_file(client, region):
    addresses = region_files(region)
    wrong = {address.rsplit(".", 1)[0] + ".pdf" for address in addresses}
    assert {client.get(address).status_code for address in wrong} == {404}
    assert {client.post(address).status_code for address in addresses} == {405}
    assert list(Disclosure.objects.all()) == []


# --- What is noted, and what is asked -----------------------------------------------------------------


def test_key_persons_can_see_who_downloaded_them_and_counts_are_noted_nowhere(client, region):
    coordinator = coordinator_of(region)
    client.force_login(coordinator)
    for address in region_files(region)[::2]:
        client.get(address)
    assert set(Disclosure.objects.values_list("viewer", "subject__given_name", "what", "rows")) == {
        (coordinator.person.pk, name, "key_persons_file", 2) for name in ("Karen", "Dorte")
    }


@pytest.mark.parametrize("which", range(6))
def test_a_region_s_files_ask_as_often_for_three_units_as_for_one(client, region, which):
    address = region_files(region)[which]
    first = queries_of(client, address)
    for _one in range(2):
        appointed_key_person(municipality(region))
    assert queries_of(client, address) == first
