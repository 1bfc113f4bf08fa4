"""A sign-off is a statement about the learner, and evidence that a rebuild gives again."""

import datetime as dt
import io
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from competencies.domain import sign_offs
from competencies.domain.sign_offs import LEVEL, competency_iri, sign_off, take_back
from competencies.enums import EarnedBy
from competencies.models import Competency, Evidence, SignOff
from competencies.standing import standings
from tests.factories.competencies import load_framework
from tests.factories.organisations import PersonFactory
from tests.factories.reports import a_team, complete, publish
from tests.factories.xapi import a_statement
from xapi import vocabulary
from xapi.domain.recording import record
from xapi.models import PendingLearner, Statement
from xapi.projection import drift, project_pending, rebuild

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def team(noon):
    load_framework()
    return a_team()


@pytest.fixture
def competency(team):
    return Competency.objects.get(code="IDE-1")


def sign(team, competency, **properties):
    said = {"level": 3, "basis": "at_work", "seen_on": TODAY, "by": team.leader.person}
    return sign_off(team.nurse, competency=competency, **{**said, **properties})


def shown(person, code="IDE-1", on=TODAY):
    domains = standings([person], on=on)[person.pk].domains
    return next(row.shown for domain in domains for row in domain.competencies if row.competency.code == code)


def test_it_shows_the_level_that_nothing_else_shows(team, competency):
    complete(team.nurse, publish())
    assert shown(team.nurse) == 1
    row = sign(team, competency)
    assert (shown(team.nurse), shown(team.nurse, "IDE-2"), shown(team.assistant)) == (3, 0, 0)
    evidence = Evidence.objects.get(version=None)
    assert (evidence.statement, evidence.earned_by, evidence.level) == (
        row.statement,
        EarnedBy.COURSE_OR_SIGN_OFF,
        3,
    )


def test_it_is_a_statement_about_her_that_names_nobody_and_repeats_no_words(team, competency):
    row = sign(team, competency, basis="course", attended="Grundkursus i palliation, Viborg")
    statement = Statement.objects.get(uuid=row.statement)
    data = statement.data
    assert (data["actor"], data["verb"]["id"]) == (
        vocabulary.actor_of(team.nurse.pseudonym),
        vocabulary.CONFIRMED,
    )
    assert data["context"]["instructor"] == vocabulary.actor_of(team.leader.person.pseudonym)
    framework = competency.domain.framework
    assert data["object"]["id"] == (
        f"https://lindra.example/id/competencies/{framework.code}/{framework.version}/IDE-1"
    )
    assert (data["result"], row.attended) == (
        {"extensions": {LEVEL: 3}},
        "Grundkursus i palliation, Viborg",
    )
    for words in ("Grundkursus", "Signe", "Sygeplejerske", "Lone", "Leder"):
        assert words not in statement.raw


def test_a_rebuild_gives_the_same_and_finds_nothing_to_mend(team, competency):
    complete(team.nurse, publish())
    sign(team, competency)
    sign(team, Competency.objects.get(code="IDE-2"), level=2)
    before = sorted(Evidence.objects.values_list("competency__code", "level", "statement"))
    assert drift() == []
    Evidence.objects.all().delete()
    assert len(drift()) == 3
    rebuild()
    assert sorted(Evidence.objects.values_list("competency__code", "level", "statement")) == before
    said = io.StringIO()
    call_command("rebuild", "--check", stdout=said)
    assert said.getvalue() == ""


def test_evidence_that_still_holds_keeps_its_key(team, competency):
    sign(team, competency)
    before = Evidence.objects.get().pk
    rebuild()
    assert Evidence.objects.get().pk == before


def test_it_counts_from_the_day_on_which_it_was_seen(team, competency):
    sign(team, competency, basis="course", attended="Diplom", seen_on=dt.date(2026, 3, 1))
    assert [shown(team.nurse, on=dt.date(2026, *day)) for day in ((2, 28), (3, 1))] == [0, 3]


def test_what_was_seen_today_was_seen_now(team, competency):
    row = sign(team, competency)
    assert Statement.objects.get(uuid=row.statement).timestamp == row.signed_at


def test_twice_is_once_and_another_level_is_another(team, competency):
    assert sign(team, competency) == sign(team, competency)
    sign(team, competency, level=2)
    assert (SignOff.objects.count(), Statement.objects.count(), Evidence.objects.count()) == (2, 2, 2)
    assert shown(team.nurse) == 3


def test_taken_back_it_shows_nothing_and_the_row_stays(team, competency):
    first = sign(team, competency)
    sign(team, competency, level=1)
    for _twice in range(2):
        take_back(first, by=team.leader.person)
    assert (shown(team.nurse), Statement.objects.count()) == (1, 3)
    first.refresh_from_db()
    assert (first.taken_back_by, first.taken_back_at.date()) == (team.leader.person, TODAY)
    assert drift() == []
    # Said again, it is another one.
    assert sign(team, competency) != first
    assert shown(team.nurse) == 3


