"""What nobody means to happen to a module and its answers, and does: it ends in words, and loses nothing."""

import pytest
from django.test import Client
from django.urls import reverse

from content.models import ModulePage
from courses.domain import enrolment
from courses.domain.insight import insight
from courses.models import Attempt, Edition, ErrorReport, FreeText
from organisations.enums import Role
from tests.factories.courses import answer_all
from tests.factories.editor import press, with_role
from tests.factories.organisations import GrantFactory, UserFactory

SCRIPT = "Ord <script>alert(1)</script> <img src=x onerror=alert(1)>"


def newest(page):
    return Edition.objects.of_module(page.translation_key).in_language("da").newest_first().first()


# --- A deleted block with answers -----------------------------------------------------------------------


def test_a_question_that_was_deleted_keeps_its_answers_and_whoever_began_finishes_with_it(
    kinds, learner, client, item_of
):
    client.force_login(learner)
    client.post(f"{kinds.url}begynd/")
    going = enrolment.open_enrolment(learner.person, key=kinds.translation_key)
    item = item_of("single_choice")
    answer_all(going)
    answered = Attempt.objects.count()
    steps = kinds.steps.get_prep_value()
    for step in steps:
        kept = [block for block in step["value"]["body"] if f"{step['id']}_{block['id']}" != item]
        step["value"]["body"] = kept
    page = ModulePage.objects.get(pk=kinds.pk)
    page.steps = page.steps.stream_block.to_python(steps)
    page.save_revision().publish()
    assert item not in newest(kinds).items
    assert Attempt.objects.count() == answered
    shown = client.get(f"{kinds.url}trin/{going.edition.step_of(item)}/")
    assert going.edition.items[item]["text"] in shown.content.decode()
    right = going.edition.grading[item]["correct"][0]
    assert client.post(f"{kinds.url}svar/{item}/", {"response": right}, follow=True).status_code == 200
    assert enrolment.finish(going).completed
    counted = insight(going.edition.version, language="da")
    assert item in {question.item for question in counted.questions}
    new = UserFactory()
    client.force_login(new)
    client.post(f"{kinds.url}begynd/")
    assert client.post(f"{kinds.url}svar/{item}/", {"response": right}).status_code == 404


# --- HTML and scripts in what people write --------------------------------------------------------------


@pytest.mark.parametrize("kind", ["short_answer", "practice_task", "reflection"])
def test_a_script_in_what_a_learner_writes_is_words_wherever_it_is_read(
    kinds, learner, client, item_of, kind
):
    leader = UserFactory()
    unit = learner.person.employments.get().unit
    GrantFactory(person=leader.person, role=Role.LEADER, unit=unit)
    client.force_login(learner)
    client.post(f"{kinds.url}begynd/")
    item = item_of(kind)
    client.post(f"{kinds.url}tekst/{item}/", {"text": SCRIPT})
    assert FreeText.objects.get().text == SCRIPT
    step = newest(kinds).step_of(item)
    read = [
        client.get(f"{kinds.url}trin/{step}/").content.decode(),
        client.get(reverse("reports:my_record")).content.decode(),
    ]
    client.force_login(leader)
    read.append(client.get(reverse("reports:confirm")).content.decode())
    assert "&lt;script&gt;alert(1)" in "".join(read)
    for page in read:
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_a_script_in_a_report_of_an_error_is_words_for_whoever_answers_it(kinds, learner, client):
    client.force_login(learner)
    client.post(f"{kinds.url}begynd/")
    client.post(f"{kinds.url}trin/1/fejl/", {"text": SCRIPT})
    report = ErrorReport.objects.get()
    client.force_login(with_role(Role.EDUCATOR))
    for name, args in (("errorreport:index", []), ("errorreport:edit", [report.pk])):
        read = client.get(reverse(name, args=args)).content.decode()
        assert "alert(1)" in read
        assert "<script>alert" not in read
        assert "<img src=x" not in read


# --- Two browsers at once -------------------------------------------------------------------------------


def test_two_educators_who_save_the_same_module_both_find_their_words_in_its_history(kinds, client, author):
    other = with_role(Role.EDUCATOR)
    before = kinds.revisions.count()
    press(client, author, kinds, "action-save", summary="Den enes ord.")
    press(client, other, kinds, "action-save", summary="Den andens ord.")
    kept = list(kinds.revisions.order_by("-pk")[: kinds.revisions.count() - before])
    assert [(draft.content["summary"], draft.user) for draft in kept] == [
        ("Den andens ord.", other),
        ("Den enes ord.", author),
    ]


def test_what_a_colleague_saved_is_not_written_over(kinds, client, author):
    other = with_role(Role.EDUCATOR)
    press(client, author, kinds, "action-save", summary="Den enes ord.")
    first = ModulePage.objects.get(pk=kinds.pk).latest_revision
    press(client, other, kinds, "action-save", summary="Den andens ord.", overwrite_revision_id=first.pk)
    first.refresh_from_db()
    assert (first.content["summary"], first.user) == ("Den enes ord.", author)


def test_two_browsers_of_one_learner_go_through_the_same_taking(kinds, learner, item_of, client):
    other = Client()
    for browser in (client, other):
        browser.force_login(learner)
        browser.post(f"{kinds.url}begynd/")
    item = item_of("single_choice")
    right = newest(kinds).grading[item]["correct"][0]
    client.post(f"{kinds.url}svar/{item}/", {"response": right})
    # What was answered in the one is answered in the other, which may answer again.
    step = f"{kinds.url}trin/{newest(kinds).step_of(item)}/"
    assert "content-feedback" in other.get(step).content.decode()
    other.post(f"{kinds.url}svar/{item}/", {"response": right})
    assert list(Attempt.objects.values_list("success", flat=True)) == [True, True]
    assert learner.person.enrolments.count() == 1
