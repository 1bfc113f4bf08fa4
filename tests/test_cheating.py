"""Systems outside that would make somebody competent who isn't: nothing of it arrives at evidence.

Each posts over HTTP as a real client of the store, everyone is projected as a worker would, and
`rebuild --check` finds nothing.
"""

import io
import uuid

import pytest
from django.core.management import call_command
from django.utils import timezone

from competencies.domain.sign_offs import LEVEL, competency_iri, sign_off
from competencies.enums import EarnedBy
from competencies.models import Evidence
from courses.domain import answers, enrolment, free_text
from courses.models import Attempt, Completion, Confirmation, ItemSubmission
from organisations.days import today
from tests.factories.competencies import ContributionFactory, load_framework
from tests.factories.courses import FIRST, SECOND, TASK, publish
from tests.factories.organisations import PersonFactory, UserFactory
from tests.factories.xapi import ClientFactory, a_statement, a_voiding, credentials
from xapi import vocabulary
from xapi.domain.clients import change_client, revoke_client
from xapi.models import Client, PendingLearner, Statement
from xapi.projection import project_pending

pytestmark = pytest.mark.django_db

MODULES = "https://lindra.example/id/modules/"


@pytest.fixture
def signe():
    return PersonFactory(given_name="Signe")


@pytest.fixture
def edition(noon):
    """A module whose answers and whose practice task each show something."""
    edition = publish()
    competency = load_framework().domains.first().competencies.first()
    for way in (EarnedBy.ANSWERS, EarnedBy.CONFIRMED_PRACTICE):
        ContributionFactory(version=edition.version, competency=competency, level=1, earned_by=way)
    return edition


@pytest.fixture
def going(signe, edition):
    """She has begun, answered one question wrong, and handed in the practice task."""
    going = enrolment.begin(signe, edition=edition)
    answers.answer(going, item=FIRST, response="wrong", token=uuid.uuid4())
    free_text.write(going, item=TASK, text="Vi ringede samme dag.")
    return going


@pytest.fixture
def stranger():
    """A client that may do everything and is trusted for nothing."""
    return ClientFactory()


def trusted(*prefixes):
    return ClientFactory(trusted_prefixes=list(prefixes))


def post(client, system, *statements):
    return client.post(
        "/xapi/statements", list(statements), content_type="application/json", headers=credentials(system)
    ).status_code


def settle():
    """What a worker does; then nothing waits, and a rebuild would change nothing."""
    project_pending()
    assert PendingLearner.objects.count() == 0
    said = io.StringIO()
    call_command("rebuild", "--check", stdout=said)
    assert said.getvalue() == ""


def nothing_earned():
    settle()
    return (Completion.objects.count(), Confirmation.objects.count(), Evidence.objects.count()) == (0, 0, 0)


def earning(signe, going, **properties):
    """Every statement that would earn something, if it were believed."""
    iri, context = going.module.iri, {"registration": str(going.registration)}
    return [
        a_statement(signe.pseudonym, vocabulary.COMPLETED, iri, **properties),
        a_statement(signe.pseudonym, vocabulary.COMPLETED, iri, context=context, **properties),
        a_statement(
            signe.pseudonym, vocabulary.PASSED, iri, result={"success": True}, context=context, **properties
        ),
        a_statement(
            signe.pseudonym,
            vocabulary.CONFIRMED,
            going.edition.item_iri(TASK),
            context={**context, "instructor": vocabulary.actor_of(PersonFactory().pseudonym)},
            **properties,
        ),
    ]


# --- That the road is open to whom it should be --------------------------------------------------------


@pytest.mark.parametrize("kind", ["exactly this one", "everything under it"])
def test_a_trusted_client_s_completion_counts(client, signe, edition, kind):
    iri = edition.version.module.iri
    system = trusted(iri if kind == "exactly this one" else MODULES)
    assert post(client, system, a_statement(signe.pseudonym, vocabulary.COMPLETED, iri)) == 200
    settle()
    assert [(row.learner, row.earned_by) for row in Evidence.objects.all()] == [(signe.pseudonym, "answers")]


# --- The cheats ---------------------------------------------------------------------------------------


