"""A person is erased: her statements stay, and nothing leads from a name to them or back."""

import hashlib
import io
import json

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.urls import reverse
from wagtail.log_actions import log

from competencies.domain.self_assessments import assess
from competencies.domain.sign_offs import sign_off
from competencies.models import Competency, Evidence, SelfAssessment, SignOff
from courses.domain.error_reports import report_error
from courses.domain.task_notes import ask_for_more
from courses.models import Completion, ErrorReport, FreeText, TaskNote
from organisations.days import today
from organisations.domain.disclosures import note_disclosure
from organisations.domain.erasure import StillNeeded, erase_person
from organisations.enums import DisclosureKind, Role
from organisations.models import Person, User
from tests.factories.certification import EducationFactory
from tests.factories.competencies import load_framework
from tests.factories.organisations import GrantFactory, PersonFactory, UserFactory
from tests.factories.paths import a_path
from tests.factories.reports import (
    HANDED_IN,
    REFLECTION,
    a_team,
    complete,
    hand_in,
    hand_in_and_confirm,
    publish,
)
from tests.factories.xapi import ClientFactory, a_statement, an_attachment, credentials
from xapi import vocabulary
from xapi.attachments import Payload
from xapi.domain import documents
from xapi.domain.recording import record
from xapi.enums import DocumentKind
from xapi.etags import Condition
from xapi.models import Attachment, Document, DocumentContext, Statement, StatementAttachment
from xapi.projection import project_pending

pytestmark = pytest.mark.django_db

ATTENDED = "Nøglekursus for Unikke"
NOTED = "Unikkesen noterede dette"
REPORTED = "Her står noget forkert om morfin"
ASKED = "Skriv til mig, Signe, hvad du gjorde bagefter"
ASKS = "Ring til mig på lokal 4711"


@pytest.fixture
def team(noon):
    load_framework()
    return a_team()


@pytest.fixture
def nurse(team, client):
    """A nurse who has left a trace in every room."""
    nurse = team.nurse
    Person.objects.filter(pk=nurse.pk).update(authorisation_id="0AB1C", family_name="Unikkesen")
    nurse.refresh_from_db()
    user = UserFactory(person=nurse, email="signe.unik@lindra.example")
    edition = publish()
    edition.content["professions"] = ["nurse"]
    edition.save()
    a_path(edition)
    complete(nurse, edition)
    hand_in_and_confirm(nurse, publish("Sorg"), by=team.leader.person)
    # What she confirmed of another, reported, and was seen doing.
    hand_in_and_confirm(team.assistant, publish("Smerter"), by=nurse)
    report_error(edition, step=1, text=REPORTED, by=nurse)
    # What she was asked for at a task, and asked another for.
    ask_for_more(hand_in(nurse, publish("Kvalme")), text=ASKED, by=team.leader.person)
    ask_for_more(hand_in(team.assistant, publish("Kvalme")), text=ASKS, by=nurse)
    grant = GrantFactory(person=nurse, role=Role.KEY_PERSON, unit=team.unit)
    note_disclosure([nurse], viewer=team.leader.person, what=DisclosureKind.PERSON_PAGE)
    note_disclosure([team.assistant], viewer=nurse, what=DisclosureKind.PERSON_PAGE)
    education = EducationFactory(person=nurse)
    competency = Competency.objects.get(code="IDE-1")
    for person, by in ((nurse, team.leader.person), (team.assistant, nurse)):
        sign_off(
            person, competency=competency, level=3, basis="course", attended=ATTENDED, seen_on=today(), by=by
        )
    assess(nurse, {competency: 2})
    for row in (nurse, grant, user, nurse.employments.first(), education):
        log(row, action="wagtail.edit", user=team.leader)
    documents.put(
        DocumentContext.of(
            DocumentKind.STATE, activity="https://a.example/1", agent=vocabulary.actor_of(nurse.pseudonym)
        ),
        "notes",
        content=json.dumps({"note": NOTED}).encode(),
        content_type="application/json",
        condition=Condition(),
    )
    client.force_login(user)
    assert client.get("/mit/").status_code == 200
    project_pending()
    return nurse


