import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organisations.days import holds_on
from organisations.domain import units
from organisations.enums import UnitKind
from organisations.models import OrgUnit, UnitAncestry, UnitParent
from tests.factories.organisations import LONG_AGO, AreaMembershipFactory, OrgUnitFactory

pytestmark = pytest.mark.django_db

NEW_YEAR = dt.date(2026, 1, 1)
SUMMER = dt.date(2026, 7, 1)
NEXT_YEAR = dt.date(2027, 1, 1)
LATER = dt.date(2027, 7, 1)

FIELDS = ("ancestor", "unit", "depth", "starts_on", "ends_on")


def ancestry() -> set[tuple]:
    return set(UnitAncestry.objects.values_list(*FIELDS))


def places(unit: OrgUnit) -> list[tuple]:
    links = unit.parent_links.select_related("parent").order_by("starts_on")
    return [(link.parent, link.starts_on, link.ends_on) for link in links]


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


def test_a_move_changes_the_parent_and_leaves_what_is_recorded_for_later():
    first, second, third = OrgUnitFactory(), OrgUnitFactory(), OrgUnitFactory()
    team = OrgUnitFactory(kind=UnitKind.TEAM, parent=first)
    units.move_unit(team, parent=second, on=NEXT_YEAR)
    units.end_place(team, on=LATER)
    units.move_unit(team, parent=third, on=SUMMER)
    units.move_unit(team, parent=first, on=dt.date(2027, 3, 1))
    assert places(team) == [
        (first, LONG_AGO, SUMMER),
        (third, SUMMER, NEXT_YEAR),
        (second, NEXT_YEAR, dt.date(2027, 3, 1)),
        (first, dt.date(2027, 3, 1), LATER),
    ]
    # Where it has no place, it has one until the next begins.
    nowhere = OrgUnitFactory(kind=UnitKind.TEAM)
    units.place_unit(nowhere, parent=first, starts_on=NEXT_YEAR)
    units.move_unit(nowhere, parent=second, on=SUMMER)
    assert places(nowhere) == [(second, SUMMER, NEXT_YEAR), (first, NEXT_YEAR, None)]
    assert units.rebuild_ancestry() == 0


def test_a_move_to_where_it_lies_or_on_the_day_it_comes_is_refused():
    first, second, third = OrgUnitFactory(), OrgUnitFactory(), OrgUnitFactory()
    team = OrgUnitFactory(kind=UnitKind.TEAM, parent=first)
    units.move_unit(team, parent=second, on=SUMMER)
    for parent, day, code in [(first, NEW_YEAR, "same"), (second, SUMMER, "same"), (third, SUMMER, "begins")]:
        with pytest.raises(ValidationError) as error:
            units.move_unit(team, parent=parent, on=day)
        assert error.value.code == code
    assert places(team) == [(first, LONG_AGO, SUMMER), (second, SUMMER, None)]


@pytest.mark.parametrize(
    ("unit", "parent", "code"),
    [
        ({"ends_on": SUMMER}, {}, "no_longer"),
        ({"starts_on": NEXT_YEAR}, {}, "not_yet"),
        ({}, {"ends_on": SUMMER}, "no_longer"),
        ({}, {"starts_on": NEXT_YEAR}, "not_yet"),
    ],
)
def test_both_exist_on_the_day_of_a_move(unit, parent, code):
    team = OrgUnitFactory(kind=UnitKind.TEAM, parent=OrgUnitFactory(), **unit)
    before = places(team)
    with pytest.raises(ValidationError) as error:
        units.move_unit(team, parent=OrgUnitFactory(**parent), on=SUMMER)
    assert error.value.code == code
    assert places(team) == before
    assert units.rebuild_ancestry() == 0


