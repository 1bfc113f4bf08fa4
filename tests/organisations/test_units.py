import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organisations.days import holds_on
from organisations.domain import units
from organisations.enums import UnitKind
from organisations.models import OrgUnit, UnitAncestry, UnitParent
from tests.factories.organisations import AreaMembershipFactory, OrgUnitFactory

pytestmark = pytest.mark.django_db

NEW_YEAR = dt.date(2026, 1, 1)
SUMMER = dt.date(2026, 7, 1)
NEXT_YEAR = dt.date(2027, 1, 1)

FIELDS = ("ancestor", "unit", "depth", "starts_on", "ends_on")


def ancestry() -> set[tuple]:
    return set(UnitAncestry.objects.values_list(*FIELDS))


def message(error: pytest.ExceptionInfo[ValidationError]) -> str:
    return " ".join(error.value.messages)


def test_a_new_unit_is_its_own_ancestor_for_ever():
    unit = OrgUnitFactory()
    assert list(unit.ancestor_rows.values_list("ancestor", "depth", "starts_on", "ends_on")) == [
        (unit.pk, 0, dt.date.min, None)
    ]


def test_a_unit_with_a_wrong_identifier_is_not_created():
    with pytest.raises(ValidationError) as error:
        units.create_unit(code="a", kind=UnitKind.MUNICIPALITY, name="A", cvr="12345678")
    assert list(error.value.message_dict) == ["cvr"]
    assert OrgUnit.objects.count() == 0


def test_a_placed_unit_lies_under_all_that_its_parent_lies_under():
    region = OrgUnitFactory(kind=UnitKind.REGION)
    hospital = OrgUnitFactory(kind=UnitKind.HOSPITAL)
    ward = OrgUnitFactory(kind=UnitKind.WARD)
    # The lower link first: the upper one must reach the whole subtree.
    units.place_unit(ward, parent=hospital, starts_on=NEW_YEAR)
    units.place_unit(hospital, parent=region, starts_on=SUMMER)
    assert list(OrgUnit.objects.under(region, on=NEW_YEAR)) == [region]
    assert set(OrgUnit.objects.under(region, on=SUMMER)) == {region, hospital, ward}
    assert set(OrgUnit.objects.above(ward, on=SUMMER)) == {region, hospital, ward}
    assert set(OrgUnit.objects.above(ward, on=NEW_YEAR)) == {hospital, ward}


def test_the_day_a_place_ends_is_the_first_day_without_it():
    municipality = OrgUnitFactory()
    team = OrgUnitFactory(kind=UnitKind.TEAM)
    units.place_unit(team, parent=municipality, starts_on=NEW_YEAR)
    units.end_place(team, on=SUMMER)
    day_before = SUMMER - dt.timedelta(days=1)
    assert set(OrgUnit.objects.under(municipality, on=day_before)) == {municipality, team}
    assert set(OrgUnit.objects.under(municipality, on=SUMMER)) == {municipality}


def test_a_unit_without_a_place_has_none_to_end():
    team = OrgUnitFactory(kind=UnitKind.TEAM)
    with pytest.raises(ValidationError) as error:
        units.end_place(team, on=SUMMER)
    assert error.value.code == "no_place"


def test_a_unit_has_one_parent_at_a_time():
    first, second = OrgUnitFactory(), OrgUnitFactory()
    team = OrgUnitFactory(kind=UnitKind.TEAM, name="Team Nord")
    units.place_unit(team, parent=first, starts_on=NEW_YEAR, ends_on=NEXT_YEAR)
    with pytest.raises(ValidationError) as error:
        units.place_unit(team, parent=second, starts_on=SUMMER)
    assert error.value.code == "overlap"
    units.place_unit(team, parent=second, starts_on=NEXT_YEAR)
    assert UnitParent.objects.count() == 2


def test_moving_a_unit_ends_its_place_and_begins_another():
    first, second = OrgUnitFactory(), OrgUnitFactory()
    team = OrgUnitFactory(kind=UnitKind.TEAM, parent=first)
    units.move_unit(team, parent=second, on=SUMMER)
    assert set(OrgUnit.objects.above(team, on=NEW_YEAR)) == {team, first}
    assert set(OrgUnit.objects.above(team, on=SUMMER)) == {team, second}


def test_two_hospitals_after_each_other_are_one_region_all_the_time():
    region = OrgUnitFactory(kind=UnitKind.REGION)
    first = OrgUnitFactory(kind=UnitKind.HOSPITAL, parent=region)
    second = OrgUnitFactory(kind=UnitKind.HOSPITAL, parent=region)
    department = OrgUnitFactory(kind=UnitKind.DEPARTMENT, parent=first)
    units.move_unit(department, parent=second, on=SUMMER)
    under_region = UnitAncestry.objects.filter(ancestor=region, unit=department)
    assert under_region.count() == 1
    assert UnitAncestry.objects.filter(unit=department).exclude(ancestor=region).count() == 3


def test_a_municipality_is_never_the_child_of_a_region():
    with pytest.raises(ValidationError) as error:
        units.place_unit(OrgUnitFactory(), parent=OrgUnitFactory(kind=UnitKind.REGION), starts_on=NEW_YEAR)
    assert error.value.code == "kinds"


