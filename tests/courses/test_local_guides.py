"""A workplace's own words: whose are shown, who may write them, and who may not."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from courses.domain.local_guides import guides_for, who_can_write, write_guide
from courses.models import LocalGuide
from organisations.domain.groups import sync_groups
from organisations.enums import Role, UnitKind
from organisations.models import Person
from tests.factories.organisations import (
    AreaFactory,
    AreaMembershipFactory,
    EmploymentFactory,
    GrantFactory,
    OrgUnitFactory,
    PersonFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
DAY = dt.date(2026, 11, 22)


@pytest.fixture
def place():
    """Two municipalities, each with a team, and a nurse in the first one's team."""

    class Place:
        own = OrgUnitFactory(name="Odder")
        team = OrgUnitFactory(name="Team Odder", kind=UnitKind.TEAM, parent=own)
        other = OrgUnitFactory(name="Samsø")
        nurse = EmploymentFactory(unit=team).person

    return Place


def texts(person, topic="medicine"):
    return [guide.text for guide in guides_for(person, topics=[topic]).get(topic, [])]


def test_the_nearest_unit_upward_wins(place):
    write_guide(place.own, topic="medicine", text="Kommunens", by=None)
    assert texts(place.nurse) == ["Kommunens"]
    write_guide(place.team, topic="medicine", text="Teamets", by=None)
    assert texts(place.nurse) == ["Teamets"]


def test_what_is_not_shown_leaves_the_place_to_the_unit_above(place):
    write_guide(place.own, topic="medicine", text="Kommunens", by=None)
    write_guide(place.team, topic="medicine", text="Teamets", by=None, is_shown=False)
    assert texts(place.nurse) == ["Kommunens"]


def test_neither_another_municipality_nor_a_unit_below_nor_another_topic_is_shown(place):
    below = OrgUnitFactory(name="Under", kind=UnitKind.TEAM, parent=place.own)
    write_guide(place.other, topic="medicine", text="De andres", by=None)
    write_guide(below, topic="medicine", text="Et andet team", by=None)
    write_guide(place.team, topic="phone", text="Numre", by=None)
    assert texts(place.nurse) == []


def test_whoever_has_two_workplaces_sees_both_and_a_shared_one_once(place):
    EmploymentFactory(person=place.nurse, unit=place.other)
    write_guide(place.own, topic="medicine", text="Odders", by=None)
    write_guide(place.other, topic="medicine", text="Samsøs", by=None)
    assert sorted(texts(place.nurse)) == ["Odders", "Samsøs"]
    EmploymentFactory(person=place.nurse, unit=place.own)
    assert sorted(texts(place.nurse)) == ["Odders", "Samsøs"]


def test_a_former_workplace_is_not_hers_any_more(place):
    write_guide(place.own, topic="medicine", text="Odders", by=None)
    former = EmploymentFactory(unit=place.team, ends_on=DAY).person
    assert texts(former) == []


def test_it_says_who_wrote_it_last_and_when(place):
    editor = PersonFactory()
    write_guide(place.own, topic="medicine", text="Før", by=None)
    guide = write_guide(place.own, topic="medicine", text="Nu", by=editor)
    assert (guide.text, guide.kept_by, guide.changed_on) == ("Nu", editor, DAY)
    assert LocalGuide.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty"), ("x" * 4001, "too_long"), ("Fru H. 010203-1234", "cpr_like")]
)
def test_what_may_not_be_kept_is_refused(place, text, code):
    with pytest.raises(ValidationError) as refused:
        write_guide(place.own, topic="medicine", text=text, by=None)
    assert refused.value.code == code
    assert LocalGuide.objects.count() == 0


def test_who_can_write_is_the_nearest_local_editor(place):
    near, far = PersonFactory(), PersonFactory()
    GrantFactory(person=far, role=Role.LOCAL_EDITOR, unit=place.own)
    GrantFactory(person=near, role=Role.LOCAL_EDITOR, unit=place.team)
    GrantFactory(person=PersonFactory(), role=Role.LOCAL_EDITOR, unit=place.other)
    assert [grant.person for grant in who_can_write(place.nurse)] == [near, far]