def test_the_end_of_a_place_is_taken_back_until_the_next_begins():
    first, second = OrgUnitFactory(), OrgUnitFactory()
    team = OrgUnitFactory(kind=UnitKind.TEAM, parent=first)
    ended = units.end_place(team, on=SUMMER)
    later = units.place_unit(team, parent=second, starts_on=NEXT_YEAR)
    units.reopen_place(ended)
    assert places(team) == [(first, LONG_AGO, NEXT_YEAR), (second, NEXT_YEAR, None)]
    assert OrgUnit.objects.under(first, on=SUMMER).contains(team)
    for link in (ended, later):
        with pytest.raises(ValidationError) as error:
            units.reopen_place(link)
        assert error.value.code == "goes_on"


def test_a_place_that_has_not_begun_is_taken_back(noon):
    first, second = OrgUnitFactory(), OrgUnitFactory()
    team = OrgUnitFactory(kind=UnitKind.TEAM, parent=first)
    coming = units.move_unit(team, parent=second, on=NEXT_YEAR)
    assert units.withdraw_place(coming) == team.parent_links.get()
    assert places(team) == [(first, LONG_AGO, None)]
    with pytest.raises(ValidationError) as error:
        units.withdraw_place(coming)
    assert error.value.code == "gone"
    with pytest.raises(ValidationError) as error:
        units.withdraw_place(team.parent_links.get())
    assert error.value.code == "begun"
    lonely = OrgUnitFactory(kind=UnitKind.TEAM)
    assert units.withdraw_place(units.place_unit(lonely, parent=first, starts_on=NEXT_YEAR)) is None
    assert places(lonely) == []
    assert units.rebuild_ancestry() == 0


def test_a_coming_place_between_two_is_taken_back_and_the_first_meets_the_last(noon):
    first, second = OrgUnitFactory(), OrgUnitFactory()
    team = OrgUnitFactory(kind=UnitKind.TEAM, parent=first)
    units.move_unit(team, parent=second, on=NEXT_YEAR)
    units.move_unit(team, parent=first, on=LATER)
    units.withdraw_place(team.parent_links.get(starts_on=NEXT_YEAR))
    assert places(team) == [(first, LONG_AGO, LATER), (first, LATER, None)]
    assert UnitAncestry.objects.filter(unit=team, ancestor=first).count() == 1


def test_a_place_is_corrected_on_all_its_days_and_by_a_refusal_on_none():
    first, second = OrgUnitFactory(), OrgUnitFactory()
    team = OrgUnitFactory(kind=UnitKind.TEAM, parent=first)
    units.end_place(team, on=SUMMER)
    link = team.parent_links.get()
    for parent, code in [(first, "same"), (OrgUnitFactory(kind=UnitKind.REGION), "kinds")]:
        with pytest.raises(ValidationError) as error:
            units.correct_place(link, parent=parent)
        assert error.value.code == code
        assert places(team) == [(first, LONG_AGO, SUMMER)]
    units.correct_place(link, parent=second)
    assert places(team) == [(second, LONG_AGO, SUMMER)]
    with pytest.raises(ValidationError) as error:
        units.correct_place(link, parent=first)
    assert error.value.code == "gone"
    assert units.rebuild_ancestry() == 0


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
            st.sampled_from(["correct", "reopen", "withdraw"]),
            st.integers(0, len(KINDS) - 1),
            st.integers(0, len(KINDS) - 1),
            st.integers(0, 3),
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
        elif verb == "end":
            units.end_place(tree[unit], on=starts_on)
        else:
            change_one(verb, tree[unit], number=starts_on, parent=tree[parent])
    except ValidationError:
        pass  # refused; the tree must be as it was, which is what is checked below


def change_one(verb: str, unit: OrgUnit, *, number: int, parent: OrgUnit) -> None:
    """One of the unit's places, if it has so many."""
    for link in unit.parent_links.order_by("starts_on")[number : number + 1]:
        if verb == "correct":
            units.correct_place(link, parent=parent)
        elif verb == "reopen":
            units.reopen_place(link)
        else:
            units.withdraw_place(link)


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
    # In the midst of the days: some places have begun by then, others are still to come.
    with time_machine.travel(dt.datetime(2026, 1, 6, 12, tzinfo=dt.UTC), tick=False):
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
