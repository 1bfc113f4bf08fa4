"""What the answers say, in the back office: counts for educators, and nobody in them."""

import pytest
from django.urls import reverse

from courses.models import Enrolment
from organisations.domain.groups import sync_groups
from organisations.enums import Role
from tests.factories.courses import FIRST, SECOND, publish
from tests.factories.insight import CASE, OUTCOMES, answered, first_answer
from tests.factories.organisations import (
    AreaFactory,
    EmploymentFactory,
    GrantFactory,
    OrgUnitFactory,
    UserFactory,
)
from tests.files import files, queries_of, soup, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon", "_every_module")]


@pytest.fixture
def _every_module(settings):
    settings.MODULES_EDITED_BY = "tests.factories.insight.every_key"


@pytest.fixture
def edition():
    return publish(title="Se det i tide")


def enter(client, role=None, **fields):
    user = UserFactory()
    EmploymentFactory(person=user.person)
    if role:
        GrantFactory(person=user.person, role=role, **{"unit": None, **fields})
    sync_groups(user)
    client.force_login(user)
    return user


def address(edition):
    return reverse("answers:module", args=[edition.version.module.key])


def rows_under(page, heading):
    table = page.find(attrs={"aria-labelledby": heading}).find("table")
    return [[text(cell) for cell in row.find_all(["th", "td"])] for row in table.select("tbody tr")]


def test_the_page_says_how_difficult_a_question_is_what_was_chosen_and_how_long_it_took(client, edition):
    answered(edition, 15, seconds=70)
    answered(edition, 5, response="wrong", seconds=70)
    enter(client, Role.EDUCATOR)
    page = soup(client.get(address(edition)))
    assert rows_under(page, "questions-heading") == [
        [
            "1. Hvad giver du videre? Spørgsmål med ét rigtigt svar",
            "1",
            "20",
            "15 af 20 (75 %)",
            "for få data",
            "1 min. 10 sek.",
        ],
        ["2. Hvad giver du videre? Spørgsmål med ét rigtigt svar", "2", "for få til at vise noget"],
    ]
    assert rows_under(page, "choices-heading") == [["Ingenting", "nej", "5"], ["Det hele", "ja", "15"]]
    assert [row[1] for row in rows_under(page, "steps-heading")] == ["færre end 5"] * 3


def test_the_chart_shows_what_its_table_says(client, edition):
    answered(edition, 15)
    answered(edition, 5, response="wrong")
    enter(client, Role.EDUCATOR)
    figure = client.get(address(edition)).context["questions_figure"]
    assert figure["data"][0]["x"] == [75]
    assert figure["layout"]["annotations"][0]["text"].endswith("<b>15 af 20 (75 %)</b>")


def test_words_of_a_question_are_no_markup_in_the_chart(client):
    edition = publish()
    edition.content["steps"][0]["blocks"][0]["text"] = "<b>Fed</b> & så?"
    edition.save()
    answered(edition, 10)
    enter(client, Role.EDUCATOR)
    [drawn] = client.get(address(edition)).context["questions_figure"]["layout"]["annotations"]
    assert drawn["text"].startswith("1. &lt;b&gt;Fed&lt;/b&gt; &amp; så?: <b>10 af 10")


def test_the_files_hold_the_numbers_of_the_page(client, edition):
    answered(edition, 17, seconds=70)
    answered(edition, 3, response="wrong", seconds=70)
    enter(client, Role.EDUCATOR)
    key = edition.version.module.key
    header, rows = files(client, "answers:download", key, "spoergsmaal")
    asked = ["Hvad giver du videre?", "Spørgsmål med ét rigtigt svar"]
    assert rows == [
        ["1", "1", *asked, "20", "15", "75", "", "70"],
        ["2", "2", *asked, "for få", "", "", "", ""],
    ]
    assert len(header) == 9
    _header, rows = files(client, "answers:download", key, "svar")
    assert [row[5:] for row in rows] == [["Ingenting", "nej", "færre end 5"], ["Det hele", "ja", "15"]]
    _header, rows = files(client, "answers:download", key, "trin")
    assert rows == [[str(number), title, "20", "færre end 5", ""] for number, title in STEPS]


STEPS = [(1, "Et"), (2, "To"), (3, "Tre")]


def test_neither_page_nor_file_of_nine_people_holds_a_number_of_them(client, edition):
    answered(edition, 8)
    answered(edition, response="wrong")
    enter(client, Role.EDUCATOR)
    page = soup(client.get(address(edition)))
    assert rows_under(page, "questions-heading")[0][2:] == ["for få til at vise noget"]
    assert (page.select("#choices-heading ~ details"), page.find(id="questions-chart")) == ([], None)
    assert files(client, "answers:download", edition.version.module.key, "svar")[1] == []


