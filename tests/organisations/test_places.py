"""In the back office a unit is moved, and its places are ended, corrected and taken back."""

import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from organisations import rules
from organisations.domain import units
from organisations.enums import Role, UnitKind
from organisations.models import OrgUnit, PendingPerson, UnitParent
from tests.factories.organisations import (
    LONG_AGO,
    EmploymentFactory,
    GrantFactory,
    OrgUnitFactory,
    UnitParentFactory,
    UserFactory,
    log_in,
)
from tests.files import queries_of, soup, text

pytestmark = pytest.mark.django_db


def in_days(number):
    return timezone.localdate() + dt.timedelta(days=number)


@pytest.fixture
def place():
    """Odder with two districts and a team in the first; Samsø with a district and a team."""

    class Place:
        odder = OrgUnitFactory(name="Odder")
        north = OrgUnitFactory(name="Nord", kind=UnitKind.DISTRICT, parent=odder)
        south = OrgUnitFactory(name="Syd", kind=UnitKind.DISTRICT, parent=odder)
        team = OrgUnitFactory(name="Team Odder", kind=UnitKind.TEAM, parent=north)
        samsoe = OrgUnitFactory(name="Samsø")
        island = OrgUnitFactory(name="Øen", kind=UnitKind.DISTRICT, parent=samsoe)
        stranger = OrgUnitFactory(name="Team Samsø", kind=UnitKind.TEAM, parent=island)

    return Place


@pytest.fixture
def administrator(client, place):
    """She runs Odder."""
    return log_in(client, role=Role.ADMINISTRATOR, unit=place.odder)


@pytest.fixture
def runner(client):
    """She runs the whole platform."""
    return log_in(client, role=Role.ADMINISTRATOR)


def address(view, unit, link=None):
    return reverse(f"orgunit:{view}", args=[unit.pk, link.pk] if link else [unit.pk])


def send(client, view, unit, link=None, **data):
    """The form as she sends it first, to see what follows."""
    return client.post(address(view, unit, link), data)


def confirm(client, view, unit, link=None, **data):
    """And again with what she has seen. The answer to the second sending."""
    seen = send(client, view, unit, link, **data)
    assert seen.status_code == 200
    token = soup(seen).find("input", {"name": "seen"})
    assert token, seen.context["form"].errors
    return client.post(address(view, unit, link), {**data, "seen": token["value"]})


def places(unit):
    return list(unit.parent_links.order_by("starts_on").values_list("parent__name", "starts_on", "ends_on"))


def refusals(response):
    return {
        field: [error["code"] for error in errors]
        for field, errors in response.context["form"].errors.get_json_data().items()
    }


def said(response):
    return text(soup(response).find("main") or soup(response))


def history(client, unit):
    return [
        (entry.user, str(entry.message))
        for entry in client.get(reverse("orgunit:history", args=[unit.pk])).context["object_list"]
    ]


# --- The list ---------------------------------------------------------------------------------------------


def test_the_page_of_a_unit_lists_its_places_the_newest_first(client, place, administrator):
    units.move_unit(place.team, parent=place.south, on=in_days(-10))
    units.move_unit(place.team, parent=place.odder, on=in_days(10))
    table = soup(client.get(address("edit", place.team))).find("table", class_="listing")
    rows = [[text(cell) for cell in row.find_all(["th", "td"])] for row in table.tbody.find_all("tr")]
    assert [row[0] for row in rows] == ["Odder Kommende", "Syd I dag", "Nord"]
    assert rows[0][2] == "Ingen kendt slutdato"
    assert [row[3] for row in rows] == ["Ret Fortryd", "Ret", "Ret"]


def test_where_a_unit_came_from_is_shown_and_is_not_hers_to_change(client, place, administrator):
    units.move_unit(place.stranger, parent=place.north, on=in_days(-10))
    page = soup(client.get(address("edit", place.stranger)))
    rows = [text(row) for row in page.find("table", class_="listing").tbody.find_all("tr")]
    assert [("Øen" in row, "Ret" in row) for row in rows] == [(False, True), (True, False)]
    assert address("edit", place.island) not in str(page)