def everything():
    """Every row of every table, as text, by model."""
    return {
        model._meta.label: [str(row) for row in model._default_manager.using("default").values()]
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy and model._meta.managed
    }


def where(words):
    """The models in which these words stand."""
    return sorted({label for label, rows in everything().items() for row in rows if str(words) in row})


def test_nothing_leads_from_a_name_to_her_statements_any_more(nurse, client):
    names = ["Signe", nurse.family_name, "signe.unik", "0AB1C", REFLECTION, HANDED_IN, REPORTED, ASKED, ASKS]
    keys = [nurse.public_id, *nurse.enrolments.values_list("registration", flat=True)]
    assert [name for name in names if not where(name)] == []
    pseudonym, statements = nurse.pseudonym, Statement.objects.of_learner(nurse.pseudonym).count()
    erase_person(nurse)
    project_pending()
    found = {name: where(name) for name in names}
    assert found.pop(HANDED_IN) == ["courses.FreeText"]  # the assistant's own words, the same in the factory
    assert [name for name, labels in found.items() if labels] == []
    assert FreeText.objects.filter(text=HANDED_IN).count() == 2
    # The words about the colleague whom she signed off are the colleague's; what she said of herself is gone.
    assert list(SignOff.objects.values_list("person__given_name", "signed_by")) == [("Anna", None)]
    assert SelfAssessment.objects.count() == 0
    # The pseudonym stands where nobody is named, and no key of hers stands beside anything else.
    assert where(pseudonym) == [
        "competencies.Evidence",
        "courses.Completion",
        "courses.Confirmation",
        "xapi.Statement",
    ]
    assert {label for key in keys for label in where(key)} <= {"xapi.Statement"}
    assert Statement.objects.of_learner(pseudonym).count() == statements


def test_what_systems_keep_about_her_goes(nurse):
    assert [bytes(row.content).decode() for row in Document.objects.all()] == [f'{{"note": "{NOTED}"}}']
    erase_person(nurse)
    assert Document.objects.count() == 0


def test_what_is_derived_is_what_the_statements_say_without_her(nurse):
    erase_person(nurse)
    project_pending()
    said = io.StringIO()
    call_command("rebuild", "--check", stdout=said)
    assert said.getvalue() == ""


def test_no_export_and_no_client_of_the_store_finds_her_by_name(nurse, client):
    pseudonym = str(nurse.pseudonym)
    erase_person(nurse)
    out = io.StringIO()
    call_command("xapi_export", stdout=out)
    assert pseudonym in out.getvalue()
    assert [word for word in ("Signe", "signe.unik", REFLECTION, REPORTED) if word in out.getvalue()] == []
    system = ClientFactory()
    answer = client.get("/xapi/statements", headers=credentials(system)).content.decode()
    assert [word for word in ("Signe", "signe.unik", REFLECTION, REPORTED) if word in answer] == []


def test_no_page_shows_her_any_more_and_she_is_logged_out(nurse, team, client):
    address, seen = nurse.public_id, []
    assert "Unikkesen" in client.get("/konto/").content.decode()
    erase_person(nurse)
    project_pending()
    assert client.get("/mit/").status_code == 302
    client.force_login(team.leader)
    pages = ["/team/", f"/team/{team.unit.public_id}/", "/bekraeft/", "/noeglepersoner/", "/mit/"]
    for page in pages:
        answer = client.get(page, follow=True)
        assert answer.status_code == 200, page
        seen.append("Signe" in answer.content.decode() or str(address) in answer.content.decode())
    assert seen == [False] * len(pages)
    assert client.get(f"/team/{team.unit.public_id}/{address}/").status_code == 404


