"""Whichever way leads to publishing: something missing is said in a list, and nothing is lost."""

import copy
import datetime as dt

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.log_actions import log
from wagtail.models import Locale, PageLogEntry, WorkflowState

from config.management.commands.tick import tick
from content.domain import schedule, translating
from content.domain.schedule import HELD_BACK
from content.models import ModulePage
from courses.models import Edition, ModuleVersion
from organisations.domain.mails import turn
from organisations.enums import MailKind, Role
from tests.factories.editor import act, act_on_front_page, count_queries, posted, press, submit, with_role
from tests.factories.organisations import EmploymentFactory
from tests.files import soup, text


@pytest.fixture
def form(kinds, settings, tmp_path):
    """A file of the library, which the draft of a module hands out."""
    settings.MEDIA_ROOT = tmp_path
    file = ContentFile(b"%PDF-1.7 ...", name="skema.pdf")
    return get_document_model().objects.create(title="Skema", file=file)


@pytest.fixture
def steps(kinds, form):
    """The steps of the module with that file put in."""
    steps = copy.deepcopy(kinds.steps.get_prep_value())  # else the page gets what is put in
    block = {"type": "document", "id": "skema", "value": {"title": "Skemaet", "document": form.pk}}
    steps[0]["value"]["body"].append(block)
    return steps


def messages_of(client, answer):
    """What the page that one is led to says at the top."""
    followed = client.get(answer.url)
    return " ".join(str(message) for message in followed.context["messages"])


def live_title(page):
    return ModulePage.objects.get(pk=page.pk).title


def count_editions(language="da"):
    return Edition.objects.in_language(language).count()


# --- The end of the review ------------------------------------------------------------------------------


@pytest.mark.parametrize("press_publish", [act, act_on_front_page])
def test_what_became_unready_in_the_review_is_not_published_and_waits_with_all_it_has(
    kinds, client, author, reviewer, publisher, steps, form, press_publish
):
    submit(client, author, kinds, steps=steps, title="Med skema", is_new_substance="True")
    act(client, reviewer, kinds)
    before = count_editions()
    form.delete()
    answer = press_publish(client, publisher, kinds)
    said = answer.content.decode() if answer.status_code == 200 else messages_of(client, answer)
    assert "Trin 1, Dokument, Fil: " in said
    assert (live_title(kinds), count_editions()) == (kinds.title, before)
    page = ModulePage.objects.get(pk=kinds.pk)
    assert page.get_latest_revision().content["title"] == "Med skema"
    assert WorkflowState.objects.for_instance(page).active().get().current_task_state.task.name == "Udgivelse"


def test_what_is_missing_is_said_before_it_waits_for_its_hour(
    kinds, client, author, reviewer, publisher, steps, form
):
    fields = {"is_new_substance": "True", "go_live_at": "2026-12-01 08:00"}
    submit(client, author, kinds, steps=steps, **fields)
    act(client, reviewer, kinds)
    form.delete()
    answer = act_on_front_page(client, publisher, kinds)
    assert "Trin 1, Dokument, Fil: " in messages_of(client, answer)
    assert ModulePage.objects.get(pk=kinds.pk).scheduled_revision is None


# --- Its hour -------------------------------------------------------------------------------------------


@pytest.fixture
def scheduled(kinds, module, client, author, reviewer, publisher, steps):
    """Two modules that are approved for the same morning, the first with the file."""
    for page, fields in ((kinds, {"steps": steps}), (module, {})):
        fields |= {"is_new_substance": "True", "go_live_at": "2026-12-01 08:00", "summary": "Nye ord."}
        submit(client, author, page, **fields)
        act(client, reviewer, page)
        act(client, publisher, page)
    return kinds


def test_what_became_unready_is_held_back_at_its_hour_and_stops_nothing_else(
    scheduled, module, client, author, form, noon
):
    form.delete()
    noon(dt.date(2026, 12, 1))
    author.refresh_from_db()
    assert "publish_scheduled" not in tick()
    assert ModulePage.objects.get(pk=module.pk).summary == "Nye ord."
    page = ModulePage.objects.get(pk=scheduled.pk)
    assert page.summary != "Nye ord."
    assert page.get_latest_revision().content["summary"] == "Nye ord."
    client.force_login(author)
    for address in (
        reverse("wagtailadmin_home"),
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        reverse("wagtailadmin_pages:history", args=[page.pk]),
    ):
        assert "Trin 1, Dokument, Fil: " in client.get(address).content.decode(), address
    tick()
    assert PageLogEntry.objects.filter(page=page.pk, action="content.hold_back").count() == 1


