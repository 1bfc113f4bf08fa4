import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisations.enums import AreaKind, Role, UnitKind
from organisations.models import Area, Employment, OrgUnit, PendingPerson, Person, Profession, RoleGrant
from tests.factories.organisations import (
    LONG_AGO,
    AreaFactory,
    EmploymentFactory,
    GrantFactory,
    OrgUnitFactory,
    PersonFactory,
    ProfessionFactory,
    log_in,
)

pytestmark = pytest.mark.django_db

MODELS = [Person, OrgUnit, Employment, RoleGrant, Profession, Area]


def address(model, view="index", *args):
    return reverse(f"{model._meta.model_name}:{view}", args=args)


@pytest.fixture
def administrator(client):
    return log_in(client, role=Role.ADMINISTRATOR)


@pytest.fixture
def place():
    """Two municipalities with a team each, and a nurse in each team."""

    class Place:
        own = OrgUnitFactory(name="Odder")
        own_team = OrgUnitFactory(name="Team Odder", kind=UnitKind.TEAM, parent=own)
        other = OrgUnitFactory(name="Samsø")
        other_team = OrgUnitFactory(name="Team Samsø", kind=UnitKind.TEAM, parent=other)
        own_nurse = EmploymentFactory(unit=own_team, person__given_name="Anna")
        other_nurse = EmploymentFactory(unit=other_team, person__given_name="Birgit")

    return Place


@pytest.fixture
def unit_administrator(client, place):
    return log_in(client, role=Role.ADMINISTRATOR, unit=place.own)


def form_errors(response):
    return response.context["form"].errors.get_json_data()


# --- Who gets in ------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("view", ["index", "add"])
def test_an_administrator_opens_every_list_and_form(client, administrator, model, view):
    assert client.get(address(model, view)).status_code == 200


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("view", ["index", "add"])
def test_a_leader_opens_none_of_them(client, model, view):
    log_in(client, role=Role.LEADER, unit=OrgUnitFactory())
    assert client.get(address(model, view)).status_code in {302, 403}


@pytest.mark.parametrize("model", MODELS)
def test_an_educator_is_in_the_back_office_but_not_here(client, model):
    log_in(client, role=Role.EDUCATOR)
    assert client.get(reverse("wagtailadmin_home")).status_code == 200
    response = client.get(address(model))
    assert response.status_code == 302
    assert response.url == reverse("wagtailadmin_home")


def test_an_administrator_whose_grant_has_ended_is_refused_before_the_groups_follow(client, administrator):
    RoleGrant.objects.update(ends_on=dt.date(2020, 1, 1))
    assert client.get(address(Person)).status_code in {302, 403}


@pytest.mark.parametrize("model", MODELS)
def test_the_lists_can_be_searched(client, administrator, place, model):
    AreaFactory(name="Odder", kind=AreaKind.CLUSTER)
    response = client.get(address(model), {"q": "nothing is called this"})
    assert list(response.context["object_list"]) == []


def test_nothing_can_be_deleted(client, administrator, place):
    client.post(f"/cms/person/delete/{place.own_nurse.person.pk}/")
    assert Person.objects.filter(pk=place.own_nurse.person.pk).exists()


# --- The administrator of one unit ----------------------------------------------------------------


def test_a_units_administrator_sees_that_unit_and_what_lies_under_it(client, place, unit_administrator):
    def listed(model):
        return set(client.get(address(model)).context["object_list"])

    assert listed(OrgUnit) == {place.own, place.own_team}
    assert listed(Person) == {place.own_nurse.person}
    assert listed(Employment) == {place.own_nurse}
    assert listed(RoleGrant) == {unit_administrator.person.grants.get()}


