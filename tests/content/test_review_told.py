"""What the people of the review read and see: what was done, what has changed, and which button is first."""

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.urls import reverse
from playwright.sync_api import expect
from wagtail.models import TaskState, WorkflowState

from content.models import ModulePage
from organisations.enums import Role
from tests.factories.editor import act, act_on_front_page, press, submit, with_role

NEW_WORDS = "Nye ord."
WHAT = "Vælg, om det er en rettelse af ordlyden eller en ændring af indholdet."


def told(answer):
    """The newest message: what those before her have read stays in the test's one browser."""
    return [str(message).strip() for message in get_messages(answer.wsgi_request)][-1]


def in_editor(client, user, page):
    client.force_login(user)
    return client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()


def compared(client, user, page):
    client.force_login(user)
    newest = ModulePage.objects.get(pk=page.pk).get_latest_revision()
    return client.get(reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, "live", newest.pk]))


# --- What was done --------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [act, act_on_front_page])
def test_whoever_approves_and_whoever_publishes_reads_that_she_has(
    module, client, author, reviewer, publisher, step
):
    submit(client, author, module, summary=NEW_WORDS)
    title = f"»{module.title}«"
    assert told(step(client, reviewer, module)) == f"Du har godkendt {title}. Det venter på at blive udgivet."
    assert told(step(client, publisher, module)) == f"Du har udgivet {title}."


def test_whoever_sends_it_back_reads_to_whom(module, client, author, reviewer):
    submit(client, author, module, summary=NEW_WORDS)
    answer = act_on_front_page(client, reviewer, module, "reject")
    name = author.person.full_name
    assert told(answer) == f"»{module.title}« er sendt tilbage til {name} med din kommentar."


def test_nothing_is_sent_back_without_a_comment(module, client, author, reviewer):
    submit(client, author, module, summary=NEW_WORDS)
    client.force_login(reviewer)
    state = TaskState.objects.for_instance(module).latest("pk")
    for name in ("workflow_action", "collect_workflow_action_data"):
        answer = client.post(
            reverse(f"wagtailadmin_pages:{name}", args=[module.pk, "reject", state.pk]),
            {"comment": " "},
            headers={"x-requested-with": "XMLHttpRequest"},
        )
        assert "Skriv, hvad der skal ændres. Forfatteren læser det." in answer.json()["html"]
    refused = act(client, reviewer, module, "reject")
    assert "Skriv, hvad der skal ændres." in refused.content.decode()
    assert WorkflowState.objects.for_instance(module).get().status == "in_progress"


def test_with_a_comment_the_editor_sends_it_back_too(module, client, author, reviewer):
    submit(client, author, module, summary=NEW_WORDS)
    pressed = {
        "workflow-action-name": "reject",
        "workflow-action-extra-data": '{"comment": "Mere om smerte"}',
    }
    press(client, reviewer, module, "action-workflow-action", **pressed)
    assert WorkflowState.objects.for_instance(module).get().status == "needs_changes"
    assert TaskState.objects.for_instance(module).get().comment == "Mere om smerte"


@pytest.mark.parametrize("sent", ["{", "[]", "3", "null", '{"comment": []}', '{"comment": "  "}'])
def test_what_is_sent_with_it_and_is_no_comment_sends_nothing_back(module, client, author, reviewer, sent):
    submit(client, author, module, summary=NEW_WORDS)
    pressed = {"workflow-action-name": "reject", "workflow-action-extra-data": sent}
    refused = press(client, reviewer, module, "action-workflow-action", **pressed)
    assert "Skriv, hvad der skal ændres." in refused.content.decode()
    assert WorkflowState.objects.for_instance(module).get().status == "in_progress"


def test_the_publisher_reads_who_approved_what_she_publishes(module, client, author, reviewer, publisher):
    submit(client, author, module, summary=NEW_WORDS)
    assert "venter på en faglig godkender." in in_editor(client, author, module)
    act(client, reviewer, module)
    said = in_editor(client, publisher, module)
    assert f"Det, der står her, er godkendt af {reviewer.person.full_name}, 22. november 2026." in said
    assert "Ingen faglig godkender har godkendt den version." in said
    assert "godkendt den endnu" not in said


# --- What has changed -----------------------------------------------------------------------------------


def test_the_reviewer_compares_what_waits_for_her_and_nothing_else(module, kinds, client, author, reviewer):
    press(client, author, kinds, summary=NEW_WORDS)
    assert compared(client, reviewer, kinds).status_code == 302
    submit(client, author, module, summary=NEW_WORDS)
    answer = compared(client, reviewer, module)
    assert answer.status_code == 200
    assert '<span class="addition">' in answer.content.decode()
    act(client, reviewer, module)
    assert compared(client, reviewer, module).status_code == 302


def test_the_reviewers_front_page_offers_no_draft_that_she_cannot_open(module, client, author, reviewer):
    submit(client, author, module, summary=NEW_WORDS)
    press(client, reviewer, module, summary="Andre ord.")
    home, draft = reverse("wagtailadmin_home"), reverse("wagtailadmin_pages:view_draft", args=[module.pk])
    client.force_login(reviewer)
    client.get(home)
    assert draft not in client.get(home).content.decode()
    press(client, author, module)
    client.force_login(author)
    assert draft in client.get(home).content.decode()


# --- Before it is sent, and while it waits --------------------------------------------------------------


def test_the_list_says_beforehand_that_the_kind_of_change_is_to_be_chosen(module, client, author):
    assert WHAT in in_editor(client, author, module)
    press(client, author, module, is_new_substance="False")
    said = in_editor(client, author, module)
    assert WHAT not in said
    assert "Der mangler ikke noget." in said


def test_a_refusal_does_not_say_that_nothing_was_saved(module, client, author):
    refused = press(client, author, module, "action-submit", is_new_substance="").content.decode()
    assert "Der skal rettes noget først." in refused
    assert "kunne ikke gemmes" not in refused


def test_while_it_waits_the_author_may_take_it_back_beside_the_first_button(module, client, author):
    submit(client, author, module, summary=NEW_WORDS)
    said = in_editor(client, author, module)
    assert said.index("Siden er låst") < said.index("Træk tilbage fra godkendelse")
    assert "Annuller arbejdsgang" not in said
    press(client, author, module, "action-cancel-workflow")
    assert not ModulePage.objects.get(pk=module.pk).workflow_in_progress


def test_the_reviewers_first_button_approves_and_enter_in_a_field_only_saves(
    module, client, page, live_server
):
    reviewer = with_role(Role.CLINICAL_REVIEWER)  # today: a browser's clock doesn't stop
    submit(client, with_role(Role.EDUCATOR), module, summary=NEW_WORDS)
    client.force_login(reviewer)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    address = reverse("wagtailadmin_pages:edit", args=[module.pk])
    page.goto(address)
    with page.expect_response(
        lambda answer: answer.request.method == "POST" and answer.url.endswith(address)
    ):
        page.locator("#id_code").press("Enter")
    page.wait_for_load_state()
    assert ModulePage.objects.get(pk=module.pk).current_workflow_task.name == "Faglig godkendelse"
    with page.expect_navigation():
        page.get_by_role("button", name="Godkend", exact=True).click()
    expect(page.get_by_text("Du har godkendt")).to_be_visible()
    assert ModulePage.objects.get(pk=module.pk).current_workflow_task.name == "Udgivelse"
