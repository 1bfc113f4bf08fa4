"""What is missing before a module is submitted, and what its publishing means to those who completed it."""

import datetime as dt
import json

from django.urls import reverse
from wagtail.models import WorkflowState

from competencies.models import Evidence
from content.domain.readiness import find_missing
from content.models import ModulePage
from courses.domain import enrolment
from courses.models import Completion, Edition
from organisations.models import Profession
from organisations.small_groups import smallest_group
from tests.factories.courses import answer_all
from tests.factories.editor import act, count_queries, press, submit
from tests.factories.organisations import EmploymentFactory

NEW_WORDS = "Nye ord."


def waits(page):
    return WorkflowState.objects.for_instance(page).active().exists()


def newest():
    return Edition.objects.filter(language="da").newest_first().first()


def complete_module(*people):
    edition = newest()
    for person in people:
        going = enrolment.begin(person, edition=edition)
        answer_all(going)
        enrolment.finish(going)


# --- What is missing --------------------------------------------------------------------------------------


def questions_of(steps):
    return [block for step in steps for block in step["value"]["body"] if block["type"] == "question"]


def without_source(module):
    steps = json.loads(json.dumps(list(module.steps.raw_data)))
    questions_of(steps)[0]["value"] |= {"source": "", "source_year": ""}
    return steps


def test_nothing_is_missing_of_what_comes_with_the_product(kinds):
    assert find_missing(kinds) == []


def test_what_is_missing_is_one_list_before_it_is_submitted_and_after(module, client, author):
    steps = without_source(module)
    press(client, author, module, steps=steps, summary="", is_new_substance="False")
    edit = reverse("wagtailadmin_pages:edit", args=[module.pk])
    for answered in (client.get(edit), submit(client, author, module)):
        said = answered.content.decode()
        start = said.index("Det mangler i det, der er gemt:")
        listed = said[start : said.index("</ul>", start)]
        assert listed.count("<li>") == 3, listed
        assert "Kort om modulet:" in listed
        assert "Trin 2, Spørgsmål, Kilde: " in listed
    assert not waits(module)


# --- Versions ---------------------------------------------------------------------------------------------


def publish(client, author, reviewer, publisher, page, **fields):
    submit(client, author, page, **fields)
    act(client, reviewer, page)
    act(client, publisher, page)


def test_a_correction_keeps_the_version_and_the_evidence(
    module, client, author, reviewer, publisher, learner
):
    complete_module(learner.person)
    before = sorted(Evidence.objects.values_list("competency__code", "level"))
    publish(client, author, reviewer, publisher, module, summary=NEW_WORDS)
    assert newest().revision == "1.3"
    assert before
    assert sorted(Evidence.objects.values_list("competency__code", "level")) == before
    client.force_login(learner)
    assert "ny version" not in client.get(module.url).content.decode()


def test_a_change_of_substance_makes_a_version_and_asks_who_completed_the_old_one(
    module, client, author, reviewer, publisher, learner
):
    complete_module(learner.person)
    before = Evidence.objects.count()
    publish(client, author, reviewer, publisher, module, summary=NEW_WORDS, is_new_substance="True")
    assert newest().revision == "2.1"
    assert Completion.objects.get().version.number == 1
    assert Evidence.objects.count() == before > 0
    client.force_login(learner)
    said = client.get(module.url).content.decode()
    assert "ny version" in said
    assert "Version 2" not in said
    client.post(f"{module.url}begynd/")
    said = client.get(module.url).content.decode()
    assert f"Version 2: godkendt af {reviewer.person.full_name}" in said
    assert "Version 1: blev aldrig godkendt." in said


def test_the_author_has_to_say_which(module, client, author):
    refused = submit(client, author, module, summary=NEW_WORDS, is_new_substance="")
    assert (
        "Vælg, om det er en rettelse af ordlyden eller en ændring af indholdet." in refused.content.decode()
    )
    assert not waits(module)