def test_what_was_held_back_is_news_until_it_is_sent_on_again(scheduled, client, author, form, noon):
    form.delete()
    noon(dt.date(2026, 12, 1))
    author.refresh_from_db()
    tick()
    home = reverse("wagtailadmin_home")
    client.force_login(author)
    assert "Ikke udgivet til tiden" in client.get(home).content.decode()
    submit(client, author, scheduled, steps=scheduled.steps.get_prep_value(), go_live_at=None)
    assert "Ikke udgivet til tiden" not in client.get(home).content.decode()


def test_what_is_ready_is_published_at_its_hour(scheduled, noon):
    noon(dt.date(2026, 12, 1))
    tick()
    assert ModulePage.objects.get(pk=scheduled.pk).summary == "Nye ord."
    assert not PageLogEntry.objects.filter(action="content.hold_back").exists()


@pytest.fixture
def held_back(scheduled, form, noon):
    """The first of the two, as its hour has just passed. Nobody has been told yet."""
    form.delete()
    noon(dt.date(2026, 12, 1))
    mail.outbox.clear()
    return ModulePage.objects.get(pk=scheduled.pk)


def told():
    return sorted(sent.to[0] for sent in mail.outbox)


def test_who_submitted_and_who_scheduled_it_are_told_by_mail_once(held_back, author, publisher):
    for _twice in range(2):
        tick()
    assert told() == sorted([author.email, publisher.email])
    sent = mail.outbox[0]
    assert sent.subject == "Et modul blev ikke udgivet til tiden"
    link = f"http://127.0.0.1:8000{reverse('wagtailadmin_pages:edit', args=[held_back.pk])}"
    title = held_back.get_latest_revision().content["title"]
    said = f"»{title}« skulle være udgivet 1. december 2026 kl. 08.00. Der manglede noget, så det blev ikke"
    assert sent.body.splitlines()[:3] == [f"{said} udgivet. Log ind for at se hvad:", "", link]
    assert "På Min profil vælger du, hvilke mails du får." in sent.body


def test_who_has_turned_it_off_or_writes_no_modules_any_more_is_not_told(held_back, author, publisher):
    turn(author.person, MailKind.HELD_BACK, on=False)
    publisher.person.grants.all().delete()
    tick()
    assert told() == []
    assert PageLogEntry.objects.filter(action=HELD_BACK).count() == 1


def test_where_both_have_left_the_owner_of_the_page_is_told(held_back, author, publisher):
    owner = with_role(Role.EDUCATOR)
    ModulePage.objects.filter(pk=held_back.pk).update(owner=owner)
    for user in (author, publisher):
        user.person.grants.all().delete()
    tick()
    assert told() == [owner.email]


def test_a_mail_that_cannot_be_sent_stops_nothing(held_back, module, monkeypatch, caplog):
    def refuse(*args, **kwargs):
        raise OSError

    monkeypatch.setattr("organisations.domain.mails.send_mail", refuse)
    assert "content.domain.schedule.hold_back_unready" not in tick()
    assert ModulePage.objects.get(pk=module.pk).summary == "Nye ord."


def test_of_two_ticks_at_a_time_one_holds_it_back_and_tells(held_back, author, publisher, monkeypatch):
    """The other has read it as due, and comes too late."""
    find_faults = schedule.find_faults

    def find_slowly(page):
        monkeypatch.setattr(schedule, "find_faults", find_faults)
        schedule.hold_back_unready()
        return find_faults(page)

    monkeypatch.setattr(schedule, "find_faults", find_slowly)
    schedule.hold_back_unready()
    assert told() == sorted([author.email, publisher.email])
    assert PageLogEntry.objects.filter(action=HELD_BACK).count() == 1