def test_a_client_without_trust_earns_nobody_anything(client, stranger, signe, going):
    assert post(client, stranger, *earning(signe, going)) == 200
    assert nothing_earned()


def test_an_authority_that_the_sender_sets_itself_is_not_believed(client, stranger, signe, going):
    forged = earning(signe, going, authority=vocabulary.platform_authority())
    assert post(client, stranger, *forged) == 200
    written = Statement.objects.written_by(stranger)
    assert {row.data["authority"]["account"]["name"] for row in written} == {f"client:{stranger.key}"}
    assert nothing_earned()


def test_a_client_that_is_called_like_the_platform_is_not_the_platform(client, signe, going):
    named = ClientFactory(name="Lindra", key="platform")
    assert post(client, named, *earning(signe, going)) == 200
    assert nothing_earned()


def disguised(iri):
    """Addresses that a careless comparison, or a browser, would take for the module's."""
    host, path = "https://lindra.example", iri.removeprefix("https://lindra.example")
    last = iri.rsplit("/", 1)[1]
    return [
        f"{iri}/",
        f"{iri}/../{last}",
        f"{iri}#",
        f"{iri}?",
        iri.upper(),
        f"{host}{path.upper()}",
        f"HTTPS://lindra.example{path}",
        f"https://LINDRA.example{path}",
        f"https://lindra.example:443{path}",
        f"{MODULES}%{ord(last[0]):02X}{last[1:]}",
        f"{MODULES}./{last}",
        f"{MODULES}x/../{last}",
        f"{iri}%00",
        f"{iri}\u200b",
    ]


def test_no_spelling_of_a_module_s_address_is_the_module(client, signe, going):
    system = trusted(
        MODULES, "https://lindra.example/", "https://lindra.example:443/", "https://LINDRA.example/"
    )
    for address in disguised(going.module.iri):
        post(client, system, a_statement(signe.pseudonym, vocabulary.COMPLETED, address))
    assert Statement.objects.written_by(system).count() > 8
    assert nothing_earned()


def test_a_client_that_is_trusted_beside_a_module_is_not_trusted_for_it(client, signe, going):
    iri = going.module.iri
    beside = trusted(
        iri[:-1],
        f"{iri}/",
        f"{iri}#",
        f"{iri}0",
        f"{iri[:-1]}/",
        iri.upper(),
        "https://lindra.example/id/module",
        "https://lindra.example/id/modules",
        "HTTPS://LINDRA.EXAMPLE/id/modules/",
        "https://lindra.example.evil.example/id/modules/",
    )
    assert post(client, beside, *earning(signe, going)) == 200
    assert nothing_earned()


def test_trust_for_the_first_module_is_none_for_the_tenth(client, signe, edition):
    first, tenth = edition.version.module, publish(code="M10").version
    type(first).objects.filter(pk=first.pk).update(iri=f"{MODULES}1")
    type(first).objects.filter(pk=tenth.module_id).update(iri=f"{MODULES}10")
    system = trusted(f"{MODULES}1")
    said = [
        a_statement(signe.pseudonym, vocabulary.COMPLETED, f"{MODULES}{path}")
        for path in ("10", "1/../10", "1/10", "1%30")
    ]
    assert post(client, system, *said) == 200
    assert nothing_earned()
    assert post(client, system, a_statement(signe.pseudonym, vocabulary.COMPLETED, f"{MODULES}1")) == 200
    settle()
    assert [row.version.module_id for row in Completion.objects.all()] == [first.pk]


def test_a_failure_that_the_platform_recorded_can_t_be_voided_away(client, stranger, signe, going):
    wrong = Statement.objects.of_learner(signe.pseudonym).get(verb=vocabulary.ANSWERED)
    before = list(Attempt.objects.values_list("item", "success"))
    for system in (stranger, trusted(MODULES, going.module.iri)):
        assert post(client, system, a_voiding(wrong.uuid)) == 403
        forged = a_voiding(wrong.uuid, authority=vocabulary.platform_authority())
        assert post(client, system, forged) == 403
    assert nothing_earned()
    assert list(Attempt.objects.values_list("item", "success")) == before == [(FIRST, False)]