def test_asking_takes_as_many_queries_for_three_topics_as_for_one(place, django_assert_num_queries):
    for topic in ("medicine", "phone", "night"):
        write_guide(place.own, topic=topic, text="Tekst", by=None)
    for topics in (["medicine"], ["medicine", "phone", "night"]):
        again = Person.objects.get(pk=place.nurse.pk)
        with django_assert_num_queries(3):
            assert len(guides_for(again, topics=topics)) == len(topics)


# --- The advice card --------------------------------------------------------------------------------------


@pytest.fixture
def region(place):
    """The region in whose geography Odder lies: an employer of its own, with a geography beside it."""
    area = AreaFactory(code="region-midtjylland", region_code="1082")
    AreaMembershipFactory(area=area, unit=place.own)
    return OrgUnitFactory(code="region-1082", name="Region Midtjylland", kind=UnitKind.REGION)


def test_the_regions_advice_card_reaches_a_municipalitys_staff_and_yields_to_nearer_ones(place, region):
    write_guide(region, topic="advice", text="Regionens", by=None)
    assert texts(place.nurse, "advice") == ["Regionens"]
    write_guide(place.own, topic="advice", text="Kommunens", by=None)
    assert texts(place.nurse, "advice") == ["Kommunens"]
    write_guide(place.team, topic="advice", text="Teamets", by=None)
    assert texts(place.nurse, "advice") == ["Teamets"]


def test_neither_another_regions_card_nor_another_municipalitys_is_shown(place, region):
    elsewhere = OrgUnitFactory(code="region-1083", kind=UnitKind.REGION)
    AreaMembershipFactory(area=AreaFactory(code="region-syddanmark", region_code="1083"), unit=place.other)
    write_guide(elsewhere, topic="advice", text="En anden regions", by=None)
    write_guide(place.other, topic="advice", text="En anden kommunes", by=None)
    assert texts(place.nurse, "advice") == []


def test_of_anything_but_advice_the_region_is_not_asked(place, region):
    write_guide(region, topic="medicine", text="Regionens", by=None)
    assert texts(place.nurse) == []


def test_a_region_whose_code_is_not_known_yet_is_found_by_its_name(place):
    AreaMembershipFactory(area=AreaFactory(code="region-oestdanmark"), unit=place.own)
    east = OrgUnitFactory(code="region-oestdanmark", kind=UnitKind.REGION)
    write_guide(east, topic="advice", text="Regionens", by=None)
    assert texts(place.nurse, "advice") == ["Regionens"]


def test_a_ward_has_its_regions_card_through_the_tree(place, region):
    hospital = OrgUnitFactory(kind=UnitKind.HOSPITAL, parent=region)
    nurse = EmploymentFactory(unit=OrgUnitFactory(kind=UnitKind.WARD, parent=hospital)).person
    write_guide(region, topic="advice", text="Regionens", by=None)
    assert texts(nurse, "advice") == ["Regionens"]


@pytest.mark.parametrize(("days", "outdated"), [(0, False), (365, False), (366, True)])
def test_a_card_says_when_it_was_checked_and_after_a_year_that_it_may_be_out_of_date(place, days, outdated):
    day = DAY - dt.timedelta(days=days)
    card = write_guide(place.own, topic="advice", text="Ring", by=None, checked_on=day)
    assert (card.checked_on, card.changed_on, card.is_outdated) == (day, DAY, outdated)


def test_a_card_that_was_checked_tomorrow_is_refused(place):
    with pytest.raises(ValidationError, match="ikke er kommet endnu"):
        write_guide(place.own, topic="advice", text="Ring", by=None, checked_on=DAY + dt.timedelta(days=1))
    assert LocalGuide.objects.count() == 0


# --- The back office --------------------------------------------------------------------------------------


def log_in(client, **grant):
    user = UserFactory()
    GrantFactory(person=user.person, **grant)
    sync_groups(user)
    client.force_login(user)
    return user