def test_a_place_of_a_case_where_few_came_holds_no_number_in_the_file_either(client):
    edition = publish()
    case = {**CASE, "id": FIRST, "item": True, "text": "En aften"}
    edition.content["steps"][0]["blocks"][0] = case
    edition.grading[FIRST] = OUTCOMES
    edition.save()
    answered(edition, 7, response="n1[.]a[,]n2[.]c", success=True)
    answered(edition, 13, response="n1[.]b", success=False)
    enter(client, Role.EDUCATOR)
    _header, rows = files(client, "answers:download", edition.version.module.key, "svar")
    assert [row[3:] for row in rows] == [
        ["Kl. 20", "20", "A", "", "5"],
        ["Kl. 20", "20", "B", "nej", "15"],
        ["Kl. 21", "for få", "C", "ja", ""],
        ["Kl. 21", "for få", "D", "nej", ""],
    ]


def test_nobody_is_in_the_page_or_its_files(client, edition):
    answered(edition, 20)
    people = [going.person for going in Enrolment.objects.select_related("person")]
    enter(client, Role.EDUCATOR)
    key = edition.version.module.key
    sent = [client.get(address(edition)), client.get(reverse("answers:index"))]
    sent += [client.get(reverse("answers:download", args=[key, word, "csv"])) for word in ("svar", "trin")]
    assert len(people) == 20
    for answer in sent:
        content = answer.content.decode()
        for person in people:
            assert str(person.pseudonym) not in content
            assert person.full_name not in content


def test_an_older_version_has_a_page_of_its_own(client, edition):
    answered(edition, 10)
    publish(key=edition.version.module.key, title="Se det i tide", substance=["andet"])
    enter(client, Role.EDUCATOR)
    assert "for få" in rows_under(soup(client.get(address(edition))), "questions-heading")[0][2]
    older = soup(client.get(address(edition), {"version": "1"}))
    assert rows_under(older, "questions-heading")[0][2] == "10"
    for wrong in ("9", "x", "9" * 40):
        assert client.get(address(edition), {"version": wrong}).status_code == 404


def test_the_list_holds_the_modules_with_how_many_began(client, edition):
    answered(edition, 12)
    answered(publish(title="Et tredje", code="M04"), 6)
    publish(title="Et andet", code="M03")
    enter(client, Role.EDUCATOR)
    page = soup(client.get(reverse("answers:index")))
    rows = [
        [text(cell) for cell in row.find_all(["th", "td"])] for row in page.select(".reports-wide tbody tr")
    ]
    assert rows == [["M02 Se det i tide", "10"], ["M03 Et andet", "færre end 5"], ["M04 Et tredje", "5"]]


@pytest.mark.parametrize(
    "role", [None, Role.LEADER, Role.DEPUTY, Role.KEY_PERSON, Role.COORDINATOR, Role.LOCAL_EDITOR]
)
def test_nobody_else_opens_it(client, edition, role):
    answered(edition, 20)
    place = {"area": AreaFactory()} if role == Role.COORDINATOR else {"unit": OrgUnitFactory()}
    enter(client, role, **(place if role else {}))
    key = edition.version.module.key
    for opened in (
        reverse("answers:index"),
        address(edition),
        reverse("answers:download", args=[key, "svar", "csv"]),
    ):
        answer = client.get(opened)
        assert answer.status_code in {302, 403, 404}
        assert "Se det i tide" not in answer.content.decode()


def test_an_administrator_of_one_unit_does_not_open_it(client, edition):
    enter(client, Role.ADMINISTRATOR, unit=OrgUnitFactory())
    assert client.get(reverse("answers:index")).status_code == 302
    assert client.get(address(edition)).status_code == 404


def test_an_educator_does_not_open_a_module_that_she_may_not_edit(client, edition, settings):
    settings.MODULES_EDITED_BY = "tests.factories.insight.no_key"
    enter(client, Role.EDUCATOR)
    assert client.get(address(edition)).status_code == 404
    download = reverse("answers:download", args=[edition.version.module.key, "svar", "csv"])
    assert client.get(download).status_code == 404
    assert "Se det i tide" not in client.get(reverse("answers:index")).content.decode()


def test_a_file_that_there_is_not_is_not_found(client, edition):
    enter(client, Role.EDUCATOR)
    key = edition.version.module.key
    for word, kind in (("svar", "pdf"), ("alt", "csv")):
        assert client.get(reverse("answers:download", args=[key, word, kind])).status_code == 404


def test_the_pages_take_as_many_queries_for_three_as_for_one(client, edition):
    enter(client, Role.EDUCATOR)
    answered(edition, 10)
    before = [queries_of(client, page) for page in (reverse("answers:index"), address(edition))]
    for going in list(Enrolment.objects.all()):
        first_answer(going, item=SECOND)
    answered(edition, 20, item=FIRST, response="wrong")
    for code in ("M03", "M04"):
        answered(publish(title=code, code=code), 10)
    assert [queries_of(client, page) for page in (reverse("answers:index"), address(edition))] == before
