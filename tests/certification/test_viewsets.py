import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from certification.models import KeyPersonEducation, RelevanceDecision, Target, UnitReport
from organisations.enums import Role, UnitKind
from tests.factories.certification import (
    EducationFactory,
    RelevanceDecisionFactory,
    TargetFactory,
    UnitReportFactory,
)
from tests.factories.organisations import (
    AreaFactory,
    OrgUnitFactory,
    PersonFactory,
    ProfessionFactory,
    log_in,
)

pytestmark = pytest.mark.django_db
MODELS = [Target, RelevanceDecision, UnitReport, KeyPersonEducation]


@pytest.fixture(autouse=True)
def _the_day():
    with time_machine.travel("2026-11-22 12:00+01:00", tick=False):
        yield


def address(model, view="index", *args):
    return reverse(f"{model._meta.model_name}:{view}", args=args)


@pytest.fixture
def administrator(client):
    return log_in(client, role=Role.ADMINISTRATOR)


@pytest.fixture
def facts():
    return {
        Target: TargetFactory(),
        RelevanceDecision: RelevanceDecisionFactory(),
        UnitReport: UnitReportFactory(),
        KeyPersonEducation: EducationFactory(),
    }


@pytest.mark.parametrize("model", MODELS)
def test_an_administrator_lists_and_looks(client, administrator, facts, model):
    assert client.get(address(model)).status_code == 200
    assert client.get(address(model, "inspect", facts[model].pk)).status_code == 200


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("role", [Role.EDUCATOR, Role.LEADER, Role.ADMINISTRATOR])
def test_nobody_else_does_not_even_an_administrator_of_one_unit(client, facts, model, role):
    unit = None if role == Role.EDUCATOR else OrgUnitFactory()
    log_in(client, role=role, unit=unit)
    statuses = [
        client.get(address(model)).status_code,
        client.get(address(model, "inspect", facts[model].pk)).status_code,
        client.get(address(model, "add")).status_code,
    ]
    assert [status == 200 for status in statuses] == [False] * 3


def test_a_target_is_adopted_with_its_decision(client, administrator):
    area = AreaFactory()
    response = client.post(
        address(Target, "add"),
        {
            "area": area.pk,
            "code": "T1",
            "text_da": "Mindst 1",
            "text_en": "At least 1",
            "unit_kind": UnitKind.MUNICIPALITY,
            "profession": ProfessionFactory().pk,
            "minimum": "1",
            "decision_da": "Regionsrådet",
            "decision_en": "The regional council",
            "source_year": "2026",
            "starts_on": "2026-01-01",
        },
    )
    assert response.status_code == 302
    assert list(Target.objects.values_list("area", "minimum", "decision_da", "starts_on", "ends_on")) == [
        (area.pk, 1, "Regionsrådet", dt.date(2026, 1, 1), None)
    ]


def test_a_refusal_of_the_domain_is_an_error_of_the_form(client, administrator):
    target = TargetFactory()
    response = client.post(
        address(Target, "add"),
        {
            "area": target.area.pk,
            "code": target.code,
            "text_da": "Mindst 2",
            "text_en": "At least 2",
            "unit_kind": target.unit_kind,
            "profession": target.profession.pk,
            "minimum": "2",
            "decision_da": "Regionsrådet",
            "decision_en": "The regional council",
            "source_year": "2026",
            "starts_on": "2026-01-01",
        },
    )
    assert response.status_code == 200
    assert response.context["form"].non_field_errors().as_data()[0].code == "target_overlaps"
    assert list(Target.objects.all()) == [target]


def test_of_a_target_only_the_end_can_be_set(client, administrator):
    target = TargetFactory()
    response = client.post(
        address(Target, "edit", target.pk), {"ends_on": "2027-01-01", "minimum": "5", "code": "T9"}
    )
    target.refresh_from_db()
    assert (response.status_code, target.ends_on, target.minimum, target.code) == (
        302,
        dt.date(2027, 1, 1),
        1,
        "T1",
    )


def test_a_decision_is_recorded_by_whoever_is_logged_in(client, administrator):
    unit = OrgUnitFactory(kind=UnitKind.DEPARTMENT)
    client.post(
        address(RelevanceDecision, "add"),
        {"unit": unit.pk, "is_relevant": "on", "why": "Mange med kræft", "starts_on": "2026-12-01"},
    )
    assert list(RelevanceDecision.objects.values_list("unit", "is_relevant", "why", "decided_by")) == [
        (unit.pk, True, "Mange med kræft", administrator.person.pk)
    ]


def test_an_education_is_recorded_by_whoever_is_logged_in(client, administrator):
    nurse = PersonFactory()
    client.post(
        address(KeyPersonEducation, "add"),
        {"person": nurse.pk, "kind": "diploma", "provider": "VIA", "completed_on": "2025-06-30"},
    )
    assert list(KeyPersonEducation.objects.values_list("person", "kind", "registered_by")) == [
        (nurse.pk, "diploma", administrator.person.pk)
    ]


def test_whose_education_it_is_is_searched_for_since_a_nation_does_not_fit_in_a_list(client, administrator):
    PersonFactory(given_name="Zenobia")
    page = client.get(address(KeyPersonEducation, "add")).content.decode()
    assert (reverse("person_chooser:choose") in page, "Zenobia" in page) == (True, False)


@pytest.mark.parametrize(
    ("model", "view"),
    [(UnitReport, "add"), (UnitReport, "edit"), (RelevanceDecision, "edit"), (KeyPersonEducation, "edit")],
)
def test_what_is_a_fact_of_others_is_only_read(client, administrator, facts, model, view):
    args = [facts[model].pk] if view == "edit" else []
    before = list(model.objects.values())
    assert client.post(address(model, view, *args), {"note": "x"}).status_code == 302
    assert list(model.objects.values()) == before
