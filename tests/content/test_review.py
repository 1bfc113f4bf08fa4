"""From author to clinical reviewer to publisher, and nobody around it."""

import datetime as dt

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse
from django.utils.formats import date_format
from wagtail.models import GroupPagePermission, TaskState, WorkflowState
from wagtail_localize.models import Translation

from content import catalogue
from content.domain import translating
from content.models import ModulePage
from courses.models import Edition, ModuleVersion
from organisations.days import today
from organisations.domain.groups import EDUCATORS
from organisations.enums import Role
from tests.factories.editor import act, act_on_front_page, count_queries, press, submit, with_role
from tests.factories.organisations import EmploymentFactory, GrantFactory, UserFactory

NEW_WORDS = "Nye ord."
OTHERS_WORDS = "Andre ord."


def waits_at(page):
    state = WorkflowState.objects.for_instance(page).active().first()
    return state and (state.status, state.current_task_state.task.name)


def live_words(page):
    return ModulePage.objects.get(pk=page.pk).summary


# --- The way --------------------------------------------------------------------------------------------


def test_the_way_goes_from_the_author_to_the_reviewer_to_the_publisher(
    module, client, author, reviewer, publisher, learner, noon
):
    old_words = live_words(module)
    submit(client, author, module, summary=NEW_WORDS)
    assert waits_at(module) == ("in_progress", "Faglig godkendelse")
    assert act(client, reviewer, module).url == reverse("wagtailadmin_home")
    assert waits_at(module) == ("in_progress", "Udgivelse")
    assert live_words(module) == old_words
    noon(dt.date(2026, 11, 25))
    publisher.refresh_from_db()
    act(client, publisher, module)
    assert waits_at(module) is None
    assert live_words(module) == NEW_WORDS
    version = ModuleVersion.objects.get()
    assert (version.approved_by, str(version.approved_on)) == (reviewer.person, "2026-11-22")
    said = client.get(module.url).content.decode()
    assert f"Version 1: godkendt af {reviewer.person.full_name}, 22. november 2026." in said


def test_a_reviewer_is_told_by_mail_that_something_waits(module, client, author, reviewer):
    submit(client, author, module, summary=NEW_WORDS)
    assert [reviewer.email] in [message.to for message in mail.outbox]


def test_the_reviewer_asks_for_changes_and_the_author_submits_again(module, client, author, reviewer):
    submit(client, author, module, summary=NEW_WORDS)
    act_on_front_page(client, reviewer, module, "reject")
    assert waits_at(module) == ("needs_changes", "Faglig godkendelse")
    submit(client, author, module, summary=OTHERS_WORDS)
    assert waits_at(module) == ("in_progress", "Faglig godkendelse")


def test_the_author_cannot_approve_her_own_module(module, client, author, publisher):
    GrantFactory(person=author.person, role=Role.CLINICAL_REVIEWER, unit=None)
    submit(client, author, module, summary=NEW_WORDS)
    act(client, author, module)
    act_on_front_page(client, author, module)
    assert waits_at(module) == ("in_progress", "Faglig godkendelse")
    said = client.get(reverse("wagtailadmin_pages:edit", args=[module.pk])).content.decode()
    assert "En anden godkender det." in said


def test_nor_with_her_other_log_in(module, client, author):
    second = with_role(Role.CLINICAL_REVIEWER, person=author.person)
    submit(client, author, module, summary=NEW_WORDS)
    act_on_front_page(client, second, module)
    assert waits_at(module) == ("in_progress", "Faglig godkendelse")


def test_nor_when_a_colleague_submits_it(module, client, author):
    GrantFactory(person=author.person, role=Role.CLINICAL_REVIEWER, unit=None)
    press(client, author, module, summary=NEW_WORDS)
    submit(client, with_role(Role.EDUCATOR), module)
    act_on_front_page(client, author, module)
    assert waits_at(module) == ("in_progress", "Faglig godkendelse")


def test_a_reviewer_who_writes_in_the_module_leaves_the_approval_to_another(module, client, author, reviewer):
    submit(client, author, module, summary=NEW_WORDS)
    refused = press(
        client,
        reviewer,
        module,
        "action-workflow-action",
        **{"workflow-action-name": "approve", "summary": OTHERS_WORDS},
    )
    assert "kan du ikke selv godkende" in refused.content.decode()
    assert OTHERS_WORDS in refused.content.decode()
    press(client, reviewer, module, summary=OTHERS_WORDS)
    act(client, reviewer, module)
    assert waits_at(module) == ("in_progress", "Faglig godkendelse")
    act(client, with_role(Role.CLINICAL_REVIEWER), module)
    assert waits_at(module) == ("in_progress", "Udgivelse")


