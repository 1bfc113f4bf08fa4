"""The learner's refreshers on her pages, without script; and that they are nobody else's."""

import datetime as dt
import json
import uuid

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone, translation

from courses.domain import enrolment, refreshers
from courses.domain.refreshers import due_refreshers
from courses.grading import right_response
from courses.models import Edition, RefresherAnswer, SkippedRefresher
from organisations.domain.groups import sync_all_groups
from organisations.enums import AreaKind, Role
from tests.factories.courses import answer_all
from tests.factories.organisations import (
    AreaFactory,
    AreaMembershipFactory,
    EmploymentFactory,
    GrantFactory,
    PersonFactory,
    UserFactory,
)
from tests.files import queries_of, soup, text
from xapi.models import Statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
DUE = dt.date(2026, 11, 25)


@pytest.fixture
def taken(learner, kinds, client):
    """The learner, logged in, has completed the module that has every kind."""
    going = enrolment.begin(learner.person, edition=edition_of(kinds))
    answer_all(going)
    enrolment.finish(going)
    client.force_login(learner)
    return going


@pytest.fixture
def due(taken, noon):
    noon(DUE)
    [refresher] = due_refreshers(taken.person)
    return refresher


def edition_of(page, language="da"):
    return Edition.objects.get(version__module__key=page.translation_key, language=language)


def address(name, refresher, *args):
    with translation.override("da"):  # a request to /en/ leaves English active
        return reverse(f"content:{name}", args=[refresher.enrolment.registration, refresher.number, *args])


def fields(block, response):
    """What the form of the block sends for this response."""
    parts = response.split("[,]")
    match block["kind"]:
        case "ordering":
            return {f"place-{entry}": str(place) for place, entry in enumerate(parts, start=1)}
        case "matching":
            return {f"match-{source}": target for source, target in (part.split("[.]") for part in parts)}
    return {"response": parts}


def rightly(refresher, item):
    block = refresher.edition.items[item]
    return fields(block, right_response(refresher.edition.grading[item], block=block))


def send(client, refresher, item, sent, **headers):
    """Each answer a second after the one before: the clock stands still."""
    then = timezone.now() + dt.timedelta(seconds=RefresherAnswer.objects.count())
    with time_machine.travel(then, tick=False):
        return client.post(
            address("refresher_answer", refresher, item),
            {"token": str(uuid.uuid4()), **sent},
            headers=headers,
        )


def soup_of(html):
    return BeautifulSoup(html, "html.parser")


def line(client, address="/mit/"):
    section = soup(client.get(address)).find(attrs={"aria-labelledby": "refresher-heading"})
    return section and text(section)


# --- Min side --------------------------------------------------------------------------------------------


def test_my_page_says_that_one_is_due_and_what_it_takes(client, taken, noon):
    assert line(client) is None
    noon(DUE)
    assert line(client) == (
        "Genopfriskning på et minut Du gennemførte Alle slags den 22. november 2026. "
        "Nu er 3 af spørgsmålene klar igen, så det sætter sig fast. "
        "Det tager cirka et minut, og kun du kan se, hvordan det går. "
        "Genopfrisk nu Spring over denne gang Slå genopfriskning fra"
    )


def test_my_page_speaks_of_one_at_a_time_and_asks_the_database_no_more_for_three(
    client, due, learner, module, noon
):
    few = queries_of(client, "/mit/")
    index = module.get_parent().specific
    for number, code in enumerate(("M91", "M92"), start=1):
        copy = module.copy(update_attrs={"slug": f"kopi-{number}", "code": code}, recursive=False, to=index)
        copy.save_revision().publish()
        going = enrolment.begin(learner.person, edition=edition_of(copy), at=taken_at(due))
        answer_all_at(going)
    assert len(due_refreshers(learner.person)) == 3
    assert line(client).count("Du gennemførte") == 1
    # A card for each completed module is there as before; it takes none.
    assert queries_of(client, "/mit/") == few


def taken_at(refresher):
    return refresher.enrolment.started_at


def answer_all_at(going):
    """Completed when it was begun."""
    answer_all(going)
    enrolment.finish(going, at=going.started_at)


def test_skipped_it_is_gone_and_a_second_click_changes_nothing(client, due):
    said = client.post(address("refresher_skip", due), follow=True).content.decode()
    assert "Sprunget over. Den næste fra dette modul kommer 13. december 2026." in said
    client.post(address("refresher_skip", due))
    assert (line(client), SkippedRefresher.objects.count()) == (None, 1)
    said = client.get(address("refresher", due), follow=True).content.decode()
    assert "Du har sprunget denne genopfriskning over." in said