def form(unit, **changes):
    return {"unit": unit.pk, "topic": "medicine", "text": "Ring 1234", "is_shown": "on", **changes}


def test_a_local_editor_writes_for_her_units_and_for_no_others(client, place):
    user = log_in(client, role=Role.LOCAL_EDITOR, unit=place.own)
    assert client.post(reverse("localguide:add"), form(place.team)).status_code == 302
    assert LocalGuide.objects.get().kept_by == user.person
    refused = client.post(reverse("localguide:add"), form(place.other))
    assert list(refused.context["form"].errors) == ["unit"]
    assert LocalGuide.objects.count() == 1


def test_a_local_editor_neither_sees_nor_changes_what_others_keep(client, place):
    theirs = write_guide(place.other, topic="medicine", text="De andres hemmelige nummer", by=None)
    mine = write_guide(place.own, topic="medicine", text="Vores", by=None)
    log_in(client, role=Role.LOCAL_EDITOR, unit=place.own)
    said = client.get(reverse("localguide:index")).content.decode()
    assert ("Odder" in said, "Samsø" in said) == (True, False)
    assert client.get(reverse("localguide:edit", args=[theirs.pk])).status_code in {302, 403, 404}
    client.post(reverse("localguide:edit", args=[theirs.pk]), {"text": "Overtaget", "is_shown": "on"})
    theirs.refresh_from_db()
    assert theirs.text == "De andres hemmelige nummer"
    changed = client.post(reverse("localguide:edit", args=[mine.pk]), {"text": "Nyt", "is_shown": "on"})
    assert changed.status_code == 302
    mine.refresh_from_db()
    assert (mine.text, mine.unit, mine.topic) == ("Nyt", place.own, "medicine")


def test_a_local_editor_says_on_which_day_she_checked_the_card(client, place):
    log_in(client, role=Role.LOCAL_EDITOR, unit=place.own)
    sent = form(place.own, topic="advice", checked_on="2026-11-20")
    assert client.post(reverse("localguide:add"), sent).status_code == 302
    assert LocalGuide.objects.get().checked_on == dt.date(2026, 11, 20)
    refused = client.post(reverse("localguide:add"), form(place.team, checked_on="2026-11-23"))
    assert (list(refused.context["form"].errors), LocalGuide.objects.count()) == (["checked_on"], 1)


def test_the_second_guide_to_a_topic_is_refused_with_words_and_the_first_stays(client, place):
    write_guide(place.own, topic="medicine", text="Det gamle", by=None)
    log_in(client, role=Role.LOCAL_EDITOR, unit=place.own)
    sent = client.post(reverse("localguide:add"), form(place.own))
    assert (sent.status_code, LocalGuide.objects.get().text) == (200, "Det gamle")
    assert "allerede" in sent.content.decode() or "already" in sent.content.decode()


@pytest.mark.parametrize(
    "grant",
    [
        {"role": Role.LEADER},
        {"role": Role.KEY_PERSON},
        {"role": Role.EDUCATOR, "unit": None},
        {"role": Role.LOCAL_EDITOR, "ends_on": DAY},
    ],
)
def test_nobody_else_opens_the_guides(client, place, grant):
    write_guide(place.own, topic="medicine", text="Vores", by=None)
    log_in(client, **{"unit": place.own, **grant})
    for view in ("index", "add"):
        assert client.get(reverse(f"localguide:{view}")).status_code in {302, 403}


def test_an_administrator_of_a_unit_keeps_its_guides_and_a_local_editor_nothing_else(client, place):
    log_in(client, role=Role.ADMINISTRATOR, unit=place.own)
    assert client.post(reverse("localguide:add"), form(place.team)).status_code == 302
    log_in(client, role=Role.LOCAL_EDITOR, unit=place.own)
    for model in ("person", "orgunit", "employment", "rolegrant", "errorreport", "moduleversion"):
        assert client.get(reverse(f"{model}:index")).status_code in {302, 403}