def test_from_the_list_of_what_waits_only_what_was_submitted_is_approved(module, client, author, reviewer):
    """What is read there is the text as it was submitted, whatever another reviewer has made of it since."""
    editor = reverse("wagtailadmin_pages:edit", args=[module.pk])
    submit(client, author, module, summary=NEW_WORDS)
    press(client, with_role(Role.CLINICAL_REVIEWER), module, summary=OTHERS_WORDS)
    assert act_on_front_page(client, reviewer, module).url == editor
    assert waits_at(module) == ("in_progress", "Faglig godkendelse")
    assert "Nogen har ændret modulet" in client.get(editor).content.decode()
    act(client, reviewer, module)
    assert waits_at(module) == ("in_progress", "Udgivelse")
    approved = TaskState.objects.for_instance(module).get(status=TaskState.STATUS_APPROVED)
    assert approved.revision.content["summary"] == OTHERS_WORDS


@pytest.mark.parametrize("method", ["get", "post"])
def test_nor_with_a_comment(module, client, author, reviewer, method):
    submit(client, author, module, summary=NEW_WORDS)
    press(client, with_role(Role.CLINICAL_REVIEWER), module, summary=OTHERS_WORDS)
    client.force_login(reviewer)
    state = TaskState.objects.for_instance(module).latest("pk")
    answer = getattr(client, method)(
        reverse("wagtailadmin_pages:workflow_action", args=[module.pk, "approve", state.pk]),
        {"comment": "Ja."},
        headers={"x-requested-with": "XMLHttpRequest"},
    )
    assert answer.json() == {
        "step": "success",
        "redirect": reverse("wagtailadmin_pages:edit", args=[module.pk]),
    }
    assert waits_at(module) == ("in_progress", "Faglig godkendelse")


def test_the_list_approves_the_same_words_saved_again_and_asks_for_changes_of_others(
    module, client, author, reviewer
):
    other = with_role(Role.CLINICAL_REVIEWER)
    submit(client, author, module, summary=NEW_WORDS)
    press(client, other, module, summary=OTHERS_WORDS)
    act_on_front_page(client, reviewer, module, "reject")
    assert waits_at(module) == ("needs_changes", "Faglig godkendelse")
    submit(client, author, module, summary=NEW_WORDS)
    press(client, other, module)
    act_on_front_page(client, reviewer, module)
    assert waits_at(module) == ("in_progress", "Udgivelse")


def test_opening_and_saving_the_same_words_makes_nobody_an_author(module, client, author, reviewer):
    submit(client, author, module, summary=NEW_WORDS)
    press(client, reviewer, module)
    act(client, reviewer, module)
    assert waits_at(module) == ("in_progress", "Udgivelse")


def test_what_the_publisher_changes_goes_back_to_the_reviewer(module, client, author, reviewer, publisher):
    submit(client, author, module, summary=NEW_WORDS)
    act(client, reviewer, module)
    press(client, publisher, module, summary=OTHERS_WORDS)
    act(client, publisher, module)
    assert waits_at(module) == ("in_progress", "Faglig godkendelse")
    assert live_words(module) != OTHERS_WORDS
    act(client, reviewer, module)
    act(client, publisher, module)
    assert live_words(module) == OTHERS_WORDS


def test_what_is_changed_on_the_publishers_wish_is_reviewed_again(
    module, client, author, reviewer, publisher
):
    submit(client, author, module, summary=NEW_WORDS)
    act(client, reviewer, module)
    act_on_front_page(client, publisher, module, "reject")
    submit(client, author, module, summary=OTHERS_WORDS)
    assert waits_at(module) == ("in_progress", "Faglig godkendelse")


def test_an_approved_draft_is_not_written_over(module, client, author, reviewer):
    GrantFactory(person=author.person, role=Role.ADMINISTRATOR, unit=None)
    submit(client, author, module, summary=NEW_WORDS)
    act(client, reviewer, module)
    page = ModulePage.objects.get(pk=module.pk)
    approved = page.get_latest_revision()
    draft = approved.as_object()
    draft.summary = OTHERS_WORDS
    made = draft.save_revision(user=author, overwrite_revision=approved)
    assert made.pk != approved.pk
    approved.refresh_from_db()
    assert approved.content["summary"] == NEW_WORDS