def test_a_units_administrator_cannot_reach_other_rows_by_address(client, place, unit_administrator):
    grant = GrantFactory(unit=place.other)
    for row in [place.other, place.other_team, place.other_nurse, place.other_nurse.person, grant]:
        assert client.get(address(type(row), "edit", row.pk)).status_code == 404
        assert client.get(address(type(row), "history", row.pk)).status_code == 404
    for row in [place.own, place.own_team, place.own_nurse, place.own_nurse.person]:
        assert client.get(address(type(row), "edit", row.pk)).status_code == 200
        assert client.get(address(type(row), "history", row.pk)).status_code == 200


def test_a_units_administrator_does_not_see_where_else_her_people_work(client, place, unit_administrator):
    EmploymentFactory(person=place.own_nurse.person, unit=place.other_team)
    content = client.get(address(Person)).content.decode()
    assert "Team Odder" in content
    assert "Team Samsø" not in content


def test_a_units_administrator_changes_no_area_and_no_profession(client, unit_administrator):
    profession, area = ProfessionFactory(), AreaFactory()
    assert client.get(address(Profession)).status_code == 200
    assert client.get(address(Profession, "edit", profession.pk)).status_code == 302
    assert client.get(address(Area, "edit", area.pk)).status_code == 302
    assert client.get(address(Area, "add")).status_code == 302


def test_a_units_administrator_cannot_employ_elsewhere(client, place, unit_administrator):
    response = client.post(
        address(Employment, "add"),
        {
            "person": place.own_nurse.person.pk,
            "unit": place.other.pk,
            "profession": ProfessionFactory().pk,
            "starts_on": "2026-01-01",
        },
    )
    assert [error["code"] for error in form_errors(response)["unit"]] == ["invalid_choice"]


@pytest.mark.parametrize(
    ("role", "field"),
    [(Role.COORDINATOR, "role"), (Role.EDUCATOR, "role"), (Role.ADMINISTRATOR, "unit")],
)
def test_a_units_administrator_grants_nothing_beyond_the_unit(client, place, unit_administrator, role, field):
    response = client.post(
        address(RoleGrant, "add"),
        {"person": place.own_nurse.person.pk, "role": role, "unit": "", "starts_on": "2026-01-01"},
    )
    assert field in form_errors(response)
    assert RoleGrant.objects.count() == 1


def test_an_administrator_gives_herself_no_role(client, place, unit_administrator):
    EmploymentFactory(person=unit_administrator.person, unit=place.own)
    response = client.post(
        address(RoleGrant, "add"),
        {
            "person": unit_administrator.person.pk,
            "role": Role.LEADER,
            "unit": place.own.pk,
            "starts_on": "2026-01-01",
        },
    )
    assert list(form_errors(response)) == ["person"]
    assert RoleGrant.objects.count() == 1


# --- Writing ----------------------------------------------------------------------------------------


def test_a_person_is_registered_with_her_first_employment(client, place, unit_administrator):
    PendingPerson.objects.all().delete()
    response = client.post(
        address(Person, "add"),
        {
            "given_name": "Signe",
            "family_name": "Holm",
            "authorisation_id": "bcd12",
            "unit": place.own_team.pk,
            "profession": ProfessionFactory().pk,
            "starts_on": "2026-01-01",
        },
    )
    assert response.status_code == 302
    person = Person.objects.get(given_name="Signe")
    assert person.authorisation_id == "BCD12"
    assert list(person.employments.values_list("unit", "starts_on")) == [
        (place.own_team.pk, dt.date(2026, 1, 1))
    ]
    assert list(PendingPerson.objects.values_list("learner", flat=True)) == [person.pseudonym]


def test_a_wrong_authorisation_id_is_an_error_of_the_field(client, administrator):
    response = client.post(
        address(Person, "add"), {"given_name": "A", "family_name": "B", "authorisation_id": "AEIOU"}
    )
    assert [error["code"] for error in form_errors(response)["authorisation_id"]] == ["authorisation_id_form"]


def test_half_an_employment_is_refused(client, administrator):
    response = client.post(
        address(Person, "add"), {"given_name": "A", "family_name": "B", "starts_on": "2026-01-01"}
    )
    assert list(form_errors(response)) == ["__all__"]