def test_a_voiding_that_waits_for_its_statement_voids_nothing_of_the_platform_s(
    client, stranger, signe, edition
):
    going = enrolment.begin(signe, edition=edition)
    for later in ("passed", "completed"):
        assert post(client, stranger, a_voiding(uuid.uuid5(going.registration, later))) == 200
    for item in (FIRST, SECOND):
        answers.answer(going, item=item, response="right", token=uuid.uuid4())
    enrolment.finish(going)
    settle()
    assert Completion.objects.count() == 1


def test_nobody_is_kept_from_finishing_by_an_id_that_was_taken_before(client, stranger, signe, edition):
    going = enrolment.begin(signe, edition=edition)
    for what in ("passed", "completed"):
        assert post(client, stranger, a_statement(id=str(uuid.uuid5(going.registration, what)))) == 200
    for item in (FIRST, SECOND):
        answers.answer(going, item=item, response="right", token=uuid.uuid4())
    enrolment.finish(going)
    enrolment.finish(going)
    settle()
    assert [row.learner for row in Completion.objects.all()] == [signe.pseudonym]
    assert Statement.objects.of_learner(signe.pseudonym).filter(verb=vocabulary.COMPLETED).count() == 1


def test_the_right_answers_from_outside_finish_nothing(client, signe, going):
    system = trusted(MODULES, f"{going.module.iri}/")
    said = [
        a_statement(
            signe.pseudonym,
            vocabulary.ANSWERED,
            going.edition.item_iri(item),
            result={"success": True, "response": "right"},
            context={"registration": str(going.registration)},
        )
        for item in (FIRST, SECOND)
    ]
    assert post(client, system, *said) == 200
    assert nothing_earned()
    assert list(Attempt.objects.values_list("success", flat=True)) == [False]


def test_a_confirmation_with_a_forged_instructor_confirms_nothing(client, signe, going):
    """Not even from a client that is trusted for the module: only the platform asks who may confirm."""
    system, leader = trusted(MODULES, going.module.iri, f"{going.module.iri}/"), PersonFactory()
    for instructor in (leader.pseudonym, signe.pseudonym):
        said = a_statement(
            signe.pseudonym,
            vocabulary.CONFIRMED,
            going.edition.item_iri(TASK),
            context={
                "registration": str(going.registration),
                "instructor": vocabulary.actor_of(instructor),
            },
        )
        assert post(client, system, said) == 200
    assert nothing_earned()
    assert ItemSubmission.objects.count() == 1


@pytest.mark.parametrize("login", ["a learner", "a superuser"])
def test_a_browser_s_session_opens_nothing_at_the_store(client, signe, going, login):
    user = UserFactory(person=signe, is_superuser=login == "a superuser")
    user.set_password("lindra-demo-1234")
    user.save()
    client.force_login(user)
    statements = Statement.objects.count()
    client.handler.enforce_csrf_checks = True
    token = "x" * 32
    client.cookies["csrftoken"] = token
    version = {"X-Experience-API-Version": "2.0.0", "X-CSRFToken": token}
    for said in earning(signe, going):
        answer = client.post("/xapi/statements", said, content_type="application/json", headers=version)
        assert answer.status_code == 401
    her_own = type("", (), {"key": user.email, "secret": "lindra-demo-1234"})
    assert post(client, her_own, *earning(signe, going)) == 401
    assert Statement.objects.count() == statements
    assert nothing_earned()


def test_what_an_expired_or_revoked_client_once_sent_can_t_be_sent_again(client, signe, edition):
    iri = edition.version.module.iri
    expired, revoked = trusted(iri), trusted(iri)
    assert post(client, expired, a_statement(uuid.uuid4(), vocabulary.COMPLETED, iri)) == 200
    settle()
    Client.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    revoke_client(revoked)
    for system in (expired, revoked):
        assert post(client, system, a_statement(signe.pseudonym, vocabulary.COMPLETED, iri)) == 401
    settle()
    assert Completion.objects.of_learners([signe.pseudonym]).count() == 0


