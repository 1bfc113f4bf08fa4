"""A reflection that is shared: who reads it, who doesn't, and what is told. Each test shares, then asks."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from courses.domain import free_text
from courses.enums import Audience
from courses.models import FreeText, Sharing
from organisations.domain.employments import end_employment
from organisations.domain.erasure import erase_person
from organisations.domain.grants import end_grant
from organisations.enums import Role, UnitKind
from organisations.models import Disclosure
from tests.factories.organisations import (
    EmploymentFactory,
    GrantFactory,
    OrgUnitFactory,
    UserFactory,
)
from tests.factories.reports import (
    REFLECTION,
    complete,
    key_person_of,
    member,
    publish,
)
from tests.factories.sharing import a_team_with_a_reflection, share, text_of
from tests.reports.outsiders import (
    a_colleague,
    a_coming_leader,
    a_coordinator,
    a_former_leader,
    a_login_without_a_person,
    a_neighbouring_leader,
    a_superuser,
    an_administrator,
    an_educator,
)

pytestmark = pytest.mark.django_db

NAMED, UNNAMED = "reports:shared", "reports:shared_unnamed"
COMMENT = "Kan vi tale om det på fredag?"


@pytest.fixture
def team(noon):
    return a_team_with_a_reflection()


def reads(client, user, page=NAMED, words=REFLECTION):
    """Whether the words stand on the page when this user opens it."""
    client.force_login(user)
    answer = client.get(reverse(page), follow=True)
    return answer.status_code == 200 and words in answer.content.decode()


# --- Who might, and must not ----------------------------------------------------------------------------


def the_leader(team):
    return team.leader


def the_key_person(team):
    return key_person_of(team.unit)


def the_key_person_of_the_municipality(team):
    return key_person_of(team.municipality)


def a_deputy(team):
    return UserFactory(
        person=GrantFactory(unit=team.unit, role=Role.DEPUTY, ends_on=dt.date(2026, 12, 1)).person
    )


def a_deputy_whose_days_are_over(team):
    grant = GrantFactory(unit=team.unit, role=Role.DEPUTY, ends_on=dt.date(2026, 11, 22))
    return UserFactory(person=grant.person)


def a_neighbouring_key_person(team):
    return key_person_of(OrgUnitFactory(kind=UnitKind.TEAM, parent=team.municipality))


def a_leader_above(team):
    return UserFactory(person=GrantFactory(unit=team.municipality).person)


def a_former_educator(team):
    grant = GrantFactory(role=Role.EDUCATOR, unit=None, starts_on=dt.date(2024, 1, 1))
    end_grant(grant, on=dt.date(2026, 11, 22))
    return UserFactory(person=grant.person)


EVERYBODY = [
    the_leader,
    the_key_person,
    a_deputy,
    a_deputy_whose_days_are_over,
    a_colleague,
    a_neighbouring_leader,
    a_neighbouring_key_person,
    a_leader_above,
    a_former_leader,
    a_coming_leader,
    a_coordinator,
    an_educator,
    a_former_educator,
    an_administrator,
    a_superuser,
    a_login_without_a_person,
]


@pytest.mark.parametrize("audience", [None, *Audience])
def test_what_is_shared_is_read_by_those_it_is_shared_with_and_by_nobody_else(client, team, audience):
    everybody = {make.__name__: make(team) for make in EVERYBODY}
    if audience:
        share(team.assistant, audience)
    found = {
        (name, page)
        for name, user in everybody.items()
        for page in (NAMED, UNNAMED)
        if reads(client, user, page)
    }
    # Whoever reads only what has no name is led from the one page to the other.
    expected = {
        None: set(),
        Audience.LEADER: {("the_leader", NAMED), ("a_deputy", NAMED)},
        Audience.KEY_PERSON: {("the_key_person", NAMED)},
        Audience.UNNAMED: {
            (name, page) for name in ("a_coordinator", "an_educator") for page in (NAMED, UNNAMED)
        },
    }
    assert found == expected[audience]


def test_what_is_taken_back_is_gone_for_everybody_at_once(client, team):
    users = [team.leader, key_person_of(team.unit), an_educator(team), a_coordinator(team)]
    shared = [share(team.assistant, audience) for audience in Audience]
    pages = [NAMED, NAMED, UNNAMED, UNNAMED]
    assert [reads(client, *pair) for pair in zip(users, pages, strict=True)] == [True] * 4
    client.force_login(UserFactory(person=team.assistant))
    for row in shared:
        assert client.post(reverse("reports:take_back", args=[row.public_id])).status_code == 302
    assert [reads(client, *pair) for pair in zip(users, pages, strict=True)] == [False] * 4


def test_a_leader_who_goes_reads_it_no_longer_and_the_next_one_does(client, team, noon):
    share(team.assistant, Audience.LEADER)
    end_grant(team.leader.person.grants.get(), on=dt.date(2026, 11, 23))
    successor = UserFactory(person=GrantFactory(unit=team.unit, starts_on=dt.date(2026, 11, 23)).person)
    assert [reads(client, user) for user in (team.leader, successor)] == [True, False]
    noon(dt.date(2026, 11, 23))
    assert [reads(client, user) for user in (team.leader, successor)] == [False, True]


def test_who_moves_takes_it_along_to_nobody(client, team):
    key_person_of(team.unit)
    share(team.assistant, Audience.LEADER)
    share(team.assistant, Audience.KEY_PERSON)
    elsewhere = OrgUnitFactory(kind=UnitKind.TEAM, parent=team.municipality)
    new_leader = UserFactory(person=GrantFactory(unit=elsewhere).person)
    end_employment(team.assistant.employments.get(), on=dt.date(2026, 11, 22))
    EmploymentFactory(person=team.assistant, unit=elsewhere, starts_on=dt.date(2026, 11, 22))
    assert [reads(client, user) for user in (team.leader, new_leader)] == [False, False]
    # She sees that it stands and that nobody reads it, and may share it where she works now.
    client.force_login(UserFactory(person=team.assistant))
    page = client.get(reverse("reports:share_text", args=[text_of(team.assistant).public_id]))
    assert [row["said"] for row in page.context["standing"]] == ["", ""]
    assert [choice.unit for choice in page.context["form"].by_key.values()] == [elsewhere, None]
    share(team.assistant, Audience.LEADER)
    assert [reads(client, user) for user in (team.leader, new_leader)] == [False, True]


def test_of_two_workplaces_only_the_one_it_is_shared_in_reads_it(client, team):
    hospice = OrgUnitFactory(kind=UnitKind.HOSPICE, name="Hospice Limfjord")
    other = UserFactory(person=GrantFactory(unit=hospice).person)
    EmploymentFactory(person=team.assistant, unit=hospice)
    share(team.assistant, Audience.LEADER, unit=hospice)
    assert [reads(client, user) for user in (team.leader, other)] == [False, True]


def test_where_nobody_leads_the_unit_the_nearest_above_reads_and_a_key_person_near_too(client, team):
    end_grant(team.leader.person.grants.get(), on=dt.date(2026, 11, 22))
    above, near = a_leader_above(team), the_key_person_of_the_municipality(team)
    share(team.assistant, Audience.LEADER)
    share(team.assistant, Audience.KEY_PERSON)
    assert [reads(client, user) for user in (above, near, team.leader)] == [True, True, False]
    # A leader of the unit itself comes in between.
    GrantFactory(unit=team.unit)
    assert reads(client, above) is False


def test_a_leader_s_own_reflection_is_for_the_leader_above_and_not_for_herself(client, team):
    EmploymentFactory(person=team.leader.person, unit=team.unit)
    complete(team.leader.person, publish("Sorg"))
    above = a_leader_above(team)
    share(team.leader.person, Audience.LEADER)
    assert [reads(client, user) for user in (team.leader, above)] == [False, True]


def test_other_words_than_those_that_were_shared_are_not_read(client, team):
    share(team.assistant, Audience.LEADER)
    share(team.assistant, Audience.UNNAMED)
    row = text_of(team.assistant)
    free_text.write(row.enrolment, item=row.item, text=REFLECTION)  # saved again, unchanged
    assert reads(client, team.leader)
    free_text.write(row.enrolment, item=row.item, text="Noget helt andet, kun for mig.")
    assert reads(client, team.leader, words="kun for mig") is False
    assert reads(client, an_educator(team), UNNAMED, words="kun for mig") is False
    assert Sharing.objects.standing().count() == 0


def test_erased_words_are_gone_from_every_page(client, team):
    share(team.assistant, Audience.LEADER, comment=COMMENT)
    free_text.erase(text_of(team.assistant))
    assert reads(client, team.leader, words=COMMENT) is False
    # Written anew, they are private again.
    row = text_of(team.assistant)
    free_text.write(row.enrolment, item=row.item, text=REFLECTION)
    assert reads(client, team.leader) is False


def test_after_erasure_nothing_of_her_is_shared_with_anybody(client, team):
    for audience in (Audience.LEADER, Audience.UNNAMED):
        share(team.assistant, audience)
    reads(client, team.leader)
    erase_person(team.assistant)
    assert [reads(client, team.leader), reads(client, an_educator(team), UNNAMED)] == [False, False]
    assert (Sharing.objects.count(), Disclosure.objects.count()) == (0, 0)


# --- Without a name -----------------------------------------------------------------------------------


def test_without_a_name_nothing_on_the_page_tells_who_or_where_or_when(client, team):
    row = share(team.assistant, Audience.UNNAMED)
    client.force_login(an_educator(team))
    page = client.get(reverse(UNNAMED)).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    person = team.assistant
    secrets = [
        *(person.given_name, person.family_name, str(person.pseudonym), str(person.public_id)),
        *(team.unit.name, team.municipality.name, str(row.public_id), str(row.text.public_id)),
        *("sosu", "SOSU", "november", "2026", "12:00", "12.00"),
    ]
    assert REFLECTION in main
    assert [secret for secret in secrets if secret in main] == []


def test_the_order_without_names_is_not_the_order_in_which_they_were_shared(client, team):
    module = text_of(team.assistant).enrolment.edition
    people = [team.assistant, *(member(team.unit, "nurse") for _number in range(8))]
    for number, person in enumerate(people):
        if number:
            complete(person, module)
        text = text_of(person)
        FreeText.objects.filter(pk=text.pk).update(text=f"Tanke {number}")
        share(person, Audience.UNNAMED)
    client.force_login(an_educator(team))
    shown = [row["text"] for row in client.get(reverse(UNNAMED)).context["rows"]]
    by_id = Sharing.objects.order_by("public_id").values_list("text__text", flat=True)
    assert shown == list(by_id)
    assert sorted(shown) == [f"Tanke {number}" for number in range(9)]


def test_no_line_and_no_unit_go_with_what_has_no_name_in_the_database_either(team):
    with pytest.raises(ValidationError, match="navn"):
        share(team.assistant, Audience.UNNAMED, comment=COMMENT)
    row = share(team.assistant, Audience.UNNAMED)
    for told in ({"comment": COMMENT}, {"unit": team.unit}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Sharing.objects.filter(pk=row.pk).update(**told)


def test_reading_without_a_name_leaves_no_mark_that_joins_reader_and_writer(client, team):
    share(team.assistant, Audience.UNNAMED)
    assert reads(client, an_educator(team), UNNAMED)
    assert Disclosure.objects.count() == 0


# --- Who has looked -----------------------------------------------------------------------------------


def test_each_reader_by_name_stands_under_my_data_once_a_day(client, team, noon):
    share(team.assistant, Audience.LEADER)
    for day in (22, 22, 23):
        noon(dt.date(2026, 11, day))
        assert reads(client, team.leader)
    client.force_login(UserFactory(person=team.assistant))
    looks = client.get(reverse("reports:my_record")).context["looks"]
    assert [(str(look.viewer), look.what, look.on.day, look.rows) for look in looks] == [
        ("Lone Leder", "shared_text", 23, 1),
        ("Lone Leder", "shared_text", 22, 1),
    ]


def test_only_whose_words_were_on_the_opened_page_are_told(client, team, monkeypatch):
    monkeypatch.setattr("reports.views.sharing.SHARED_A_PAGE", 1)
    complete(team.nurse, publish("Sorg"))
    share(team.assistant, Audience.LEADER)
    share(team.nurse, Audience.LEADER)
    client.force_login(team.leader)
    shown = [row["person"] for row in client.get(reverse(NAMED)).context["rows"]]
    assert [row.subject for row in Disclosure.objects.all()] == shown == [team.nurse]


# --- The lists ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [NAMED, UNNAMED])
def test_a_list_takes_as_many_queries_for_three_as_for_one(client, team, page, django_assert_max_num_queries):
    user = UserFactory(person=GrantFactory(unit=team.municipality).person)
    GrantFactory(person=user.person, role=Role.EDUCATOR, unit=None)
    end_grant(team.leader.person.grants.get(), on=dt.date(2026, 11, 22))
    audience = Audience.LEADER if page == NAMED else Audience.UNNAMED
    client.force_login(user)
    counts = []
    for people in ([team.assistant], [team.nurse, team.helper]):
        for person in people:
            if person != team.assistant:
                complete(person, publish(f"Modul {person.pk}"))
            share(person, audience)
        client.get(reverse(page))
        with django_assert_max_num_queries(60) as queries:
            answer = client.get(reverse(page))
        counts.append(len(queries))
    assert (len(answer.context["rows"]), counts[0]) == (3, counts[1])


@pytest.mark.parametrize(
    ("who", "words"),
    [
        (the_leader, "Der er ikke delt noget med dig lige nu."),
        (the_key_person, "Der er ikke delt noget med dig lige nu."),
        (an_educator, "Der er ikke delt noget uden navn lige nu."),
        (a_colleague, "Du har ikke en af de roller lige nu."),
    ],
)
def test_an_empty_list_says_so(client, team, who, words):
    assert reads(client, who(team), words=words)


def test_whoever_is_not_logged_in_is_asked_to(client, team):
    row = share(team.assistant, Audience.LEADER)
    addresses = [
        reverse(NAMED),
        reverse(UNNAMED),
        reverse("reports:share_text", args=[row.text.public_id]),
        reverse("reports:take_back", args=[row.public_id]),
    ]
    assert [client.get(address).status_code for address in addresses] == [302] * 4