def test_turned_off_none_is_spoken_of_and_it_says_where_to_turn_them_on(client, due):
    link = soup(client.get("/mit/")).find("a", string="Slå genopfriskning fra")
    assert link["href"] == reverse("content:refreshers")
    said = client.post(link["href"], {"on": "0"}, follow=True).content.decode()
    assert "Du finder også siden under Dit login." in said
    assert line(client) is None
    assert soup(client.get("/konto/")).find("a", href=reverse("content:refreshers"))
    client.post(link["href"], {"on": "1"})
    assert line(client) is not None


def test_in_english_it_is_asked_in_english(client, due, kinds):
    assert "3 of its questions are ready again" in line(client, "/en/mit/")
    page = soup(client.get(f"/en{address('refresher', due)}"))
    items = edition_of(kinds, "en").items
    assert [text(legend) for legend in page.select("legend")] == [
        items[item]["text"] for item in due.questions
    ]
    assert page.select("main [lang]") == []


# --- Taking it -------------------------------------------------------------------------------------------


def test_a_reload_shows_the_same_questions_and_nothing_of_the_answers(client, due, kinds):
    shown = [client.get(address("refresher", due)).content.decode() for _reload in range(2)]
    legends = [[text(legend) for legend in soup_of(html).select("legend")] for html in shown]
    assert legends[0] == [due.edition.items[item]["text"] for item in due.questions] == legends[1]
    for specification in edition_of(kinds).grading.values():
        assert specification.get("explanation", "Det hele tæller.") not in shown[0]


def test_it_is_taken_from_the_first_question_to_how_it_went(client, due):
    for number, item in enumerate(due.questions):
        if number == 0:
            wrong = send(client, due, item, wrongly(due, item))
            assert wrong.headers["Location"] == f"{address('refresher', due)}#item-{item}"
            assert "Ikke helt" in item_of_page(client, due, item)
        assert send(client, due, item, rightly(due, item)).status_code == 302
        shown = item_of_page(client, due, item)
        assert "Rigtigt" in shown
        assert due.edition.grading[item]["explanation"] in shown
    page = soup(client.get(address("refresher_end", due)))
    assert text(page.h1) == "2 af 3 rigtige i første forsøg"
    states = [text(state) for state in page.select(".content-texts .content-state")]
    assert states == ["ikke rigtigt i første forsøg", "rigtigt i første forsøg", "rigtigt i første forsøg"]
    # The way back to the step that explains is there, and opens.
    steps = [due.edition.step_of(item) for item in due.questions]
    links = [link["href"] for link in page.select(".content-texts a")]
    assert [link.rsplit("/", 2)[1] for link in links] == [str(step) for step in steps]
    assert [client.get(link).status_code for link in links] == [200, 200, 200]
    assert "kommer den 13. december 2026" in text(page.main)
    assert line(client) is None


def wrongly(refresher, item):
    """Some answer that is wrong and possible."""
    block, correct = refresher.edition.items[item], refresher.edition.grading[item]["correct"]
    match block["kind"]:
        case "ordering":
            return fields(block, "[,]".join(reversed(correct)))
        case "matching":
            target = next(row["id"] for row in block["targets"] if row["id"] not in correct.values())
            return fields(block, "[,]".join(f"{row['id']}[.]{target}" for row in block["sources"]))
    return {"response": [next(row["id"] for row in block["options"] if row["id"] not in correct)]}


def item_of_page(client, refresher, item):
    return text(soup(client.get(address("refresher", refresher))).find(id=f"item-{item}"))


def test_each_kind_of_quick_question_is_graded_as_in_the_player(client, taken, noon, monkeypatch):
    noon(DUE)
    monkeypatch.setattr("courses.refreshing.QUESTIONS", 5)
    [refresher] = due_refreshers(taken.person)
    kinds = {refresher.edition.items[item]["kind"] for item in refresher.questions}
    assert kinds == {"single_choice", "multiple_choice", "true_false", "ordering", "matching"}
    for item in refresher.questions:
        for sent in (wrongly(refresher, item), rightly(refresher, item)):
            send(client, refresher, item, sent)
        rows = RefresherAnswer.objects.filter(item=item).order_by("ordinal")
        assert [row.success for row in rows] == [False, True]
    assert item_of_page(client, refresher, refresher.questions[0]).count("Rigtigt") == 1


def test_with_questions_left_it_says_how_many_wait(client, due):
    asked_early = client.get(address("refresher_end", due), follow=True)
    assert asked_early.redirect_chain == [(address("refresher", due), 302)]
    assert "Svar på et af spørgsmålene først. Så kan du se, hvordan det gik." in text(soup(asked_early).body)
    send(client, due, due.questions[0], rightly(due, due.questions[0]))
    page = soup(client.get(address("refresher_end", due)))
    assert (text(page.h1), "2 spørgsmål venter på dit svar." in text(page.main)) == ("Ikke helt færdig", True)
    assert "Fortsæt genopfriskningen" in line(client)