@pytest.mark.parametrize(
    ("properties", "field"),
    [
        ({"seen_on": dt.date(2026, 11, 23)}, "seen_on"),
        ({"seen_on": dt.date(1926, 11, 22)}, "seen_on"),
        ({"basis": "course"}, "attended"),
        ({"basis": "diploma", "attended": "  "}, "attended"),
        ({"basis": "course", "attended": "Kursus, 010245-1234"}, "attended"),
        ({"basis": "course", "attended": "x" * 201}, "attended"),
        ({"level": 0}, "__all__"),
        ({"level": 4}, "level"),
        ({"basis": "hearsay"}, "basis"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_recorded(team, competency, properties, field):
    with pytest.raises(ValidationError) as refused:
        sign(team, competency, **properties)
    assert field in refused.value.error_dict
    assert (SignOff.objects.count(), Statement.objects.count(), Evidence.objects.count()) == (0, 0, 0)


def test_the_words_of_what_was_attended_go_with_it_when_it_is_taken_back(team, competency):
    row = sign(team, competency, basis="course", attended="Kursus, sygemeldt siden")
    take_back(row, by=team.leader.person)
    assert SignOff.objects.get().attended == ""


@pytest.mark.parametrize("code", ["IDE.1", "IDE 1", "SØM-1", "IDE%31", "1"])
def test_a_competency_is_known_again_whatever_its_code(team, competency, code):
    Competency.objects.filter(pk=competency.pk).update(code=code)
    competency.refresh_from_db()
    sign(team, competency)
    assert (shown(team.nurse, code), drift()) == (3, [])


def test_what_was_attended_is_kept_only_where_it_rests_on_that(team, competency):
    assert sign(team, competency, attended="Grundkursus").attended == ""


def test_nobody_signs_off_her_own(team, competency):
    with pytest.raises(ValueError, match="her own"):
        sign(team, competency, by=team.nurse)
    # And if somebody recorded it all the same, it would show nothing.
    own = a_statement(
        team.nurse.pseudonym,
        vocabulary.CONFIRMED,
        competency_iri(competency),
        result={"extensions": {LEVEL: 3}},
        context={"instructor": vocabulary.actor_of(team.nurse.pseudonym)},
    )
    record(own)
    record({**own, "id": str(uuid.uuid4()), "context": {}})
    project_pending()
    assert (Evidence.objects.count(), drift()) == (0, [])


@pytest.mark.parametrize("level", [0, 4, -1, "3", None, 2.5, [3]])
def test_a_level_that_is_none_shows_nothing(team, competency, level):
    record(
        a_statement(
            team.nurse.pseudonym,
            vocabulary.CONFIRMED,
            competency_iri(competency),
            result={"extensions": {LEVEL: level}},
            context={"instructor": vocabulary.actor_of(team.leader.person.pseudonym)},
        )
    )
    project_pending()
    assert (Evidence.objects.count(), PendingLearner.objects.count()) == (0, 0)


def test_a_competency_that_nobody_knows_shows_nothing(team, competency):
    record(
        a_statement(
            team.nurse.pseudonym,
            vocabulary.CONFIRMED,
            competency_iri(competency).replace("IDE-1", "IDE-99"),
            result={"extensions": {LEVEL: 3}},
            context={"instructor": vocabulary.actor_of(team.leader.person.pseudonym)},
        )
    )
    project_pending()
    assert Evidence.objects.count() == 0


def test_the_row_and_its_statement_are_written_together_or_not_at_all(team, competency, monkeypatch):
    def refuse(_statement):
        raise RuntimeError

    monkeypatch.setattr(sign_offs, "record", refuse)
    with pytest.raises(RuntimeError):
        sign(team, competency)
    assert SignOff.objects.count() == 0


def test_nothing_is_taken_back_whose_statement_is_not_voided(team, competency, monkeypatch):
    row = sign(team, competency)

    def refuse(_statement):
        raise RuntimeError

    monkeypatch.setattr(sign_offs, "record", refuse)
    with pytest.raises(RuntimeError):
        take_back(row, by=team.leader.person)
    assert SignOff.objects.get().taken_back_at is None


def test_a_projection_that_fails_loses_nothing(team, competency, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(sign_offs.projection, "attempt", lambda _learner: False)
        sign(team, competency)
    assert Evidence.objects.count() == 0
    project_pending()
    assert shown(team.nurse) == 3


def test_learners_do_not_get_each_other_s(team, competency):
    other = PersonFactory()
    sign(team, competency)
    sign_off(other, competency=competency, level=1, basis="talk", seen_on=TODAY, by=team.leader.person)
    assert sorted(Evidence.objects.values_list("learner", "level")) == sorted(
        [(team.nurse.pseudonym, 3), (other.pseudonym, 1)]
    )