def test_an_overlapping_employment_is_an_error_of_the_form(client, administrator, place):
    response = client.post(
        address(Employment, "add"),
        {
            "person": place.own_nurse.person.pk,
            "unit": place.own_team.pk,
            "profession": place.own_nurse.profession.pk,
            "starts_on": "2026-01-01",
        },
    )
    assert [error["code"] for error in form_errors(response)["__all__"]] == ["overlap"]
    assert place.own_nurse.person.employments.count() == 1


def test_changing_an_employment_marks_the_person(client, administrator, place):
    PendingPerson.objects.all().delete()
    response = client.post(
        address(Employment, "edit", place.own_nurse.pk),
        {"starts_on": LONG_AGO.isoformat(), "ends_on": "2027-01-01"},
    )
    assert response.status_code == 302
    place.own_nurse.refresh_from_db()
    assert place.own_nurse.ends_on == dt.date(2027, 1, 1)
    assert list(PendingPerson.objects.values_list("learner", flat=True)) == [place.own_nurse.person.pseudonym]


def ending(client, job, **data):
    return client.post(address(Employment, "edit", job.pk), {"starts_on": LONG_AGO.isoformat(), **data})


def test_an_employment_is_ended_by_the_first_day_on_which_she_no_longer_works_there(
    client, unit_administrator, place, noon
):
    job = place.own_nurse
    content = client.get(address(Employment, "edit", job.pk)).content.decode()
    assert "Den første dag, hvor personen ikke længere arbejder der." in content
    assert "never_left" not in content
    assert ending(client, job, ends_on="2026-11-22").status_code == 302
    assert Employment.objects.current(on=dt.date(2026, 11, 21)).contains(job)
    assert not Employment.objects.current(on=dt.date(2026, 11, 22)).contains(job)
    # She has left, and the employment is still the unit's own history.
    assert client.get(address(Employment, "edit", job.pk)).status_code == 200


@pytest.mark.parametrize("end", ["", "2026-12-01", "2027-01-01"])
def test_an_end_that_has_passed_is_taken_back_only_by_whoever_says_that_it_was_wrong(
    client, unit_administrator, place, noon, end
):
    job = place.own_nurse
    ending(client, job, ends_on="2026-11-20")
    response = ending(client, job, ends_on=end, work_phone="87 12 34 56")
    assert list(form_errors(response)) == ["ends_on"]
    assert "87 12 34 56" in response.content.decode()
    job.refresh_from_db()
    assert job.ends_on == dt.date(2026, 11, 20)
    PendingPerson.objects.all().delete()
    assert ending(client, job, ends_on=end, never_left="on").status_code == 302
    job.refresh_from_db()
    assert job.ends_on == (dt.date.fromisoformat(end) if end else None)
    assert list(PendingPerson.objects.values_list("learner", flat=True)) == [job.person.pseudonym]


def test_an_end_that_has_passed_is_set_earlier_and_the_rest_is_kept_right(client, administrator, place, noon):
    job = place.own_nurse
    ending(client, job, ends_on="2026-11-20")
    assert ending(client, job, ends_on="2026-11-20", work_phone="87 12 34 56").status_code == 302
    assert ending(client, job, ends_on="2026-11-10").status_code == 302
    job.refresh_from_db()
    assert (job.ends_on, job.work_phone) == (dt.date(2026, 11, 10), "")


def test_an_end_that_is_still_to_come_is_moved_freely(client, administrator, place, noon):
    job = place.own_nurse
    for end in ("2027-01-01", "2027-02-01", ""):
        assert ending(client, job, ends_on=end).status_code == 302
    job.refresh_from_db()
    assert job.ends_on is None