def test_her_own_top_is_not_hers_to_move(client, place):
    log_in(client, role=Role.ADMINISTRATOR, unit=place.team)
    content = said(client.get(address("edit", place.team)))
    assert "Du administrerer ikke Nord" in content
    for view in ("move", "end_place"):
        assert client.get(address(view, place.team)).status_code == 404
        assert send(client, view, place.team, on=in_days(1), parent=place.team.pk).status_code == 404
    link = place.team.parent_links.get()
    assert client.get(address("correct_place", place.team, link)).status_code == 404


def test_a_municipality_is_told_that_it_lies_under_nothing(client, place, runner):
    page = client.get(address("edit", place.odder))
    assert "Ligger ikke under nogen anden enhed" in said(page)
    assert address("move", place.odder) not in page.content.decode()


def test_a_page_takes_the_same_number_of_queries_with_one_place_and_with_three(client, place, administrator):
    address_of_page = address("edit", place.team)
    few = queries_of(client, address_of_page)
    units.move_unit(place.team, parent=place.south, on=in_days(-10))
    units.move_unit(place.team, parent=place.odder, on=in_days(10))
    assert queries_of(client, address_of_page) == few


def test_the_unit_is_still_edited_on_its_page(client, place, administrator):
    response = client.post(address("edit", place.team), {"name": "Team Odder Øst"})
    assert response.status_code == 302
    place.team.refresh_from_db()
    assert place.team.name == "Team Odder Øst"
    assert places(place.team) == [("Nord", LONG_AGO, None)]


# --- Moving -----------------------------------------------------------------------------------------------


def test_a_unit_is_moved_once_what_follows_has_been_seen(client, place, administrator):
    day = in_days(30)
    first = send(client, "move", place.team, parent=place.south.pk, on=day)
    assert places(place.team) == [("Nord", LONG_AGO, None)]
    assert ModelLogEntry.objects.count() == 0
    assert "ligger Team Odder under Syd i stedet for under Nord" in said(first)
    response = confirm(client, "move", place.team, parent=place.south.pk, on=day)
    assert (response.status_code, response["Location"]) == (302, address("edit", place.team))
    assert places(place.team) == [("Nord", LONG_AGO, day), ("Syd", day, None)]
    assert OrgUnit.objects.under(place.north, on=in_days(29)).contains(place.team)
    assert OrgUnit.objects.under(place.south, on=day).contains(place.team)
    assert not OrgUnit.objects.under(place.north, on=day).contains(place.team)
    assert OrgUnit.objects.under(place.odder, on=day).contains(place.team)


def test_another_choice_than_the_one_seen_is_shown_anew(client, place, administrator):
    seen = soup(send(client, "move", place.team, parent=place.south.pk, on=in_days(30)))
    token = seen.find("input", {"name": "seen"})["value"]
    data = {"parent": place.odder.pk, "on": in_days(30), "seen": token}
    response = client.post(address("move", place.team), data)
    assert "under Odder i stedet for under Nord" in said(response)
    assert places(place.team) == [("Nord", LONG_AGO, None)]


def test_who_sees_the_people_changes_from_the_day_on(client, place, administrator):
    old, new = (log_in_of(unit) for unit in (place.north, place.south))
    nurse = EmploymentFactory(unit=place.team).person
    confirm(client, "move", place.team, parent=place.south.pk, on=in_days(0))
    assert list(rules.people_in_line(old)) == []
    assert list(rules.people_in_line(new)) == [nurse]
    assert rules.leads_units(old, on=in_days(-1)).contains(place.team)


def log_in_of(unit):
    user = UserFactory()
    GrantFactory(person=user.person, role=Role.LEADER, unit=unit)
    return user