def test_a_place_that_ends_before_it_starts_is_refused():
    team = OrgUnitFactory(kind=UnitKind.TEAM)
    with pytest.raises(ValidationError):
        units.place_unit(team, parent=OrgUnitFactory(), starts_on=SUMMER, ends_on=SUMMER)
    assert UnitParent.objects.count() == 0


def test_no_unit_lies_under_itself_on_any_day():
    hospital = OrgUnitFactory(kind=UnitKind.HOSPITAL)
    department = OrgUnitFactory(kind=UnitKind.DEPARTMENT)
    units.place_unit(department, parent=hospital, starts_on=NEW_YEAR, ends_on=NEXT_YEAR)
    # Someone turned the kinds around; the tree still refuses the circle, on those days only.
    OrgUnit.objects.filter(pk=hospital.pk).update(kind=UnitKind.DEPARTMENT)
    OrgUnit.objects.filter(pk=department.pk).update(kind=UnitKind.HOSPITAL)
    hospital.refresh_from_db()
    department.refresh_from_db()
    with pytest.raises(ValidationError) as error:
        units.place_unit(hospital, parent=department, starts_on=SUMMER)
    assert error.value.code == "cycle"
    units.place_unit(hospital, parent=department, starts_on=NEXT_YEAR)
    kept = ancestry()
    assert units.rebuild_ancestry() == 0
    assert ancestry() == kept


def test_a_whole_rebuild_brings_deleted_rows_back_and_takes_wrong_ones_away():
    municipality = OrgUnitFactory()
    team = OrgUnitFactory(kind=UnitKind.TEAM, parent=municipality)
    right = ancestry()
    UnitAncestry.objects.filter(depth=1).delete()
    UnitAncestry.objects.create(ancestor=team, unit=municipality, depth=4, starts_on=NEW_YEAR)
    assert units.rebuild_ancestry() == 2
    assert ancestry() == right


def test_an_area_holds_its_members_and_what_lies_under_them_on_the_day():
    municipality = OrgUnitFactory()
    team = OrgUnitFactory(kind=UnitKind.TEAM)
    units.place_unit(team, parent=municipality, starts_on=SUMMER)
    membership = AreaMembershipFactory(unit=municipality, ends_on=NEXT_YEAR)
    OrgUnitFactory()
    assert set(OrgUnit.objects.in_area(membership.area, on=NEW_YEAR)) == {municipality}
    assert set(OrgUnit.objects.in_area(membership.area, on=SUMMER)) == {municipality, team}
    assert set(OrgUnit.objects.in_area(membership.area, on=NEXT_YEAR)) == set()


# --- Any history ------------------------------------------------------------------------------

KINDS = [
    *[UnitKind.REGION] * 2,
    *[UnitKind.HOSPITAL] * 2,
    *[UnitKind.DEPARTMENT] * 3,
    *[UnitKind.WARD] * 3,
]
DAYS = [NEW_YEAR + dt.timedelta(days=n) for n in range(12)]
changes = st.lists(
    st.one_of(
        st.tuples(
            st.just("place"),
            st.integers(0, len(KINDS) - 1),
            st.integers(0, len(KINDS) - 1),
            st.sampled_from(DAYS),
            st.one_of(st.none(), st.sampled_from(DAYS)),
        ),
        st.tuples(
            st.just("move"),
            st.integers(0, len(KINDS) - 1),
            st.integers(0, len(KINDS) - 1),
            st.sampled_from(DAYS),
            st.none(),
        ),
        st.tuples(
            st.just("end"), st.integers(0, len(KINDS) - 1), st.just(0), st.sampled_from(DAYS), st.none()
        ),
    ),
    min_size=5,
    max_size=25,
)


def apply(change: tuple, tree: list[OrgUnit]) -> None:
    verb, unit, parent, starts_on, ends_on = change
    try:
        if verb == "place":
            units.place_unit(tree[unit], parent=tree[parent], starts_on=starts_on, ends_on=ends_on)
        elif verb == "move":
            units.move_unit(tree[unit], parent=tree[parent], on=starts_on)
        else:
            units.end_place(tree[unit], on=starts_on)
    except ValidationError:
        pass  # refused; the tree must be as it was, which is what is checked below


def walk_up(unit: OrgUnit, day: dt.date) -> list[int]:
    """The naive answer: follow the one parent of the day until there is none."""
    way = [unit.pk]
    while link := UnitParent.objects.filter(holds_on(day), unit=way[-1]).first():
        way.append(link.parent_id)
    return way


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=changes)
def test_any_history_of_moves_gives_the_ancestry_that_a_rebuild_and_a_walk_give(history):
    UnitParent.objects.all().delete()
    OrgUnit.objects.all().delete()
    tree = [OrgUnitFactory(kind=kind) for kind in KINDS]
    for change in history:
        apply(change, tree)
    step_by_step = ancestry()
    for day in [*DAYS, NEXT_YEAR]:
        for unit in tree:
            rows = UnitAncestry.objects.filter(holds_on(day), unit=unit).order_by("depth")
            assert list(rows.values_list("ancestor", flat=True)) == walk_up(unit, day)
    UnitAncestry.objects.all().delete()
    units.rebuild_ancestry()
    assert ancestry() == step_by_step