def test_a_review_without_changes_moves_the_day_of_the_next(
    module, client, author, reviewer, publisher, noon
):
    noon(dt.date(2029, 11, 30))
    for user in (author, reviewer, publisher):
        user.refresh_from_db()
    submit(client, author, module)
    act(client, reviewer, module)
    act(client, publisher, module)
    version = ModuleVersion.objects.get()
    assert (str(version.approved_on), str(version.review_due_on)) == ("2029-11-30", "2032-11-29")
    assert Edition.objects.count() == 2


def test_the_authors_own_day_of_review_stands_whoever_approves_it(
    module, client, author, reviewer, publisher, learner
):
    soon = today() + dt.timedelta(days=200)
    submit(client, author, module, review_due_on=soon)
    act(client, reviewer, module)
    act(client, publisher, module)
    version = ModuleVersion.objects.get()
    assert (version.review_due_on, version.approved_by) == (soon, reviewer.person)
    client.force_login(learner)
    assert date_format(soon) in client.get(module.url).content.decode()


@pytest.mark.parametrize("days", [-1, 3 * 365 + 1])
def test_a_day_of_review_that_has_passed_or_is_too_far_is_named_before_the_review(
    module, client, author, days
):
    day = today() + dt.timedelta(days=days)
    said = submit(client, author, module, review_due_on=day).content.decode()
    assert "Vælg en dag fra i dag til " in said
    assert day.isoformat() in said
    assert waits_at(module) is None


def test_a_page_that_is_no_longer_side_by_side_is_reviewed_and_the_version_keeps_its_own_approval(
    module, english, client, author, reviewer, publisher
):
    Translation.objects.filter(pk=translating.take_over(english).pk).update(enabled=False)
    submit(client, author, english, summary="New words.")
    act(client, reviewer, english)
    act(client, publisher, english)
    assert live_words(english) == "New words."
    assert not ModuleVersion.objects.get().is_approved


# --- Not around it ----------------------------------------------------------------------------------------


@pytest.fixture(params=["educator", "administrator", "superuser"])
def somebody(request, author, publisher):
    if request.param == "superuser":
        return UserFactory(is_superuser=True, is_staff=True)
    return {"educator": author, "administrator": publisher}[request.param]


def test_nobody_publishes_a_module_around_the_review(module, client, somebody):
    old_words = live_words(module)
    press(client, somebody, module, "action-publish", summary=NEW_WORDS, is_new_substance="False")
    client.post(
        reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"]) + f"?id={module.pk}",
        {"include_descendants": "on"},
    )
    draft = ModulePage.objects.get(pk=module.pk).get_latest_revision()
    with pytest.raises(PermissionDenied):
        draft.publish(user=somebody)
    assert draft.content["summary"] == NEW_WORDS
    assert live_words(module) == old_words
    said = client.get(reverse("wagtailadmin_pages:edit", args=[module.pk])).content.decode()
    assert 'name="action-publish"' not in said


def test_nobody_makes_a_module_live_or_mirrors_it_around_the_review(module, client, somebody):
    index = module.get_parent().specific
    assert not index.permissions_for_user(somebody).can_publish_subpage()
    client.force_login(somebody)
    for how in ("publish_copies", "alias"):
        client.post(
            reverse("wagtailadmin_pages:copy", args=[module.pk]),
            {
                "new_title": "Kopi",
                "new_slug": how.replace("_", "-"),
                "new_parent_page": index.pk,
                how: "on",
            },
        )
    assert [page.slug for page in ModulePage.objects.live().child_of(index)] == ["se-det-i-tide"]


def test_who_is_neither_reviewer_nor_publisher_cannot_act(module, client, author, reviewer, publisher):
    within_a_unit = with_role(Role.ADMINISTRATOR, unit=EmploymentFactory().unit)
    others = [with_role(Role.LOCAL_EDITOR, unit=EmploymentFactory().unit), within_a_unit]
    submit(client, author, module, summary=NEW_WORDS)
    for user in [*others, with_role(Role.EDUCATOR), publisher]:
        act_on_front_page(client, user, module)
    assert waits_at(module) == ("in_progress", "Faglig godkendelse")
    act(client, reviewer, module)
    for user in [*others, with_role(Role.EDUCATOR), reviewer]:
        act_on_front_page(client, user, module)
    assert waits_at(module) == ("in_progress", "Udgivelse")