def other_right_answer(module):
    steps = json.loads(json.dumps(list(module.steps.raw_data)))
    options = [option["value"] for option in questions_of(steps)[0]["value"]["options"]]
    right = [option["is_correct"] for option in options]
    for option, other in zip(options, [*right[1:], right[0]], strict=True):
        option["is_correct"] = other
    return steps


def test_another_right_answer_is_never_a_correction(module, client, author, reviewer, publisher):
    steps = other_right_answer(module)
    refused = submit(client, author, module, steps=steps)
    assert (
        "Hvad der er det rigtige svar, eller hvor et valg fører hen, er ændret." in refused.content.decode()
    )
    assert not waits(module)
    publish(client, author, reviewer, publisher, module, steps=steps, is_new_substance="True")
    assert newest().revision == "2.1"


def test_another_right_answer_makes_a_version_whoever_publishes_it(module):
    page = ModulePage.objects.get(pk=module.pk)
    page.steps = page.steps.stream_block.to_python(other_right_answer(module))
    page.save_revision().publish()
    assert newest().revision == "2.1"


def test_another_level_is_never_a_correction(module, client, author):
    row = next(n for n, one in enumerate(module.outcomes.all()) if one.earned_by == "confirmed_practice_task")
    refused = submit(client, author, module, **{f"outcomes-{row}-level": 1})
    assert "Hvad modulet kan vise, er ændret" in refused.content.decode()
    press(client, author, module, **{f"outcomes-{row}-level": 1})
    said = client.get(reverse("wagtailadmin_pages:edit", args=[module.pk])).content.decode()
    assert "Det, du har gemt, bliver til version 2, uanset hvad du vælger nedenfor:" in said


# --- Whom a new version asks ------------------------------------------------------------------------------


def learners(code, number, *, ends_on=None):
    people = [
        EmploymentFactory(profession=Profession.objects.get(code=code), ends_on=ends_on).person
        for _ in range(number)
    ]
    complete_module(*people)
    return people


def asked_list(client, user, page):
    client.force_login(user)
    said = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    start = said.index("Hvem en ny version beder om at tage modulet igen")
    return said, " ".join(said[start : said.index("</ul>", start)].split())


def test_the_author_sees_how_many_of_each_profession_a_new_version_asks(module, client, author):
    learners("nurse", smallest_group())
    learners("doctor", 2)
    learners("physiotherapist", 3)
    learners("nurse", 1, ends_on=dt.date(2026, 11, 1))
    _said, listed = asked_list(client, author, module)
    assert "Sygeplejerske: 5" in listed
    assert "Andre faggrupper tilsammen: 5" in listed
    assert "Læge" not in listed


def test_few_are_not_counted_and_nobody_is_named(module, client, author):
    named = [*learners("nurse", smallest_group()), *learners("doctor", smallest_group() - 1)]
    said, listed = asked_list(client, author, module)
    assert "Sygeplejerske: 5" in listed
    assert "Andre faggrupper tilsammen: færre end 5" in listed
    assert "9" not in listed
    assert "4" not in listed.replace("w-h-4", "")
    for person in named:
        assert person.full_name not in said
        assert str(person.pseudonym) not in said


def test_with_nobody_to_ask_it_says_so(module, client, author):
    client.force_login(author)
    said = client.get(reverse("wagtailadmin_pages:edit", args=[module.pk])).content.decode()
    assert "Ingen, der arbejder her i dag, har gennemført det." in said


def test_the_editor_takes_the_same_number_of_queries_for_few_and_many(module, client, author):
    edit = reverse("wagtailadmin_pages:edit", args=[module.pk])
    client.force_login(author)
    learners("nurse", 1)
    client.get(edit)
    few = count_queries(client, edit)
    learners("doctor", 3)
    learners("physiotherapist", 3)
    assert count_queries(client, edit) == few
