"""The page on which she shares a reflection of hers and takes it back: hers alone."""

import json
from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from courses.domain import free_text, sharing
from courses.enums import Audience
from courses.models import FreeText, Sharing
from organisations.enums import UnitKind
from tests.factories.organisations import (
    GrantFactory,
    OrgUnitFactory,
    UserFactory,
)
from tests.factories.reports import (
    HANDED_IN,
    hand_in,
    key_person_of,
    publish,
)
from tests.factories.sharing import a_team_with_a_reflection, share, text_of

pytestmark = pytest.mark.django_db

COMMENT = "Kan vi tale om det på fredag?"


@pytest.fixture
def team(noon):
    return a_team_with_a_reflection()


def test_she_shares_on_the_page_by_name_of_who_reads_and_takes_back_there(client, team):
    key_person_of(team.unit)
    text = text_of(team.assistant)
    address = reverse("reports:share_text", args=[text.public_id])
    client.force_login(UserFactory(person=team.assistant))
    choices = list(client.get(address).context["form"].fields["with_whom"].choices)
    assert [label for _key, label in choices] == [
        "Din leder i Hjemmeplejen Nord: Lone Leder",
        "Nøglepersoner for Hjemmeplejen Nord: Nete Nøgleperson",
        "Undervisere og regioner, uden dit navn",
    ]
    for _click in range(2):
        client.post(address, {"with_whom": choices[0][0], "comment": COMMENT})
    row = Sharing.objects.get()
    assert (row.audience, row.unit, row.comment) == ("leader", team.unit, COMMENT)
    assert "Fortryd delingen" in client.get(address).content.decode()
    assert "Du deler den" in client.get(reverse("reports:my_record")).content.decode()
    assert client.get(reverse("reports:take_back", args=[row.public_id])).status_code == 405
    for _click in range(2):
        client.post(reverse("reports:take_back", args=[row.public_id]))
    row.refresh_from_db()
    assert row.taken_back_at is not None
    # And again later: a new row, the old one keeps its days.
    client.post(address, {"with_whom": choices[0][0]})
    assert Sharing.objects.count() == 2


@pytest.mark.parametrize("who", ["a colleague", "the leader", "nobody's log-in"])
def test_nobody_shares_or_takes_back_for_another(client, team, who):
    row = share(team.assistant, Audience.LEADER)
    users = {
        "a colleague": UserFactory(person=team.nurse),
        "the leader": team.leader,
        "nobody's log-in": UserFactory(person=None, is_superuser=True),
    }
    client.force_login(users[who])
    address = reverse("reports:share_text", args=[row.text.public_id])
    assert client.get(address).status_code == 404
    assert client.post(address, {"with_whom": "unnamed"}).status_code == 404
    assert client.post(reverse("reports:take_back", args=[row.public_id])).status_code == 404
    assert Sharing.objects.standing().count() == 1


def test_with_whom_she_may_not_share_is_refused_and_her_line_comes_back(client, team):
    text = text_of(team.assistant)
    neighbour = OrgUnitFactory(kind=UnitKind.TEAM, parent=team.municipality)
    GrantFactory(unit=neighbour)
    client.force_login(UserFactory(person=team.assistant))
    answer = client.post(
        reverse("reports:share_text", args=[text.public_id]),
        {"with_whom": f"leader.{neighbour.public_id}", "comment": COMMENT},
    )
    assert (answer.status_code, COMMENT in answer.content.decode()) == (422, True)
    assert Sharing.objects.count() == 0


def test_a_practice_task_and_erased_words_cannot_be_shared(client, team):
    hand_in(team.assistant, publish("Sorg"))
    task = FreeText.objects.get(text=HANDED_IN)
    client.force_login(UserFactory(person=team.assistant))
    assert client.get(reverse("reports:share_text", args=[task.public_id])).status_code == 404
    choice = sharing.choices_for(team.assistant)[0]
    with pytest.raises(ValidationError, match="refleksion"):
        sharing.share(task, with_whom=choice)
    row = text_of(team.assistant)
    free_text.erase(row)
    assert client.get(reverse("reports:share_text", args=[row.public_id])).status_code == 404
    with pytest.raises(ValidationError, match="slettet"):
        sharing.share(row, with_whom=choice)


def test_the_download_says_what_was_shared_with_whom_and_until_when(client, team):
    sharing.take_back(share(team.assistant, Audience.LEADER, comment=COMMENT))
    share(team.assistant, Audience.UNNAMED)
    client.force_login(UserFactory(person=team.assistant))
    data = json.loads(client.get(reverse("reports:my_data_download")).getvalue())
    said = [
        (row["with"], row["unit"], row["line"], row["taken_back_at"] is None)
        for row in data["written"][0]["shared"]
    ]
    assert said == [("unnamed", None, "", True), ("leader", "Hjemmeplejen Nord", COMMENT, False)]


@pytest.mark.parametrize(
    ("address", "is_safe"),
    [
        ("/moduler/m/trin/6/#item-x", True),
        ("https://example.org/", False),
        ("//example.org/", False),
        ("", False),
    ],
)
def test_the_way_back_to_a_step_is_kept_through_sharing_and_leads_nowhere_outside(
    client, team, address, is_safe
):
    client.force_login(UserFactory(person=team.assistant))
    page = reverse("reports:share_text", args=[text_of(team.assistant).public_id])
    asked = f"{page}?{urlencode({'next': address})}"
    key = client.get(asked).context["form"].fields["with_whom"].choices[0][0]
    after = asked if is_safe else page
    assert client.post(asked, {"with_whom": key}).headers["Location"] == after
    back = reverse("reports:take_back", args=[Sharing.objects.get().public_id])
    assert client.post(f"{back}?{urlencode({'next': address})}").headers["Location"] == after
    shown = client.get(asked)
    assert [url for _title, url in shown.context["trail"]] == [
        address if is_safe else reverse("reports:my_record")
    ]
    assert ("Tilbage til trinnet" in shown.content.decode()) == is_safe
