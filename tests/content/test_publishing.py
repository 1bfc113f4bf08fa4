"""From the editor's page to the frozen edition."""

import datetime as dt
import json

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.actions.publish_page_revision import PublishPageRevisionAction

from competencies.models import Contribution
from content import catalogue
from content.missing import NotReady
from content.models import ModuleOutcome, ModulePage
from courses.domain import enrolment
from courses.models import Edition, ModuleVersion


def revisions():
    return [edition.revision for edition in Edition.objects.order_by("pk")]


def publish(page, **changes):
    page = ModulePage.objects.get(pk=page.pk)
    for field, value in changes.items():
        setattr(page, field, value)
    page.save_revision().publish()


def test_loading_makes_one_version_with_an_edition_a_language(module):
    assert [(e.revision, e.language) for e in Edition.objects.order_by("number")] == [
        ("1.1", "da"),
        ("1.2", "en"),
    ]


def test_loading_again_leaves_everything_as_it_is(module):
    publish(module, title="Redaktørens titel")
    catalogue.load_module(catalogue.read("modules/M02.json"), index=module.get_parent().specific)
    assert ModulePage.objects.get(pk=module.pk).title == "Redaktørens titel"
    assert ModulePage.objects.count() == 2


def test_every_contribution_of_the_file_is_bound_to_the_version(module):
    assert sorted(Contribution.objects.values_list("competency__code", "level", "earned_by")) == [
        ("IDE-1", 1, "answers"),
        ("IDE-1", 2, "confirmed_practice_task"),
        ("IDE-2", 1, "answers"),
        ("PSE-1", 1, "answers"),
        ("SYM-1", 1, "answers"),
    ]


def test_a_correction_of_wording_keeps_the_version(module):
    publish(module, summary="Bedre ord.")
    assert revisions() == ["1.1", "1.2", "1.3"]


def test_publishing_the_same_again_makes_no_edition(module):
    publish(module)
    assert revisions() == ["1.1", "1.2"]


def test_the_author_says_that_the_substance_changed_and_the_mark_is_used_once(module):
    publish(module, summary="Ny substans.", is_new_substance=True)
    assert revisions()[-1] == "2.1"
    publish(module, summary="Kun ord.")
    assert revisions()[-1] == "2.2"


def test_the_editors_own_publish_button_makes_the_edition(module, educator):
    # The edit view runs this action itself and never calls page.publish().
    page = ModulePage.objects.get(pk=module.pk)
    page.summary = "Trykket på knappen."
    revision = page.save_revision()
    PublishPageRevisionAction(revision, user=educator).execute(skip_permission_checks=True)
    assert Edition.objects.latest("pk").content["summary"] == "Trykket på knappen."
    assert revisions() == ["1.1", "1.2", "1.3"]


def test_what_the_author_said_of_the_change_is_gone_when_the_editor_opens_the_page_again(module):
    publish(module, is_new_substance=True)
    assert ModulePage.objects.get(pk=module.pk).get_latest_revision_as_object().is_new_substance is None


def test_another_outcome_is_a_new_version_and_old_evidence_keeps_its_own(module):
    page = ModulePage.objects.get(pk=module.pk)
    page.outcomes = [ModuleOutcome(competency=page.outcomes.first().competency, level=1, earned_by="answers")]
    page.save_revision().publish()
    first, second = ModuleVersion.objects.order_by("number")
    assert (first.contributions.count(), second.contributions.count()) == (5, 1)


def test_a_draft_and_a_scheduled_page_make_no_edition_yet(module):
    page = ModulePage.objects.get(pk=module.pk)
    page.summary = "Kladde."
    page.save_revision()
    page.go_live_at = timezone.now() + dt.timedelta(days=1)
    page.save_revision().publish()
    assert revisions() == ["1.1", "1.2"]


def test_a_translation_whose_items_are_out_of_date_is_refused_with_words(module, english):
    steps = json.loads(json.dumps([dict(step) for step in module.steps.raw_data]))
    del steps[2]["value"]["body"][1]
    publish(module, steps=steps)
    with pytest.raises(NotReady):
        publish(english, summary="Still the old items.")
    assert ModulePage.objects.get(pk=english.pk).summary != "Still the old items."
    assert revisions() == ["1.1", "1.2", "2.1"]


def test_a_copy_is_another_module_a_draft_and_not_served(module, client):
    copy = module.copy(update_attrs={"slug": "kopi", "title": "Kopi"})
    assert copy.live is False
    assert copy.translation_key != module.translation_key
    assert client.get("/moduler/kopi/").status_code == 404


def test_a_live_page_without_an_edition_is_not_served(module, client):
    Edition.objects.all().delete()
    assert client.get(module.url).status_code == 404


def test_a_version_awaits_approval_until_a_named_reviewer_approves_that_version(module, client, learner):
    assert "Afventer faglig godkendelse" in client.get(module.url).content.decode()
    version = ModuleVersion.objects.get()
    version.approved_by, version.approved_on = learner.person, dt.date(2026, 11, 20)
    version.save()
    said = client.get(module.url).content.decode()
    assert "Afventer faglig godkendelse" not in said
    assert learner.person.full_name in said
    publish(module, summary="Ny substans.", is_new_substance=True)
    assert "Afventer faglig godkendelse" in client.get(module.url).content.decode()


def test_a_learner_in_the_middle_keeps_what_she_began_when_the_module_changes(module, learner, client):
    client.force_login(learner)
    client.post(f"{module.url}begynd/")
    publish(module, title="En anden titel", is_new_substance=True)
    assert "Se det i tide" in client.get(f"{module.url}trin/1/").content.decode()
    going = enrolment.open_enrolment(learner.person, key=module.translation_key)
    assert going.edition.revision == "1.1"


def test_an_outcome_above_what_its_way_can_show_is_refused(module):
    outcome = ModuleOutcome(competency=module.outcomes.first().competency, level=2, earned_by="answers")
    with pytest.raises(ValidationError):
        outcome.clean()


def test_a_data_file_with_an_unknown_competency_is_refused_and_nothing_is_made(module):
    data = catalogue.read("modules/M02.json")
    data["code"], data["slug"] = "M99", "m99"
    data["outcomes"][0]["competency"] = "XXX-1"
    with pytest.raises(catalogue.CatalogueError, match="XXX-1"):
        catalogue.load_module(data, index=module.get_parent().specific)
    assert ModulePage.objects.count() == 2