def test_htmx_gets_the_question_alone_with_the_feedback_in_focus(client, due):
    item = due.questions[0]
    sent = send(client, due, item, rightly(due, item), **{"HX-Request": "true"})
    said = sent.content.decode()
    assert (sent.status_code, "<html" in said, "data-focus" in said) == (200, False, True)
    assert address("refresher_answer", due, item) in said


def test_a_double_click_is_one_answer(client, due):
    item, token = due.questions[0], str(uuid.uuid4())
    before = Statement.objects.count()
    for _click in range(2):
        send(client, due, item, {**rightly(due, item), "token": token})
    assert (Statement.objects.count(), RefresherAnswer.objects.count()) == (before + 1, 1)


def test_what_cannot_be_an_answer_is_said_and_nothing_is_recorded(client, due):
    before = Statement.objects.count()
    item = due.questions[0]
    empty = send(client, due, item, {})
    assert empty.status_code == 422
    assert "form-error-message" in empty.content.decode()
    choice = next(one for one in due.questions if due.edition.items[one].get("options"))
    invented = send(client, due, choice, {"response": "invented"})
    assert (invented.status_code, "Vælg en af dem, der er vist" in invented.content.decode()) == (422, True)
    assert send(client, due, "s9_q9", {"response": "right"}).status_code == 404
    assert client.get(address("refresher_answer", due, item)).headers["Location"] == address("refresher", due)
    assert Statement.objects.count() == before


def test_before_its_day_it_is_not_open_and_an_answer_that_comes_too_late_is_not_kept(client, due, noon):
    later = reverse("content:refresher", args=[due.enrolment.registration, 2])
    assert client.get(later).headers["Location"] == "/mit/"
    never = reverse("content:refresher", args=[due.enrolment.registration, 4])
    assert client.get(never).status_code == 404
    noon(dt.date(2026, 12, 13))
    client.force_login(due.enrolment.person.users.get())
    before = Statement.objects.count()
    late = send(client, due, due.questions[0], rightly(due, due.questions[0]), **{"HX-Request": "true"})
    assert (late.status_code, "Denne genopfriskning er slut" in late.content.decode()) == (200, True)
    assert Statement.objects.count() == before
    assert "er ikke klar" in client.get(address("refresher", due), follow=True).content.decode()


def test_her_own_data_has_her_answers_her_setting_and_what_she_skipped(client, due):
    send(client, due, due.questions[0], rightly(due, due.questions[0]))
    first = soup(client.get(reverse("reports:my_record"))).select_one(".reports-record li p")
    assert "i en genopfriskning af Alle slags" in text(first)
    assert downloaded(client)["refreshers"] == {"is_on": True, "changed_at": None, "skipped": []}
    refreshers.skip(due)
    refreshers.turn(due.enrolment.person, on=False)
    kept = downloaded(client)["refreshers"]
    assert (kept["is_on"], kept["changed_at"]) == (False, "2026-11-25T11:00:00Z")
    assert [(row["title"], row["round"], row["registration"]) for row in kept["skipped"]] == [
        ("Alle slags", 1, str(due.enrolment.registration))
    ]
    said = text(soup(client.get(reverse("reports:my_record"))).main)
    assert "Slået fra 25. november 2026" in said
    assert "Alle slags: sprunget over 25. november 2026" in said


def downloaded(client):
    return json.loads(client.get(reverse("reports:my_data_download")).getvalue())


# --- Modules that change ---------------------------------------------------------------------------------


def test_a_module_that_is_offered_no_more_has_no_refreshers(client, due, kinds, module):
    kinds.unpublish()
    # It is still there in English, and so are its questions.
    assert "Du gennemførte" in line(client)
    assert client.get(address("refresher", due)).status_code == 200
    kinds.get_translations().get().unpublish()
    assert line(client) is None
    said = client.get(address("refresher", due), follow=True).content.decode()
    assert "Modulet er fornyet eller tilbydes ikke længere" in said
    before = Statement.objects.count()
    item = due.questions[0]
    assert send(client, due, item, rightly(due, item)).status_code == 404
    assert Statement.objects.count() == before
    # What waits behind it is spoken of instead.
    other = enrolment.begin(due.enrolment.person, edition=edition_of(module), at=taken_at(due))
    answer_all_at(other)
    assert "Du gennemførte Se det i tide" in line(client)


def test_a_new_version_ends_them_and_a_correction_of_wording_does_not(client, due, kinds):
    kinds.title = "Alle slags, igen"
    kinds.save_revision().publish()
    assert "Alle slags, igen" in line(client)
    kinds.is_new_substance = True
    kinds.save_revision().publish()
    assert line(client) is None
    said = client.get(address("refresher", due), follow=True).content.decode()
    assert "Modulet er fornyet eller tilbydes ikke længere" in said