def test_an_employment_that_ends_before_it_starts_is_an_error_of_the_form(client, administrator, place):
    response = client.post(
        address(Employment, "edit", place.own_nurse.pk), {"starts_on": "2026-01-01", "ends_on": "2025-01-01"}
    )
    assert list(form_errors(response)) == ["__all__"]


def test_a_role_is_granted_and_ended_in_the_name_of_who_did_it(client, administrator, place):
    person = place.own_nurse.person
    client.post(
        address(RoleGrant, "add"),
        {"person": person.pk, "role": Role.LEADER, "unit": place.own.pk, "starts_on": "2026-01-01"},
    )
    grant = RoleGrant.objects.get(role=Role.LEADER)
    assert (grant.person, grant.granted_by) == (person, administrator.person)
    client.post(address(RoleGrant, "edit", grant.pk), {"ends_on": "2026-06-01", "end_reason": "Ny stilling"})
    grant.refresh_from_db()
    assert (grant.ends_on, grant.ended_by, grant.end_reason) == (
        dt.date(2026, 6, 1),
        administrator.person,
        "Ny stilling",
    )


def test_a_role_in_the_wrong_place_is_an_error_of_the_form(client, administrator):
    response = client.post(
        address(RoleGrant, "add"),
        {"person": PersonFactory().pk, "role": Role.LEADER, "starts_on": "2026-01-01"},
    )
    assert list(form_errors(response)) == ["__all__"]
    assert RoleGrant.objects.count() == 1


def test_a_unit_is_created_in_its_place(client, place, unit_administrator):
    client.post(
        address(OrgUnit, "add"),
        {
            "kind": UnitKind.TEAM,
            "code": "team-syd",
            "name": "Team Syd",
            "parent": place.own.pk,
            "placed_from": "2026-01-01",
        },
    )
    unit = OrgUnit.objects.get(code="team-syd")
    assert set(OrgUnit.objects.above(unit, on=dt.date(2026, 1, 1))) == {unit, place.own}


@pytest.mark.parametrize("model", [OrgUnit, Area])
def test_nothing_ends_before_it_was(client, administrator, model):
    row = {OrgUnit: OrgUnitFactory, Area: AreaFactory}[model](name="Ølgod")
    response = client.post(
        address(model, "edit", row.pk),
        {"name": "Ølgod", "starts_on": "2026-01-01", "ends_on": "2026-01-01"},
    )
    assert list(form_errors(response)) == ["ends_on"]
    row.refresh_from_db()
    assert (row.starts_on, row.ends_on) == (None, None)


def test_a_unit_that_does_not_fit_under_its_parent_is_not_created(client, place, unit_administrator):
    response = client.post(
        address(OrgUnit, "add"),
        {
            "kind": UnitKind.WARD,
            "code": "ward",
            "name": "Afsnit",
            "parent": place.own.pk,
            "placed_from": "2026-01-01",
        },
    )
    assert [error["code"] for error in form_errors(response)["__all__"]] == ["kinds"]
    assert not OrgUnit.objects.filter(code="ward").exists()


def test_what_an_administrator_changed_is_in_the_history(client, administrator, place):
    client.post(address(OrgUnit, "edit", place.own.pk), {"name": "Odder Kommune"})
    place.own.refresh_from_db()
    assert place.own.name == "Odder Kommune"
    response = client.get(address(OrgUnit, "history", place.own.pk))
    assert [entry.user for entry in response.context["object_list"]] == [administrator]


@pytest.mark.parametrize("model", [Person, OrgUnit, Employment, RoleGrant])
def test_a_list_takes_the_same_number_of_queries_with_one_row_and_with_three(
    client, administrator, model, django_assert_num_queries
):
    GrantFactory(person=EmploymentFactory().person)
    client.get(address(model))  # fills the caches of content types and sites
    with CaptureQueriesContext(connection) as with_one:
        client.get(address(model))
    for _ in range(2):
        GrantFactory(person=EmploymentFactory().person)
    with django_assert_num_queries(len(with_one)):
        client.get(address(model))