def tell(*pages):
    for page in pages:
        log(instance=page, action=HELD_BACK, data={"missing": ["Noget."]})


def test_the_front_page_takes_as_many_queries_for_three_that_were_held_back_as_for_one(
    kinds, module, english, client, author
):
    client.force_login(author)
    home = reverse("wagtailadmin_home")
    tell(kinds)
    client.get(home)
    one = count_queries(client, home)
    tell(module, english)
    assert count_queries(client, home) == one
    assert client.get(home).content.decode().count("Noget.") == 3


def test_whoever_keeps_guides_alone_is_not_told_of_modules(module, client):
    tell(module)
    client.force_login(with_role(Role.LOCAL_EDITOR, unit=EmploymentFactory().unit))
    assert "Noget." not in client.get(reverse("wagtailadmin_home")).content.decode()


# --- An earlier version ---------------------------------------------------------------------------------


def test_an_earlier_version_that_isnt_whole_is_not_sent_on(module, client, author):
    press(client, author, module, summary="")
    unready = ModulePage.objects.get(pk=module.pk).get_latest_revision()
    press(client, author, module, summary="Nye ord.")
    page = ModulePage.objects.get(pk=module.pk)
    address = reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, unready.pk])
    data = posted(page, button="action-submit", summary="", is_new_substance="False")
    answer = client.post(address, {**data, "revision": unready.pk})
    assert answer.status_code == 200
    assert "Kort om modulet" in text(soup(answer))
    page = ModulePage.objects.get(pk=module.pk)
    assert page.current_workflow_state is None
    assert page.get_latest_revision().content["summary"] == "Nye ord."


# --- A translation --------------------------------------------------------------------------------------


@pytest.fixture
def side_by_side(english):
    translating.take_over(english)
    return ModulePage.objects.get(pk=english.pk)


def publish(page, **changes):
    page = ModulePage.objects.get(pk=page.pk)
    for field, value in changes.items():
        setattr(page, field, value)
    page.save_revision().publish()


def publish_many(client, user, *pages):
    client.force_login(user)
    chosen = "&".join(f"id={page.pk}" for page in pages)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    return client.post(f"{address}?{chosen}", {"include_descendants": "on"})


def test_a_translation_with_gaps_is_not_published_among_others_and_the_list_says_what(
    module, side_by_side, client, publisher
):
    publish(module, title="Se det til tiden")
    before = count_editions("en")
    answer = publish_many(client, publisher, side_by_side)
    assert answer.url == reverse("wagtailadmin_pages:edit", args=[side_by_side.pk])
    assert "Forældet: »Se det til tiden«" in messages_of(client, answer)
    assert count_editions("en") == before


def test_nor_is_one_without_gaps_whose_new_texts_are_in_no_draft_yet(module, side_by_side, client, publisher):
    answer = publish_many(client, publisher, side_by_side)
    assert "side om side" in messages_of(client, answer)
    assert count_editions("en") == 1


def test_a_translation_of_a_module_that_was_never_published_waits_for_it(
    module, client, author, publisher, django_capture_on_commit_callbacks
):
    page = module.copy(update_attrs={"slug": "ny", "title": "Ny"}, user=author)
    made = page.copy_for_translation(Locale.objects.get(language_code="en")).specific
    translating.take_over(made)
    client.force_login(publisher)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("wagtailadmin_pages:edit", args=[made.pk]), {"action": "publish"})
    assert "Det danske modul er ikke udgivet endnu" in messages_of(client, answer)
    assert not ModuleVersion.objects.filter(module__key=page.translation_key).exists()


@pytest.mark.django_db(transaction=True)
def test_what_only_publishing_finds_is_said_too_and_the_texts_stay(module, side_by_side, client, publisher):
    # The newest version has other outcomes than those that the translation was made with.
    ModuleVersion.objects.update(substance="another")
    before = count_editions("en")
    client.force_login(publisher)
    answer = client.post(reverse("wagtailadmin_pages:edit", args=[side_by_side.pk]), {"action": "publish"})
    assert "Bring oversættelsen ajour" in messages_of(client, answer)
    assert count_editions("en") == before
    assert translating.find_gaps(side_by_side) == []