@pytest.mark.parametrize(
    "actor",
    [
        lambda her: {"objectType": "Group", "name": "Team", "member": [her]},
        lambda her: {"objectType": "Group", "mbox": "mailto:team@a.example", "member": [her]},
        lambda her: {**her, "objectType": "Group"},
        lambda her: {**her, "objectType": "Group", "member": [her]},
        lambda her: {"account": {**her["account"], "name": her["account"]["name"].upper()}},
        lambda her: {"account": {**her["account"], "homePage": "https://lindra.example/id/"}},
        lambda her: {"account": {**her["account"], "homePage": "https://LINDRA.example/id"}},
    ],
)
def test_a_learner_in_a_group_or_spelt_otherwise_earns_nothing(client, signe, edition, actor):
    iri = edition.version.module.iri
    her = vocabulary.actor_of(signe.pseudonym)
    said = a_statement(signe.pseudonym, vocabulary.COMPLETED, iri, actor=actor(her))
    assert post(client, trusted(iri), said) == 200
    assert nothing_earned()


def test_what_is_only_told_of_in_a_statement_inside_another_earns_nothing(client, signe, edition):
    iri = edition.version.module.iri
    inner = a_statement(signe.pseudonym, vocabulary.COMPLETED, iri)
    outer = a_statement(signe.pseudonym, vocabulary.COMPLETED, object={"objectType": "SubStatement", **inner})
    parent = a_statement(
        signe.pseudonym,
        vocabulary.COMPLETED,
        "https://kurser.example/1",
        context={"contextActivities": {"parent": [{"id": iri}], "grouping": [{"id": iri}]}},
    )
    assert post(client, trusted(iri), outer, parent) == 200
    assert nothing_earned()


def test_another_s_enrolment_earns_the_sender_s_learner_nothing_more(client, signe, going):
    """The registration of a colleague, and that of another module."""
    system, bent = trusted(going.module.iri), PersonFactory()
    other = publish(code="M03")
    said = a_statement(
        bent.pseudonym,
        vocabulary.COMPLETED,
        other.version.module.iri,
        context={"registration": str(going.registration)},
    )
    assert post(client, system, said) == 200
    assert nothing_earned()


def test_a_completion_that_failed_completes_nothing(client, signe, edition):
    iri = edition.version.module.iri
    said = a_statement(signe.pseudonym, vocabulary.COMPLETED, iri, result={"success": False})
    assert post(client, trusted(iri), said) == 200
    assert nothing_earned()


def test_a_version_that_there_is_not_is_not_completed(client, signe, edition):
    iri = edition.version.module.iri
    said = [
        a_statement(signe.pseudonym, vocabulary.COMPLETED, iri, context={"revision": revision})
        for revision in ("2.1", "0", "-1", "1e0", " 1", "١")
    ]
    assert post(client, trusted(iri), *said) == 200
    settle()
    assert Completion.objects.count() == 0


@pytest.mark.parametrize("prefixes", [[], ["https://lindra.example/id/"], [MODULES]])
def test_no_client_signs_anybody_off_whatever_it_is_trusted_for(client, signe, edition, prefixes):
    competency = load_framework().domains.first().competencies.first()
    said = a_statement(
        signe.pseudonym,
        vocabulary.CONFIRMED,
        competency_iri(competency),
        result={"extensions": {LEVEL: 3}},
        context={"instructor": vocabulary.actor_of(PersonFactory().pseudonym)},
    )
    forged = {**said, "authority": vocabulary.platform_authority()}
    assert post(client, trusted(*prefixes), said, forged) == 200
    assert nothing_earned()


def test_no_client_takes_back_what_was_signed_off(client, signe, edition):
    competency = load_framework().domains.first().competencies.first()
    row = sign_off(
        signe,
        competency=competency,
        level=3,
        basis="at_work",
        seen_on=today(),
        by=PersonFactory(),
    )
    assert post(client, trusted(MODULES), a_voiding(row.statement)) == 403
    settle()
    assert Evidence.objects.get().statement == row.statement


def test_trust_that_is_taken_away_takes_what_it_earned_with_it(client, signe, edition):
    iri = edition.version.module.iri
    system = trusted(iri)
    assert post(client, system, a_statement(signe.pseudonym, vocabulary.COMPLETED, iri)) == 200
    settle()
    assert Evidence.objects.count() == 1
    change_client(system, scopes=system.scopes, trusted_prefixes=[], expires_at=None, requests_a_minute=None)
    assert nothing_earned()
