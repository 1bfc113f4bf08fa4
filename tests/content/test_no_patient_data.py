"""Every field for one's own words says that no patient data belongs there, and refuses a CPR number."""

import html
import importlib
import pkgutil
import re

import pytest
from django import forms
from django.urls import reverse

import reports.forms
from courses.domain import enrolment, free_text
from courses.forms import AnswerForm, GuideForm, NewGuideForm
from courses.models import Edition, ErrorReport, FreeText, Sharing
from organisations.enums import Role
from organisations.models import RoleGrant
from organisations.validators import refuse_cpr_number
from tests.factories.organisations import GrantFactory, OrgUnitFactory

CPR = "Fru H., 010203-1234, har det bedre"
#: Form classes whose words are checked where they are written: `courses.domain`.
CHECKED_BY_DOMAIN = {AnswerForm, GuideForm, NewGuideForm}


@pytest.fixture
def going(client, learner, kinds):
    client.force_login(learner)
    edition = Edition.objects.get(version__module__key=kinds.translation_key, language="da")
    return enrolment.begin(learner.person, edition=edition)


def fields_of(page):
    """Each text field of a page, with what its description says."""
    said = page.content.decode()
    found = {}
    for tag in re.findall(r"<textarea[^>]*>|<input[^>]*type=\"text\"[^>]*>", said):
        described = re.search(r'aria-describedby="([^"]*)"', tag)
        ids = described[1].split() if described else []
        words = [re.search(rf'id="{id_}"[^>]*>(.*?)</', said, re.DOTALL) for id_ in ids]
        found[tag] = html.unescape(" ".join(match[1] for match in words if match))
    return found


def test_every_text_field_in_the_player_and_where_it_is_shared_says_so(client, kinds, going):
    pages = [f"{kinds.url}trin/{number}/" for number in range(1, len(going.edition.steps) + 1)]
    reflection = next(item for item, block in going.edition.items.items() if block["kind"] == "reflection")
    text = free_text.write(going, item=reflection, text="Min tanke.")
    pages.append(reverse("reports:share_text", args=[text.public_id]))
    fields = [words for page in pages for words in fields_of(client.get(page)).values()]
    # A report of an error on each step, three kinds of writing, and the line that goes with a share.
    assert len(fields) == len(pages) - 1 + 3 + 1
    assert [words for words in fields if "patient" not in words or "CPR-nummer" not in words] == []


@pytest.mark.parametrize("kind", ["short_answer", "reflection", "practice_task"])
@pytest.mark.parametrize("htmx", [False, True])
def test_what_is_written_in_the_player_is_refused_with_the_reason_and_every_word(
    client, kinds, going, item_of, kind, htmx
):
    headers = {"HX-Request": "true"} if htmx else {}
    sent = client.post(f"{kinds.url}tekst/{item_of(kind)}/", {"text": CPR}, headers=headers)
    said = html.unescape(sent.content.decode())
    assert (sent.status_code, CPR in said, "ligner et CPR-nummer" in said) == (
        200 if htmx else 422,
        True,
        True,
    )
    # The reason takes focus, also where the whole page came back.
    assert re.search(r'class="form-error-message"[^>]*data-focus', said)
    assert FreeText.objects.count() == 0


def test_a_report_of_an_error_is_refused_with_the_reason_and_every_word(client, kinds, going):
    sent = client.post(f"{kinds.url}trin/1/fejl/", {"text": CPR})
    said = html.unescape(sent.content.decode())
    assert (sent.status_code, CPR in said, "ligner et CPR-nummer" in said) == (422, True, True)
    assert ErrorReport.objects.count() == 0


def test_the_line_that_goes_with_a_share_is_refused_with_the_reason_and_every_word(
    client, kinds, going, item_of, learner
):
    GrantFactory(unit=learner.person.employments.get().unit)
    text = free_text.write(going, item=item_of("reflection"), text="Min tanke.")
    address = reverse("reports:share_text", args=[text.public_id])
    leader = next(iter(client.get(address).context["form"].by_key))
    sent = client.post(address, {"with_whom": leader, "comment": CPR})
    said = html.unescape(sent.content.decode())
    assert (sent.status_code, CPR in said, "ligner et CPR-nummer" in said) == (422, True, True)
    assert Sharing.objects.count() == 0


def written_in(form):
    """The fields of a form class in which one writes words of one's own."""
    return [
        field for field in form.base_fields.values() if type(field) is forms.CharField and not field.disabled
    ]


def test_every_form_of_leaders_and_learners_refuses_a_cpr_number():
    classes = set()
    for module in pkgutil.iter_modules(reports.forms.__path__):
        found = vars(importlib.import_module(f"reports.forms.{module.name}")).values()
        classes |= {one for one in found if isinstance(one, type) and issubclass(one, forms.Form)}
    fields = [(one.__name__, field) for one in classes for field in written_in(one)]
    assert {name for name, _field in fields} >= {"ShareForm", "AssignForm", "EndAppointmentForm"}
    assert [name for name, field in fields if refuse_cpr_number not in field.validators] == []
    assert [name for name, field in fields if "patient" not in str(field.help_text).lower()] == []
    assert [one for one in CHECKED_BY_DOMAIN if not written_in(one)] == []


def test_why_a_role_ends_holds_no_cpr_number_in_the_back_office_either(client, educator):
    educator.is_superuser = True
    educator.save()
    grant = GrantFactory(role=Role.KEY_PERSON, unit=OrgUnitFactory())
    client.force_login(educator)
    sent = client.post(
        reverse("rolegrant:edit", args=[grant.pk]), {"ends_on": "2030-01-01", "end_reason": CPR}
    )
    assert "ligner et CPR-nummer" in sent.content.decode()
    assert RoleGrant.objects.get(pk=grant.pk).end_reason == ""
