"""Films and recordings: captions before publishing, pieces on request, and what was played, recorded."""

import io
import math
import struct
import uuid
import wave

import pytest
from django.core.exceptions import ValidationError
from playwright.sync_api import expect
from wagtail.documents import get_document_model

from content import catalogue
from content.block_data import CatalogueError
from courses.domain import enrolment
from courses.models import Edition
from tests.factories.kinds import LAST, both, every_kind
from xapi.models import Statement

VTT = b"WEBVTT\n\n00:00.000 --> 00:02.000\nEn rolig stemme\n"


def tone(seconds=2):
    """A quiet tone, as a file that every browser plays."""
    made = io.BytesIO()
    with wave.open(made, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(
            b"".join(struct.pack("<h", int(999 * math.sin(n / 4))) for n in range(8000 * seconds))
        )
    return made.getvalue()


@pytest.fixture
def files(settings, tmp_path, monkeypatch):
    """A library of files that may be put into a module."""
    settings.MEDIA_ROOT = tmp_path / "media"
    folder = tmp_path / "data" / "files"
    folder.mkdir(parents=True)
    monkeypatch.setattr("content.block_data.DATA", tmp_path / "data")
    (folder / "tone.wav").write_bytes(tone())
    (folder / "film.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + b"\0" * 990)
    (folder / "false.mp4").write_bytes(tone())
    (folder / "tone.vtt").write_bytes(VTT)
    (folder / "words.vtt").write_bytes(b"En rolig stemme")
    return folder


def recording(kind="audio", file="tone.wav", captions="tone.vtt", **changes):
    return {
        "type": kind,
        "title": both("En stemme", "A voice"),
        "file": file,
        "captions": {"da": captions, "en": captions},
        "transcript": both("<p>En rolig stemme.</p>", "<p>A calm voice.</p>"),
        "chapters": [
            {"at": 0, "title": both("Først", "First")},
            {"at": 1, "title": both("Så", "Then")},
        ],
        **changes,
    }


@pytest.fixture
def load(module, files):
    def load(block):
        data = every_kind()
        data["steps"] = [{"title": both("Lyt", "Listen"), "minutes": 3, "blocks": [block, LAST[-1]]}]
        return catalogue.load_module(data, index=module.get_parent().specific)

    return load


@pytest.fixture
def going(load, learner, client):
    """The learner has begun a module with a recording: `(page, enrolment, item, client)`."""
    page = load(recording())
    edition = Edition.objects.get(version__module__key=page.translation_key, language="da")
    going = enrolment.begin(learner.person, edition=edition)
    client.force_login(learner)
    return page, going, next(iter(edition.items)), client


@pytest.mark.parametrize(
    "wrong",
    [
        {"transcript": both("", "")},
        {"captions": "words.vtt"},
        {"captions": "tone.wav"},
        {"file": "false.mp4", "kind": "video"},
        {"file": "film.mp4"},
        {"chapters": [{"at": 1, "title": both("A", "B")}, {"at": 1, "title": both("C", "D")}]},
    ],
    ids=["no transcript", "false captions", "no captions", "a false film", "a film as sound", "chapters"],
)
def test_what_cannot_be_had_without_hearing_or_seeing_is_not_published(load, wrong):
    with pytest.raises(CatalogueError):
        load(recording(**wrong))


def test_a_film_without_captions_is_not_published(load):
    page = load(recording("video", "film.mp4"))
    film = page.steps[0].value["body"][0]
    film.value["captions"] = None
    with pytest.raises(ValidationError) as refused:
        film.block.clean(film.value)
    assert list(refused.value.as_json_data()["blockErrors"]) == ["captions"]


def test_a_film_is_shown_with_captions_chapters_and_transcript(load, learner, client):
    page = load(recording("video", "film.mp4"))
    client.force_login(learner)
    client.post(f"{page.url}begynd/")
    said = client.get(f"{page.url}trin/1/").content.decode()
    for part in ("<video", 'kind="captions"', "En rolig stemme.", "Først"):
        assert part in said


@pytest.mark.parametrize(
    ("asked", "status", "length", "said"),
    [
        (None, 200, 1002, None),
        ("bytes=0-9", 206, 10, "bytes 0-9/1002"),
        ("bytes=1000-", 206, 2, "bytes 1000-1001/1002"),
        ("bytes=-4", 206, 4, "bytes 998-1001/1002"),
        ("bytes=5000-", 416, 0, "bytes */1002"),
        (f"bytes={'9' * 5000}-", 200, 1002, None),
    ],
)
def test_a_film_is_had_in_pieces(load, client, asked, status, length, said):
    page = load(recording("video", "film.mp4"))
    film = page.compiled.content["steps"][0]["blocks"][0]["file"]
    headers = {"Range": asked} if asked else {}
    sent = client.get(f"/fil/{film['id']}/{film['name']}", headers=headers)
    body = b"".join(sent.streaming_content) if sent.streaming else sent.content
    assert (sent.status_code, len(body), sent.headers.get("Content-Range")) == (status, length, said)


def test_a_file_of_another_name_is_not_there(load, client):
    film = load(recording()).compiled.content["steps"][0]["blocks"][0]["file"]
    assert client.get(f"/fil/{film['id']}/andet.wav").status_code == 404


def test_a_file_that_the_library_has_lost_is_not_there(load, client):
    film = load(recording()).compiled.content["steps"][0]["blocks"][0]["file"]
    get_document_model().objects.get(pk=film["id"]).file.storage.delete(f"documents/{film['name']}")
    assert client.get(f"/fil/{film['id']}/{film['name']}").status_code == 404


def event(verb, **changes):
    return {
        "verb": verb,
        "session": "33333333-3333-4333-8333-333333333333",
        "token": str(uuid.uuid4()),
        "length": "10",
        "time": "5",
        "segments": "0[.]5",
        **changes,
    }


def test_what_was_played_is_recorded_in_the_words_of_the_video_profile(going):
    page, begun, item, client = going
    for verb in ("initialized", "played", "paused", "seeked", "terminated"):
        assert client.post(f"{page.url}afspil/{item}/", event(verb, **{"from": "1"})).status_code == 204
    iri = begun.edition.item_iri(item)
    said = {row.verb.rsplit("/", 1)[1]: row.data for row in Statement.objects.filter(activity=iri)}
    assert sorted(said) == ["initialized", "paused", "played", "seeked", "terminated"]
    name = "https://w3id.org/xapi/video/extensions/"
    assert said["paused"]["result"]["extensions"] == {
        f"{name}time": 5.0,
        f"{name}progress": 0.5,
        f"{name}played-segments": "0[.]5",
    }
    assert said["seeked"]["result"]["extensions"] == {f"{name}time-from": 1.0, f"{name}time-to": 5.0}
    category = said["played"]["context"]["contextActivities"]["category"]
    assert [activity["id"] for activity in category] == ["https://w3id.org/xapi/video"]
    assert said["played"]["context"]["extensions"][f"{name}length"] == 10.0


def test_the_same_event_sent_twice_is_recorded_once(going):
    page, begun, item, client = going
    same = event("paused")
    for _time in range(2):
        client.post(f"{page.url}afspil/{item}/", same)
    assert Statement.objects.filter(activity=begun.edition.item_iri(item)).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"verb": "invented"},
        {"verb": "completed"},
        {"length": "0"},
        {"length": "nan"},
        {"time": "-1"},
        {"time": "x"},
        {"segments": "5[.]2"},
        {"segments": "0[.]500"},
        {"token": "?"},
        {"segments": "[,]".join(f"{n / 100}[.]{n / 100}" for n in range(300))},
    ],
)
def test_what_cannot_have_happened_is_not_recorded(going, wrong):
    page, begun, item, client = going
    assert client.post(f"{page.url}afspil/{item}/", event("paused") | wrong).status_code == 422
    assert Statement.objects.filter(activity=begun.edition.item_iri(item)).count() == 0


def test_a_stranger_records_nothing(going, client):
    page, begun, item, browser = going
    browser.logout()
    assert browser.post(f"{page.url}afspil/{item}/", event("paused")).status_code == 409
    assert Statement.objects.filter(activity=begun.edition.item_iri(item)).count() == 0


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_recording_is_played_to_its_end_with_its_captions(
    page, going, client, settings, live_server, assert_accessible
):
    module, begun, item, _client = going
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto(f"{module.url}trin/1/")
    assert_accessible(page)
    page.get_by_role("button", name="Først").click()
    expect(page.locator("[data-caption]")).to_have_text("En rolig stemme")
    page.evaluate(
        """() => new Promise((done) => {
            const sound = document.querySelector("audio");
            if (sound.ended) done();
            sound.addEventListener("ended", () => done());
        })"""
    )
    rows = Statement.objects.filter(activity=begun.edition.item_iri(item))
    for _try in range(100):
        verbs = {row.verb.rsplit("/", 1)[1] for row in rows.all()}
        if verbs >= {"initialized", "played", "paused", "completed"}:
            break
        page.wait_for_timeout(100)
    else:
        pytest.fail(f"Only this was recorded: {verbs}")