def test_a_role_that_has_ended_approves_nothing_though_the_group_is_still_there(module, client, author):
    gone = with_role(Role.CLINICAL_REVIEWER, ends_on=dt.date(2026, 11, 23))
    submit(client, author, module, summary=NEW_WORDS)
    person = gone.person
    person.grants.update(ends_on=dt.date(2026, 11, 22))
    act_on_front_page(client, gone, module)
    assert waits_at(module) == ("in_progress", "Faglig godkendelse")


def test_loading_again_takes_the_right_to_publish_from_an_older_installation(module):
    index = module.get_parent()
    group = index.group_permissions.filter(group__name=EDUCATORS).first().group
    GroupPagePermission.objects.create(group=group, page=index, permission_type="publish")
    for _twice in range(2):
        catalogue.load_site(catalogue.read("site.json"))
    assert not group.page_permissions.filter(permission__codename="publish_page").exists()
    workflow = module.get_workflow()
    assert [task.name for task in workflow.tasks] == ["Faglig godkendelse", "Udgivelse"]
    assert workflow.workflow_pages.count() == 2


# --- The day of review ------------------------------------------------------------------------------------


def test_a_module_whose_day_has_passed_says_so_to_learners_and_to_its_owners(
    module, client, author, reviewer, publisher, learner, noon
):
    client.force_login(learner)
    assert "skulle have været gennemgået" not in client.get(module.url).content.decode()
    home = reverse("wagtailadmin_home")
    client.force_login(author)
    assert "Moduler, der skal gennemgås" not in client.get(home).content.decode()
    due = ModuleVersion.objects.get().review_due_on
    noon(due + dt.timedelta(days=1))
    client.force_login(learner)
    said = client.get(module.url).content.decode()
    assert f"Modulet skulle have været gennemgået senest {date_format(due)}." in said
    for user in (author, reviewer, publisher):
        client.force_login(user)
        said = client.get(home).content.decode()
        assert "Moduler, der skal gennemgås" in said
        assert "Dagen er passeret" in said
    client.force_login(with_role(Role.LOCAL_EDITOR, unit=EmploymentFactory().unit))
    assert "Moduler, der skal gennemgås" not in client.get(home).content.decode()


def test_the_front_page_takes_the_same_number_of_queries_for_one_and_for_three(module, client, author, noon):
    noon(dt.date(2029, 11, 22))
    client.force_login(author)
    home = reverse("wagtailadmin_home")
    client.get(home)
    one = count_queries(client, home)
    for code in ("M91", "M92"):
        data = catalogue.read("modules/M02.json")
        data["code"], data["slug"] = code, code.lower()
        catalogue.load_module(data, index=module.get_parent().specific)
    ModuleVersion.objects.update(review_due_on=dt.date(2029, 11, 1))
    assert count_queries(client, home) == one


def test_a_module_from_nothing_is_version_one_with_its_reviewer(module, client, author, reviewer, publisher):
    page = module.copy(update_attrs={"slug": "ny", "title": "Ny"}, user=author)
    assert client.get("/moduler/ny/").status_code == 404
    submit(client, author, page, is_new_substance="")
    act(client, reviewer, page)
    act(client, publisher, page)
    version = ModuleVersion.objects.get(module__key=page.translation_key)
    assert (version.number, version.approved_by) == (1, reviewer.person)
    assert client.get("/moduler/ny/").status_code == 200


def test_what_was_approved_goes_live_on_the_day_it_was_set_to(
    module, client, author, reviewer, publisher, noon
):
    go_live_at = "2026-11-25 08:00"
    submit(client, author, module, summary=NEW_WORDS, go_live_at=go_live_at)
    act(client, reviewer, module)
    act(client, publisher, module)
    assert live_words(module) != NEW_WORDS
    noon(dt.date(2026, 11, 25))
    call_command("publish_scheduled")
    assert live_words(module) == NEW_WORDS
    assert str(ModuleVersion.objects.get().approved_on) == "2026-11-22"


def test_the_editor_opens_for_a_new_module_and_for_an_older_draft(module, client, author):
    index, draft = module.get_parent(), module.get_latest_revision()
    press(client, author, module, summary=NEW_WORDS)
    for address in (
        reverse("wagtailadmin_pages:add", args=["content", "modulepage", index.pk]),
        reverse("wagtailadmin_pages:revisions_revert", args=[module.pk, draft.pk]),
    ):
        said = client.get(address).content.decode()
        assert 'name="summary"' in said
        assert 'name="action-publish"' not in said