def test_what_follows_is_said_in_counts_and_without_names(client, place, administrator):
    district = OrgUnitFactory(name="Øst", kind=UnitKind.DISTRICT)
    units.place_unit(district, parent=place.odder, starts_on=LONG_AGO)
    EmploymentFactory(unit=place.team, person__given_name="Anna")
    EmploymentFactory(unit=place.team, person__given_name="Birgit")
    GrantFactory(unit=place.north, person__given_name="Connie")
    GrantFactory(unit=place.odder, person__given_name="Dorte")
    GrantFactory(unit=district, role=Role.DEPUTY, person__given_name="Else")
    content = said(send(client, "move", place.team, parent=district.pk, on=in_days(1)))
    for sentence in (
        "Ingen enhed ligger under den.",
        "2 personer arbejder der den dag.",
        "Ledere og stedfortrædere, der ser personalet: 2, som det er nu, og 2 derefter.",
        "1 ser det ikke længere. 1 kommer til at se det.",
    ):
        assert sentence in content
    for name in ("Anna", "Birgit", "Connie", "Dorte", "Else"):
        assert name not in content


def test_a_move_leaves_what_is_recorded_for_later(client, place, administrator):
    units.move_unit(place.team, parent=place.odder, on=in_days(90))
    first = send(client, "move", place.team, parent=place.south.pk, on=in_days(30))
    assert "Det gælder til" in said(first)
    confirm(client, "move", place.team, parent=place.south.pk, on=in_days(30))
    assert places(place.team) == [
        ("Nord", LONG_AGO, in_days(30)),
        ("Syd", in_days(30), in_days(90)),
        ("Odder", in_days(90), None),
    ]


def test_a_unit_without_a_place_is_given_one(client, place, runner):
    team = OrgUnitFactory(name="Nyt team", kind=UnitKind.TEAM)
    assert "Giv den en plads" in said(client.get(address("edit", team)))
    confirm(client, "move", team, parent=place.samsoe.pk, on=in_days(0))
    assert places(team) == [("Samsø", in_days(0), None)]


def test_a_unit_moves_under_one_that_is_still_to_come(client, place, runner):
    begins = in_days(60)
    new = OrgUnitFactory(name="Region Østdanmark", kind=UnitKind.REGION, starts_on=begins)
    hospital = OrgUnitFactory(kind=UnitKind.HOSPITAL, parent=OrgUnitFactory(kind=UnitKind.REGION))
    early = send(client, "move", hospital, parent=new.pk, on=in_days(59))
    assert refusals(early) == {"__all__": ["not_yet"]}
    assert confirm(client, "move", hospital, parent=new.pk, on=begins).status_code == 302
    assert OrgUnit.objects.under(new, on=begins).contains(hospital)


@pytest.mark.parametrize(
    ("parent", "day", "code"),
    [
        ("north", 1, {"__all__": ["same"]}),
        ("island", 1, {"parent": ["invalid_choice"]}),
        ("stranger", 1, {"parent": ["invalid_choice"]}),
        ("", 1, {"parent": ["required"]}),
        ("south", None, {"on": ["required"]}),
        ("south", "i morgen", {"on": ["invalid"]}),
        ("south", "0001-01-01", {"on": ["min_value"]}),
    ],
)
def test_a_refusal_is_shown_and_nothing_is_lost(client, place, administrator, parent, day, code):
    chosen = getattr(place, parent).pk if parent else ""
    when = in_days(day).isoformat() if isinstance(day, int) else day or ""
    response = send(client, "move", place.team, parent=chosen, on=when)
    assert response.status_code == 200
    assert refusals(response) == code
    assert soup(response).find("input", {"name": "on"}).get("value", "") == when
    assert not soup(response).find("input", {"name": "seen"})
    assert places(place.team) == [("Nord", LONG_AGO, None)]


