"""Old statements are removed, and everything that rests on one stays as it was."""

import io
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from certification.models import Certificate
from competencies.models import Evidence
from courses.domain import enrolment, practice
from courses.models import Completion, Confirmation
from tests.factories.courses import answer
from tests.factories.organisations import PersonFactory
from tests.factories.paths import a_path
from tests.factories.reports import complete, hand_in, publish
from tests.factories.retention import BEFORE, NOW, OLD, a_nurse, removed, settle
from tests.factories.xapi import ClientFactory, a_statement, a_voiding
from xapi import vocabulary
from xapi.domain.clients import change_client
from xapi.domain.recording import StatementConflict, record, record_batch
from xapi.domain.retention import count_removable
from xapi.models import (
    Forwarding,
    Referral,
    Removal,
    Statement,
    StatementId,
    StatementKey,
)
from xapi.projection import stages
from xapi.querysets import AppendOnlyError

pytestmark = pytest.mark.django_db


@pytest.fixture
def signe(noon):
    noon(OLD)
    return a_nurse()


def derived():
    people = sorted({row for row in Statement.objects.values_list("learner", flat=True) if row})
    return [stage.rows(person) for stage in stages() for person in people]


def nothing_drifts():
    said = io.StringIO()
    call_command("rebuild", "--check", stdout=said)
    return said.getvalue() == ""


def verbs():
    names = Statement.objects.order_by("seq").values_list("verb", flat=True)
    return [verb.rsplit("/", 1)[1] for verb in names]


def test_what_a_completion_evidence_and_a_certificate_rest_on_stays(signe, noon):
    edition = publish()
    edition.content["professions"] = ["nurse"]
    edition.save()
    a_path(edition)
    going = complete(signe, edition)
    submission = hand_in(signe, publish("Sorg"))
    practice.confirm(submission, by=PersonFactory())
    settle()
    assert [model.objects.count() for model in (Completion, Confirmation, Evidence, Certificate)] == [
        1,
        1,
        2,
        1,
    ]
    before, certificate = derived(), Certificate.objects.values().get()
    system = ClientFactory()
    noise = [
        record(a_statement(signe.pseudonym, verb), client=system)
        for verb in (vocabulary.INITIALIZED, vocabulary.PROGRESSED, vocabulary.ANSWERED)
    ]
    record(a_statement(actor={"mbox": "mailto:a@a.example"}), client=system)
    settle()
    count = Statement.objects.count()
    noon(NOW)
    done = removed()
    begun = Statement.objects.filter(verb=vocabulary.INITIALIZED)
    assert (done.removed + done.kept, Statement.objects.count()) == (count, done.kept)
    assert done.removed == 4 + 2 + 1  # the noise, that she began each module, and that she reflected
    assert not begun.exists()
    assert not Statement.objects.filter(uuid__in=[row.uuid for row in noise]).exists()
    assert derived() == before
    assert Certificate.objects.values().get() == certificate
    assert nothing_drifts()
    call_command("rebuild", stdout=io.StringIO())
    assert derived() == before
    assert going.registration in set(Statement.objects.values_list("registration", flat=True))


def test_what_she_has_answered_in_a_module_that_is_still_open_stays_and_she_can_finish_it(signe, noon):
    edition = publish()
    going = enrolment.begin(signe, edition=edition)
    items = edition.graded_items
    answer(going, items[0], "tell")
    settle()
    noon(NOW)
    removed()
    assert verbs() == ["answered"]
    for item in items[1:]:
        answer(going, item, "tell")
    enrolment.finish(going)
    assert Completion.objects.count() == 1
    assert nothing_drifts()


def test_what_is_younger_stays_by_when_it_was_stored(signe, noon):
    noon(NOW)
    record(a_statement(timestamp="2001-01-01T00:00:00Z"))
    assert removed().removed == 0
    noon(OLD)
    record(a_statement(timestamp="2026-01-01T00:00:00Z"))
    settle()
    noon(NOW)
    assert (removed().removed, Statement.objects.count()) == (1, 1)


def test_a_learner_who_waits_to_be_recomputed_loses_nothing_yet(signe, noon):
    record(a_statement(signe.pseudonym))
    noon(NOW)
    assert removed().removed == 0
    settle()
    assert removed().removed == 1


def test_a_second_completion_stays_to_stand_in_for_the_first(signe, noon):
    edition = publish()
    iri = edition.version.module.iri
    system = ClientFactory(trusted_prefixes=[iri])
    first = record(a_statement(signe.pseudonym, vocabulary.COMPLETED, iri), client=system)
    second = record(a_statement(signe.pseudonym, vocabulary.PASSED, iri), client=system)
    settle()
    noon(NOW)
    assert removed().removed == 0
    record(a_voiding(first.uuid), client=system)
    settle()
    assert Completion.objects.get().statement == second.uuid
    assert nothing_drifts()


def test_a_completion_that_is_not_trusted_yet_stays_for_the_day_on_which_it_is(signe, noon):
    edition = publish()
    system = ClientFactory()
    record(a_statement(signe.pseudonym, vocabulary.COMPLETED, edition.version.module.iri), client=system)
    settle()
    noon(NOW)
    assert removed().removed == 0
    change_client(
        system,
        scopes=system.scopes,
        trusted_prefixes=[edition.version.module.iri],
        expires_at=None,
        requests_a_minute=None,
    )
    settle()
    assert Completion.objects.count() == 1


