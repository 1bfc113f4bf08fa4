"""Practice tasks that wait, and confirming them."""

import pytest
from django.urls import reverse

from courses.domain import practice
from courses.models import Confirmation
from organisations.enums import UnitKind
from tests.factories.competencies import load_framework
from tests.factories.organisations import GrantFactory, OrgUnitFactory, UserFactory
from tests.factories.reports import HANDED_IN, a_team, complete, hand_in, key_person_of, member, publish
from xapi.projection import project

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(noon):
    load_framework()
    return a_team()


def tasks(client):
    return [row.person.given_name for row in client.get(reverse("reports:confirm")).context["awaiting"]]


def test_the_learner_s_text_and_one_button_stand_at_each_task(client, team):
    hand_in(team.nurse, publish())
    hand_in(team.assistant, publish("Sorg"))
    client.force_login(team.leader)
    page = client.get(reverse("reports:confirm")).content.decode()
    assert (page.count(HANDED_IN), page.count('name="task"')) == (2, 2)
    # A day, and no time of day: 12:00 is when they handed in.
    assert ("22. november 2026" in page, "12:00" in page) == (True, False)


@pytest.mark.parametrize("who", ["leader", "key person"])
def test_confirming_moves_the_profile_and_the_task_is_gone(client, team, who):
    submission = hand_in(team.nurse, publish())
    user = team.leader if who == "leader" else key_person_of(team.unit)
    client.force_login(user)
    response = client.post(reverse("reports:confirm"), {"task": submission.statement})
    assert (response.status_code, response["Location"]) == (302, "/bekraeft/")
    confirmation = Confirmation.objects.get()
    assert (confirmation.learner, confirmation.confirmed_by) == (team.nurse.pseudonym, user.person.pseudonym)
    assert tasks(client) == []
    client.force_login(UserFactory(person=team.nurse))
    standing = client.get(reverse("reports:profile")).context["standing"]
    assert (standing.reached, standing.required) == (1, 43)


def test_a_second_click_says_that_nothing_has_changed(client, team):
    submission = hand_in(team.nurse, publish())
    client.force_login(team.leader)
    client.post(reverse("reports:confirm"), {"task": submission.statement})
    response = client.post(reverse("reports:confirm"), {"task": submission.statement}, follow=True)
    assert (response.status_code, [message.level_tag for message in response.context["messages"]]) == (
        200,
        # The first click's page wasn't fetched, so its message is shown here too.
        ["success", "info"],
    )
    assert Confirmation.objects.count() == 1


def test_a_task_keeps_its_address_when_derived_rows_are_made_anew(client, team):
    submission = hand_in(team.nurse, publish())
    statement = submission.statement
    submission.delete()
    project(team.nurse.pseudonym)
    client.force_login(team.leader)
    assert client.post(reverse("reports:confirm"), {"task": statement}).status_code == 302


def test_nobody_confirms_her_own(client, team):
    submission = hand_in(team.nurse, publish())
    user = UserFactory(person=team.nurse)
    GrantFactory(person=team.nurse, unit=team.unit)
    client.force_login(user)
    assert tasks(client) == []
    assert client.post(reverse("reports:confirm"), {"task": submission.statement}).status_code == 404


def test_a_module_taken_without_its_task_waits_for_nobody(client, team):
    complete(team.nurse, publish())
    client.force_login(team.leader)
    assert tasks(client) == []


def confirm(client, *submissions, **data):
    tasks = [submission.statement for submission in submissions]
    return client.post(reverse("reports:confirm"), {"task": tasks, **data}, follow=True)


def said(response):
    return [message.level_tag for message in response.context["messages"]]


def test_several_are_confirmed_at_once(client, team):
    chosen = [hand_in(person, publish()) for person in (team.nurse, team.assistant)]
    hand_in(team.helper, publish())
    client.force_login(team.leader)
    response = confirm(client, *chosen)
    assert (said(response), tasks(client)) == (["success", "success"], ["Hanne"])
    assert Confirmation.objects.count() == 2


def test_with_nothing_chosen_the_page_says_so_and_confirms_nothing(client, team):
    for person in (team.nurse, team.assistant):
        hand_in(person, publish())
    client.force_login(team.leader)
    response = client.post(reverse("reports:confirm"))
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["task"])
    assert 'role="alert"' in response.content.decode()
    assert (tasks(client), Confirmation.objects.count()) == (["Signe", "Anna"], 0)


def test_a_task_s_own_button_confirms_it_alone_whatever_else_is_chosen(client, team):
    first, second = [hand_in(person, publish()) for person in (team.nurse, team.assistant)]
    client.force_login(team.leader)
    confirm(client, first, only=second.statement)
    assert tasks(client) == ["Signe"]