def test_what_somebody_else_did_meanwhile_is_a_refusal_too(client, place, administrator):
    data = {"parent": place.south.pk, "on": in_days(1)}
    seen = soup(send(client, "move", place.team, **data)).find("input", {"name": "seen"})["value"]
    units.move_unit(place.team, parent=place.south, on=in_days(0))
    response = client.post(address("move", place.team), {**data, "seen": seen})
    assert refusals(response) == {"__all__": ["same"]}
    assert len(places(place.team)) == 2
    assert ModelLogEntry.objects.count() == 0


def test_a_refused_parent_is_sent_back_without_its_name(client, place, administrator):
    response = send(client, "move", place.team, parent=place.island.pk, on=in_days(1))
    assert "Øen" not in response.content.decode()


def test_only_fitting_kinds_are_offered_and_taken(client, place, runner):
    response = send(client, "move", place.north, parent=place.island.pk, on=in_days(1))
    assert refusals(response) == {"parent": ["invalid_choice"]}
    chooser = re.search(r"/cms/parent_chooser/\?kind=district", response.content.decode())
    found = client.get(chooser[0]).context["results"]
    assert {str(unit) for unit in found} == {"Odder", "Samsø"}
    # The search sends what stands in its form, and nothing of its address.
    window = BeautifulSoup(client.get(chooser[0]).json()["html"], "html.parser")
    sent = {field["name"]: field["value"] for field in window.select("input[value]")}
    found = client.get("/cms/parent_chooser/results/", {**sent, "q": "s"}).context["results"]
    assert {str(unit) for unit in found} == {"Samsø"}
    assert list(client.get("/cms/parent_chooser/").context["results"]) == []


def test_what_somebody_else_administers_is_found_by_no_search_for_a_parent(client, place, administrator):
    for view in ("choose", "choose_results"):
        response = client.get(reverse(f"parent_chooser:{view}"), {"kind": "team"})
        assert {str(unit) for unit in response.context["results"]} == {"Odder", "Nord", "Syd"}
    assert client.get(reverse("parent_chooser:chosen", args=[place.island.pk])).status_code == 404


# --- What isn't hers ----------------------------------------------------------------------------------------


def test_another_municipality_s_units_are_out_of_reach(client, place, administrator):
    link = place.stranger.parent_links.get()
    units.end_place(place.stranger, on=in_days(10))
    coming = units.place_unit(place.stranger, parent=place.samsoe, starts_on=in_days(20))
    before = places(place.stranger)
    for view in ("move", "end_place"):
        assert client.get(address(view, place.stranger)).status_code == 404
        response = send(client, view, place.stranger, parent=place.north.pk, on=in_days(1), seen="x")
        assert response.status_code == 404
    for view, row in (("correct_place", link), ("reopen_place", link), ("withdraw_place", coming)):
        for unit in (place.stranger, place.team):
            assert client.get(address(view, unit, row)).status_code == 404
            assert send(client, view, unit, row, parent=place.north.pk, seen="x").status_code == 404
    assert places(place.stranger) == before
    assert ModelLogEntry.objects.count() == 0


@pytest.mark.parametrize("role", [Role.LEADER, Role.KEY_PERSON, Role.LOCAL_EDITOR])
def test_nobody_but_an_administrator(client, place, role):
    log_in(client, role=role, unit=place.odder)
    for view in ("move", "end_place"):
        assert client.get(address(view, place.team)).status_code in {302, 403}
        assert send(client, view, place.team, parent=place.south.pk, on=in_days(1)).status_code in {302, 403}
    assert places(place.team) == [("Nord", LONG_AGO, None)]