def test_what_others_did_is_theirs_still(nurse, team):
    before = Completion.objects.of_learners([team.assistant.pseudonym]).count()
    others = Evidence.objects.of_learners([team.assistant.pseudonym])
    shown = list(others.values_list("statement", "level"))
    erase_person(nurse)
    project_pending()
    assert Completion.objects.of_learners([team.assistant.pseudonym]).count() == before
    assert list(others.values_list("statement", "level")) == shown
    assert shown != []
    report = ErrorReport.objects.get()
    assert (report.reporter, report.text, report.erased_at is None) == (None, "", False)
    # What she asked for is asked no more: the assistant's task waits to be confirmed again.
    note = TaskNote.objects.get()
    assert (note.enrolment.person, note.written_by, note.text, note.is_open) == (
        team.assistant,
        None,
        "",
        False,
    )


def test_who_approved_a_module_in_public_is_replaced_first(team):
    edition = publish()
    version = edition.version
    version.approved_by, version.approved_on = team.nurse, "2026-01-01"
    version.save()
    UserFactory(person=team.nurse)
    with pytest.raises(StillNeeded, match="M"):
        erase_person(team.nurse)
    assert Person.objects.filter(pk=team.nurse.pk).exists()
    assert User.objects.filter(person=team.nurse).exists()


def test_the_command_says_who_it_would_be_and_erases_only_when_told(capsys):
    person = PersonFactory(given_name="Bent", family_name="Bo")
    UserFactory(person=person, email="bent@lindra.example")
    call_command("erase_person", "--login", "Bent@lindra.example")
    assert capsys.readouterr().out.startswith("Bent Bo would be erased.")
    assert Person.objects.filter(pk=person.pk).exists()
    with pytest.raises(CommandError, match="no such person"):
        call_command("erase_person", "--login", "nobody@lindra.example", "--yes")
    call_command("erase_person", "--id", str(person.public_id), "--yes")
    assert (Person.objects.filter(pk=person.pk).exists(), User.objects.count()) == (False, 0)


def test_before_she_is_erased_she_takes_it_all_along(nurse, client):
    answer = client.get(reverse("reports:my_data_download"))
    assert answer.streaming
    data = json.loads(answer.getvalue())
    raw = Statement.objects.of_learner(nurse.pseudonym).in_order().values_list("raw", flat=True)
    assert data["statements"] == [json.loads(text) for text in raw]
    assert [row["text"] for row in data["written"]] == [REFLECTION, HANDED_IN, HANDED_IN]
    assert [row["text"] for row in data["was_asked_for_more"]] == [ASKED]
    assert [row["text"] for row in data["asked_for_more"]] == [ASKS]
    assert [row["text"] for row in data["error_reports"]] == [REPORTED]


def test_files_that_came_along_with_statements_about_her_go_and_others_stay(team):
    """A file or a signature may name her: nobody can tell by looking at bytes."""
    hers, other = team.nurse.pseudonym, team.assistant.pseudonym

    def said(learner, *given, **properties):
        statement = a_statement(learner, attachments=[an_attachment(data) for data in given], **properties)
        payloads = {hashlib.sha256(data).hexdigest(): Payload("text/plain", data) for data in given}
        return record(statement, payloads=payloads)

    about_her = [
        said(hers, b"Certificate: Signe Unikkesen", b"A leaflet"),
        said(other, b"What the leader thinks of Signe", object=vocabulary.actor_of(hers)),
    ]
    others = [
        said(other, b"A leaflet"),
        said(other, b"Hers as well", context={"instructor": vocabulary.actor_of(hers)}),
    ]
    erase_person(team.nurse)
    assert sorted(bytes(row.data) for row in Attachment.objects.all()) == [b"A leaflet", b"Hers as well"]
    assert set(StatementAttachment.objects.values_list("statement", flat=True)) == {
        row.uuid for row in others
    }
    stored = Statement.objects.filter(uuid__in=[row.uuid for row in about_her])
    assert sorted(stored.values_list("raw", flat=True)) == sorted(row.raw for row in about_her)