def test_a_task_that_is_somebody_else_s_confirms_nothing_at_all(client, team):
    own = hand_in(team.nurse, publish())
    elsewhere = hand_in(member(OrgUnitFactory(), "nurse"), publish())
    client.force_login(team.leader)
    for wrong in (elsewhere.statement, "nonsense", "00000000-0000-4000-8000-000000000000"):
        response = client.post(reverse("reports:confirm"), {"task": [own.statement, wrong]})
        assert response.status_code == 404
    assert (tasks(client), Confirmation.objects.count()) == (["Signe"], 0)


def test_one_that_another_has_confirmed_meanwhile_is_said_and_the_rest_is_confirmed(client, team):
    first, second = [hand_in(person, publish()) for person in (team.nurse, team.assistant)]
    practice.confirm(first, by=key_person_of(team.unit).person)
    client.force_login(team.leader)
    assert (said(confirm(client, first, second)), tasks(client)) == (["success", "info"], [])
    assert said(confirm(client, first, second)) == ["info"]
    assert Confirmation.objects.count() == 2


def test_the_same_task_twice_in_one_form_is_confirmed_once(client, team):
    submission = hand_in(team.nurse, publish())
    client.force_login(team.leader)
    assert said(confirm(client, submission, submission)) == ["success"]
    assert Confirmation.objects.count() == 1


def test_one_task_alone_has_a_button_and_nothing_to_choose(client, team):
    hand_in(team.nurse, publish())
    client.force_login(team.leader)
    page = client.get(reverse("reports:confirm")).content.decode()
    assert (page.count('type="checkbox"'), page.count('name="only"')) == (0, 1)


def test_another_task_of_the_same_person_is_still_waiting(client, team):
    first = hand_in(team.nurse, publish())
    hand_in(team.nurse, publish("Sorg"))
    client.force_login(team.leader)
    client.post(reverse("reports:confirm"), {"task": first.statement})
    assert tasks(client) == ["Signe"]


def test_it_takes_as_many_queries_for_three_tasks_as_for_one(client, team, django_assert_max_num_queries):
    client.force_login(team.leader)
    counts = []
    for people in ([team.nurse], [team.assistant, team.helper]):
        for person in people:
            hand_in(person, publish(f"Modul {person.pk}"))
        tasks(client)
        with django_assert_max_num_queries(60) as queries:
            tasks(client)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_whoever_is_not_logged_in_is_asked_to(client):
    assert client.get(reverse("reports:confirm")).status_code == 302


def test_the_team_s_page_leads_to_the_tasks_of_that_unit_and_on_to_all(client, team):
    other = OrgUnitFactory(kind=UnitKind.TEAM, parent=team.municipality, name="Hjemmeplejen Syd")
    GrantFactory(person=team.leader.person, unit=other)
    here, elsewhere = hand_in(team.nurse, publish()), hand_in(member(other, "nurse", "Ulla"), publish("Sorg"))
    client.force_login(team.leader)
    address = f"{reverse('reports:confirm')}?enhed={team.unit.public_id}"
    unit_page = client.get(reverse("reports:team_unit", args=[team.unit.public_id]))
    assert f'href="{address}"' in unit_page.content.decode()
    page = client.get(address)
    assert [row.submission.statement for row in page.context["awaiting"]] == [here.statement]
    html = page.content.decode()
    assert ("Se alle 2 praksisopgaver, der venter" in html, f'action="{address}"' in html) == (True, True)
    response = client.post(address, {"only": here.statement})
    assert response["Location"] == address
    empty = client.get(address)
    assert "Der venter ingen praksisopgaver fra Hjemmeplejen Nord" in empty.content.decode()
    assert [row.submission.statement for row in client.get("/bekraeft/").context["awaiting"]] == [
        elsewhere.statement
    ]


@pytest.mark.parametrize("named", ["of another leader", "nonsense"])
def test_a_unit_that_she_does_not_lead_narrows_nothing(client, team, named):
    hand_in(team.nurse, publish())
    client.force_login(team.leader)
    unit = OrgUnitFactory(kind=UnitKind.TEAM).public_id if named == "of another leader" else named
    assert len(client.get(reverse("reports:confirm"), {"enhed": unit}).context["awaiting"]) == 1


def test_the_file_of_a_unit_s_tasks_holds_that_unit_s_alone(client, team):
    other = OrgUnitFactory(kind=UnitKind.TEAM, parent=team.municipality, name="Hjemmeplejen Syd")
    GrantFactory(person=team.leader.person, unit=other)
    hand_in(team.nurse, publish())
    hand_in(member(other, "nurse", "Ulla"), publish("Sorg"))
    client.force_login(team.leader)
    page = client.get(reverse("reports:confirm"), {"enhed": team.unit.public_id})
    address = dict(page.context["downloads"])["csv"]
    text = client.get(address).content.decode("utf-8-sig")
    assert ("Signe" in text, "Ulla" in text) == (True, False)