def test_a_day_on_which_the_unit_lay_elsewhere_is_not_hers(client, place, administrator):
    units.move_unit(place.stranger, parent=place.north, on=in_days(-10))
    before = places(place.stranger)
    response = send(client, "move", place.stranger, parent=place.south.pk, on=in_days(-20))
    assert list(refusals(response)) == ["on"]
    assert list(refusals(send(client, "end_place", place.stranger, on=in_days(-20)))) == ["on"]
    assert places(place.stranger) == before
    for link in place.stranger.parent_links.filter(parent=place.island):
        assert client.get(address("correct_place", place.stranger, link)).status_code == 404


def test_a_move_away_that_others_have_planned_is_not_hers_to_take_back(client, place, administrator):
    coming = units.move_unit(place.team, parent=place.samsoe, on=in_days(10))
    assert client.get(address("withdraw_place", place.team, coming)).status_code == 404
    assert list(refusals(send(client, "move", place.team, parent=place.south.pk, on=in_days(20)))) == ["on"]
    assert len(places(place.team)) == 2


@pytest.mark.parametrize("role", [Role.LEADER, Role.DEPUTY, Role.KEY_PERSON])
def test_nobody_moves_people_under_her_own_role(client, place, administrator, role):
    GrantFactory(person=administrator.person, role=role, unit=place.south)
    link = place.team.parent_links.get()
    for view, row, data in (("move", None, {"on": in_days(1)}), ("correct_place", link, {})):
        response = send(client, view, place.team, row, parent=place.south.pk, **data)
        assert list(refusals(response)) == ["parent"]
    assert places(place.team) == [("Nord", LONG_AGO, None)]
    # Whom she reaches already, she may move among her units.
    GrantFactory(person=administrator.person, role=role, unit=place.odder)
    assert confirm(client, "move", place.team, parent=place.south.pk, on=in_days(1)).status_code == 302


# --- Ending, correcting, taking back ------------------------------------------------------------------------


def test_a_place_is_ended_from_a_day_with_a_warning(client, place, administrator):
    assert "Fra den dag ligger enheden ikke under noget" in said(client.get(address("end_place", place.team)))
    first = send(client, "end_place", place.team, on=in_days(30))
    assert "har Team Odder ingen plads. Som det er nu, ligger den under Nord den dag." in said(first)
    assert "Ingen leder enheden" in said(first)
    response = confirm(client, "end_place", place.team, on=in_days(30))
    assert (response.status_code, response["Location"]) == (302, address("edit", place.team))
    assert places(place.team) == [("Nord", LONG_AGO, in_days(30))]
    assert not OrgUnit.objects.under(place.odder, on=in_days(30)).contains(place.team)
    again = send(client, "end_place", place.team, on=in_days(30))
    assert list(refusals(again)) == ["on"]


def test_whoever_ends_a_place_today_no_longer_finds_the_unit(client, place, administrator):
    response = confirm(client, "end_place", place.team, on=in_days(0))
    assert response["Location"] == reverse("orgunit:index")
    assert client.get(address("edit", place.team)).status_code == 404


def test_there_is_no_place_to_end_before_the_first(client, place, administrator):
    response = send(client, "end_place", place.team, on=LONG_AGO)
    assert refusals(response) == {"__all__": ["no_place"]}
    assert "har ingen plads i organisationen" in said(response)


def test_an_end_is_taken_back(client, place, administrator):
    link = units.end_place(place.team, on=in_days(30))
    assert "Fortryd slutdatoen" in said(client.get(address("edit", place.team)))
    assert "ligger Team Odder under Nord. Som det er nu, har den ingen plads den dag." in said(
        client.get(address("reopen_place", place.team, link))
    )
    assert confirm(client, "reopen_place", place.team, link).status_code == 302
    assert places(place.team) == [("Nord", LONG_AGO, None)]
    assert refusals(client.post(address("reopen_place", place.team, link), {})) == {"__all__": ["goes_on"]}