def test_an_answer_given_before_a_correction_is_shown_in_the_words_in_which_it_was_given(client, due, kinds):
    item = due.questions[0]
    send(client, due, item, rightly(due, item))
    corrected = Edition.objects.get(pk=due.edition.pk)
    content = json.loads(json.dumps(corrected.content))
    for step in content["steps"]:
        for block in step["blocks"]:
            if block.get("item"):
                block["text"] = "Andre ord"
    Edition.objects.create(
        version=corrected.version,
        number=99,
        language="da",
        title=corrected.title,
        content=content,
        grading=corrected.grading,
        fingerprint="other",
        published_at=corrected.published_at,
    )
    legends = [text(legend) for legend in soup(client.get(address("refresher", due))).select("legend")]
    assert legends == [due.edition.items[item]["text"], "Andre ord", "Andre ord"]


# --- Nobody else's ---------------------------------------------------------------------------------------


def a_leader(unit):
    return UserFactory(person=GrantFactory(unit=unit).person)


def a_key_person(unit):
    return UserFactory(person=GrantFactory(unit=unit, role=Role.KEY_PERSON).person)


def a_colleague(unit):
    return UserFactory(person=EmploymentFactory(unit=unit).person)


def a_coordinator(unit):
    area = AreaFactory(kind=AreaKind.REGION)
    AreaMembershipFactory(area=area, unit=unit)
    return UserFactory(person=GrantFactory(role=Role.COORDINATOR, unit=None, area=area).person)


def an_educator(unit):
    return UserFactory(person=GrantFactory(role=Role.EDUCATOR, unit=None).person)


def an_administrator(unit):
    return UserFactory(person=GrantFactory(role=Role.ADMINISTRATOR, unit=None).person)


def a_superuser(unit):
    return UserFactory(person=PersonFactory(), is_superuser=True, is_staff=True)


def a_login_without_a_person(unit):
    return UserFactory(person=None, is_superuser=True)


OUTSIDERS = [
    a_leader,
    a_key_person,
    a_colleague,
    a_coordinator,
    an_educator,
    an_administrator,
    a_superuser,
    a_login_without_a_person,
]


def test_nobody_else_opens_answers_or_skips_it(client, due):
    item = due.questions[0]
    send(client, due, item, rightly(due, item))
    before = Statement.objects.count()
    pages = [address(name, due) for name in ("refresher", "refresher_end")]
    assert [client.get(page).status_code for page in pages] == [200, 200]
    for outsider in OUTSIDERS:
        client.force_login(outsider(due.enrolment.person.employments.get().unit))
        assert [client.get(page).status_code for page in pages] == [404, 404], outsider
        assert send(client, due, item, rightly(due, item)).status_code == 404, outsider
        assert client.post(address("refresher_skip", due)).status_code == 404, outsider
        assert line(client) is None, outsider
    assert (Statement.objects.count(), SkippedRefresher.objects.count()) == (before, 0)
    client.logout()
    for page in (*pages, reverse("content:refreshers")):
        assert client.get(page).headers["Location"].startswith("/konto/login/")


def test_nothing_of_it_stands_on_any_page_or_in_any_file_of_those_who_lead_or_write(client, due, kinds):
    """The same before and after: whatever she answered, skipped or turned off."""
    person = due.enrolment.person
    unit = person.employments.get().unit
    leader, educator = a_leader(unit), an_educator(unit)
    coordinator, administrator = a_coordinator(unit), an_administrator(unit)
    team = reverse("reports:team_unit", args=[unit.public_id])
    seen = {
        leader: [
            team,
            reverse("reports:team_person", args=[unit.public_id, person.public_id]),
            reverse("reports:confirm"),
            reverse("reports:team_download", args=[unit.public_id, "csv"]),
        ],
        educator: ["/cms/", "/cms/reports/site-history/", kinds.url],
        coordinator: [reverse("reports:coverage")],
        administrator: ["/cms/", f"/cms/person/edit/{person.pk}/"],
    }

    sync_all_groups()

    def look():
        found = {}
        for user, pages in seen.items():
            client.force_login(user)
            for page in pages:
                response = client.get(page)
                body = b"".join(response) if response.streaming else response.content
                found[user, page] = (response.status_code, words(body))
        return found

    look()
    before = look()
    assert [page for page, (status, _words) in before.items() if status != 200] == []
    client.force_login(person.users.get())
    for item in due.questions:
        send(client, due, item, wrongly(due, item))
    refreshers.skip(due)
    refreshers.turn(person, on=False)
    assert look() == before


def words(body):
    """A page's words, without the tokens that differ from one time to the next."""
    return text(soup_of(body.decode("utf-8-sig")).body) if b"<body" in body else body