def test_nothing_that_was_voided_stands_again(signe, noon):
    edition = publish()
    iri = edition.version.module.iri
    system = ClientFactory(trusted_prefixes=["https://lindra.example/"])
    completed = record(a_statement(signe.pseudonym, vocabulary.COMPLETED, iri), client=system)
    noise = record(a_statement(signe.pseudonym), client=system)
    voidings = [record(a_voiding(row.uuid), client=system) for row in (completed, noise)]
    early = record(a_voiding(uuid.uuid4()), client=system)
    settle()
    noon(NOW)
    assert removed().removed == 1  # the noise; then nothing needs its voiding any more
    assert removed().removed == 1
    assert removed().removed == 0
    assert set(Statement.objects.values_list("uuid", flat=True)) == {
        completed.uuid,
        voidings[0].uuid,
        early.uuid,
    }
    assert Referral.objects.count() == 1
    assert Completion.objects.count() == 0
    assert nothing_drifts()


def test_the_id_of_what_was_removed_stays_taken(signe, noon):
    said = a_statement(id=str(uuid.uuid4()), object={"objectType": "Agent", "mbox": "mailto:a@a.example"})
    record(said)
    settle()
    noon(NOW)
    removed()
    assert (Statement.objects.count(), StatementKey.objects.count(), StatementId.objects.count()) == (
        0,
        0,
        1,
    )
    for again in (said, {**said, "verb": {"id": "https://a.example/other"}}):
        with pytest.raises(
            StatementConflict, match=f"^The statement {said['id']} was here, and has been removed"
        ):
            record_batch([a_statement(), again])
    assert Statement.objects.count() == 0


def test_what_another_store_has_not_been_sent_yet_stays(signe, noon):
    rows = [record(a_statement()) for _ in range(3)]
    settle()
    forwarding = Forwarding.objects.create(
        name="Region", endpoint="https://lrs.example/", key="k", secret_name="MIDT", cursor=rows[0].seq
    )
    noon(NOW)
    assert removed().removed == 1
    Forwarding.objects.filter(pk=forwarding.pk).update(is_active=False)
    assert removed().removed == 2


def test_a_removal_is_recorded_with_who_when_why_until_when_and_how_many(signe, noon):
    record(a_statement())
    settle()
    noon(NOW)
    removed()
    row = Removal.objects.get()
    assert (row.by, row.reason, row.before, row.removed, row.kept) == (
        "drift",
        "Older than five years",
        BEFORE,
        1,
        0,
    )
    assert row.began_at == row.finished_at == timezone.now()


@pytest.mark.parametrize("given", [{"reason": " "}, {"by": ""}])
def test_nothing_is_removed_without_a_reason_or_a_name(signe, noon, given):
    record(a_statement())
    settle()
    noon(NOW)
    with pytest.raises(ValueError, match="reason"):
        removed(**given)
    assert (Statement.objects.count(), Removal.objects.count()) == (1, 0)


def test_everybody_else_still_finds_statements_append_only(signe):
    row = record(a_statement())
    for attempt in (row.delete, Statement.objects.all().delete, lambda: Statement.objects.update(raw="{}")):
        with pytest.raises(AppendOnlyError):
            attempt()


def test_many_batches_are_one_removal_and_an_interrupted_one_is_simply_run_again(signe, noon, monkeypatch):
    monkeypatch.setattr("xapi.domain.retention.BATCH", 3)
    for _ in range(10):
        record(a_statement())
    settle()
    noon(NOW)
    held = []

    def fall(batch):
        held.append(batch)
        if len(held) == 3:
            raise KeyboardInterrupt
        return set()

    with monkeypatch.context() as patch:
        patch.setattr("courses.holds.held", fall)
        with pytest.raises(KeyboardInterrupt):
            removed()
    assert (Statement.objects.count(), Removal.objects.get().removed, Removal.objects.get().finished_at) == (
        4,
        6,
        None,
    )
    assert removed().removed == 4


def test_the_command_counts_first_and_asks_for_a_reason(signe, noon, capsys):
    record(a_statement())
    settle()
    noon(NOW)
    call_command("xapi_retain", "--before", "2025-01-01", "--dry-run")
    assert capsys.readouterr().out == "1 would be removed, 0 kept because something rests on them\n"
    assert (Statement.objects.count(), Removal.objects.count()) == (1, 0)
    assert count_removable(before=BEFORE) == (1, 0)
    with pytest.raises(CommandError, match="reason"):
        call_command("xapi_retain", "--before", "2025-01-01")
    with pytest.raises(CommandError, match="future"):
        call_command("xapi_retain", "--before", "2027-01-01", "--reason", "All of it")
    call_command("xapi_retain", "--before", "2025-01-01", "--reason", "Five years", "--by", "Ida Bro")
    assert capsys.readouterr().out == "1 removed, 0 kept because something rests on them\n"
    assert Removal.objects.get().by == "Ida Bro"


def test_how_often_the_rooms_are_asked_does_not_grow_with_the_statements(
    signe, noon, django_assert_max_num_queries
):
    counts = []
    for count in (1, 30):
        for _ in range(count):
            record(a_statement(signe.pseudonym))
        settle()
        noon(NOW)
        with django_assert_max_num_queries(60) as queries:
            removed()
        counts.append(len(queries))
        noon(OLD)
    assert counts[0] == counts[1]