def test_a_coming_place_is_taken_back_and_the_one_before_goes_on(client, place, administrator):
    coming = units.move_unit(place.team, parent=place.south, on=in_days(30))
    assert "under Nord i stedet for under Syd" in said(
        client.get(address("withdraw_place", place.team, coming))
    )
    assert places(place.team)[1] == ("Syd", in_days(30), None)
    assert confirm(client, "withdraw_place", place.team, coming).status_code == 302
    assert places(place.team) == [("Nord", LONG_AGO, None)]
    assert OrgUnit.objects.under(place.north, on=in_days(30)).contains(place.team)
    assert units.rebuild_ancestry() == 0


def test_what_has_begun_is_not_taken_back(client, place, administrator):
    link = place.team.parent_links.get()
    assert refusals(send(client, "withdraw_place", place.team, link)) == {"__all__": ["begun"]}
    assert places(place.team) == [("Nord", LONG_AGO, None)]


def test_a_place_that_named_the_wrong_parent_is_corrected_on_all_its_days(client, place, administrator):
    units.move_unit(place.team, parent=place.odder, on=in_days(-10))
    link = place.team.parent_links.get(parent=place.north)
    assert refusals(send(client, "correct_place", place.team, link, parent=place.north.pk)) == {
        "__all__": ["same"]
    }
    assert confirm(client, "correct_place", place.team, link, parent=place.south.pk).status_code == 302
    assert places(place.team) == [("Syd", LONG_AGO, in_days(-10)), ("Odder", in_days(-10), None)]
    assert OrgUnit.objects.under(place.south, on=in_days(-11)).contains(place.team)
    assert client.get(address("correct_place", place.team, link)).status_code == 404
    assert UnitParent.objects.filter(is_by_hand=True).count() == 1


# --- What is kept of it, and what waits -------------------------------------------------------------------


def test_every_change_stands_in_the_history_with_who_and_what(client, place, administrator):
    link = place.team.parent_links.get()
    confirm(client, "correct_place", place.team, link, parent=place.odder.pk)
    confirm(client, "move", place.team, parent=place.north.pk, on=dt.date(2016, 3, 1))
    confirm(client, "end_place", place.team, on=dt.date(2090, 1, 1))
    ended = place.team.parent_links.get(parent=place.north)
    confirm(client, "reopen_place", place.team, ended)
    confirm(client, "move", place.team, parent=place.south.pk, on=dt.date(2090, 1, 1))
    confirm(client, "withdraw_place", place.team, place.team.parent_links.get(parent=place.south))
    entries = history(client, place.team)
    assert {user for user, _said in entries} == {administrator}
    assert [sentence for _user, sentence in reversed(entries)] == [
        "Rettet: ligger under Odder fra den 1. januar 2015 og har aldrig ligget under Nord",
        "Flyttet: ligger under Nord fra den 1. marts 2016",
        "Ligger ikke længere under Nord fra den 1. januar 2090",
        "Fortrudt: slutdatoen den 1. januar 2090 for pladsen under Nord",
        "Flyttet: ligger under Syd fra den 1. januar 2090",
        "Fortrudt: pladsen under Syd fra den 1. januar 2090",
    ]


def test_a_refused_or_only_looked_at_change_stands_in_no_history(client, place, administrator):
    send(client, "move", place.team, parent=place.south.pk, on=in_days(1))
    send(client, "move", place.team, parent=place.north.pk, on=in_days(1))
    assert history(client, place.team) == []


def test_a_move_leaves_nobody_waiting(client, place, administrator):
    """No stage asks where a unit lies (`test_places_and_stages.py`): so nobody needs to be recomputed."""
    EmploymentFactory(unit=place.team)
    PendingPerson.objects.all().delete()
    confirm(client, "move", place.team, parent=place.south.pk, on=in_days(0))
    assert PendingPerson.objects.count() == 0


def test_one_unit_s_place_is_not_changed_on_another_s_page(client, place, administrator):
    link = UnitParentFactory(unit=OrgUnitFactory(kind=UnitKind.TEAM), parent=place.north)
    assert client.get(address("correct_place", place.team, link)).status_code == 404
