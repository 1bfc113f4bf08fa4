import json
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection

from xapi.domain.documents import (
    DocumentTooLarge,
    PreconditionFailed,
    UnseenDocument,
    delete,
    delete_all,
    documents_of,
    erase_documents_of,
    merge,
    put,
)
from xapi.enums import DocumentKind
from xapi.etags import Condition, etag_of
from xapi.formats import StatementInvalid
from xapi.models import Document, DocumentContext
from xapi.vocabulary import actor_of, ifi_of

pytestmark = pytest.mark.django_db

SIGNE = uuid.UUID("0b6d5b8e-7d0e-4f5a-9d27-0a5a5a1c2f3d")
MODULE = "https://lindra.example/id/modules/m02"
FREE = Condition()
EXPLICIT = Condition(explicit=True)


def state(learner=SIGNE, activity=MODULE, registration=None):
    return DocumentContext.of(
        DocumentKind.STATE, activity=activity, agent=actor_of(learner), registration=registration
    )


def put_text(context, name="bookmark", text="page 1", condition=FREE):
    put(context, name, content=text.encode(), content_type="text/plain", condition=condition)


def post_json(context, text, name="bookmark", condition=FREE, **how):
    content_type = how.pop("content_type", "application/json")
    merge(context, name, content=text.encode(), content_type=content_type, condition=condition, **how)


def content():
    return bytes(Document.objects.get().content).decode()


# --- Put ----------------------------------------------------------------------------------------------


def test_what_is_put_replaces_what_lay_there():
    registration = uuid.uuid4()
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False):
        put_text(state(registration=registration))
    with time_machine.travel("2026-11-22T12:01:00Z", tick=False):
        put(
            state(registration=registration),
            "bookmark",
            content=b"\xff\x00",
            content_type="application/octet-stream",
            condition=FREE,
        )
    row = Document.objects.get()
    assert (row.kind, row.activity, row.learner, row.registration, row.name) == (
        "state",
        MODULE,
        SIGNE,
        registration,
        "bookmark",
    )
    assert row.agent == ifi_of(actor_of(SIGNE))
    assert (bytes(row.content), row.content_type) == (b"\xff\x00", "application/octet-stream")
    assert (row.etag, row.updated.isoformat()) == (
        etag_of(b"\xff\x00"),
        "2026-11-22T12:01:00+00:00",
    )


def test_documents_that_differ_in_one_part_of_their_address_are_kept_apart():
    agent = actor_of(SIGNE)
    contexts = [
        state(),
        state(registration=uuid.UUID(int=1)),
        state(registration=uuid.UUID(int=2)),
        state(uuid.UUID(int=3)),
        state(activity=f"{MODULE}/2"),
        DocumentContext.of(DocumentKind.AGENT_PROFILE, agent=agent),
        DocumentContext.of(DocumentKind.ACTIVITY_PROFILE, activity=MODULE),
    ]
    for context in contexts:
        put_text(context)
        put_text(context, name="bookmark2")
    assert Document.objects.count() == 2 * len(contexts)


def test_a_name_and_an_activity_of_any_length_are_an_address():
    long = "https://a.example/" + "æ" * 5000
    put_text(state(activity=long), name="n" * 5000)
    put_text(state(activity=long + "x"), name="n" * 5000)
    put_text(state(activity=long), name="n" * 5000)
    assert Document.objects.count() == 2


def test_what_says_that_it_is_json_must_be_json():
    with pytest.raises(StatementInvalid, match="the body is not JSON"):
        put(state(), "bookmark", content=b"{", content_type="Application/JSON; charset=utf-8", condition=FREE)
    assert Document.objects.count() == 0


def test_a_document_that_exists_is_replaced_only_by_somebody_who_has_read_it():
    put_text(state(), condition=EXPLICIT)
    etag = Document.objects.get().etag
    with pytest.raises(UnseenDocument) as unseen:
        put_text(state(), text="page 2", condition=EXPLICIT)
    assert str(unseen.value) == (
        "A document is stored here already. Get it, check its current state, and send the header If-Match "
        f'with its ETag, which is "{etag}" now, to replace it.'
    )
    assert content() == "page 1"
    put_text(state(), text="page 2", condition=Condition(match=frozenset({etag}), explicit=True))
    assert content() == "page 2"
    with pytest.raises(PreconditionFailed):
        put_text(state(), text="page 3", condition=Condition(match=frozenset({etag}), explicit=True))
    assert content() == "page 2"


def test_a_document_that_must_be_new_is_not_put_over_another():
    new = Condition(none_match=frozenset({"*"}))
    put_text(state(), condition=new)
    with pytest.raises(PreconditionFailed):
        put_text(state(), text="page 2", condition=new)
    assert content() == "page 1"


def test_nothing_matches_where_nothing_is_stored():
    with pytest.raises(PreconditionFailed, match="Nothing is stored here"):
        put_text(state(), condition=Condition(match=frozenset({"*"})))
    assert Document.objects.count() == 0


def test_replacing_a_document_takes_one_query_and_two_when_it_depends_on_what_is_stored(
    django_assert_num_queries,
):
    put_text(state())
    with django_assert_num_queries(1):
        put_text(state(), text="page 2")
    etag = Document.objects.get().etag
    with django_assert_num_queries(2):
        put_text(state(), text="page 3", condition=Condition(match=frozenset({etag})))


# --- Merge --------------------------------------------------------------------------------------------


def test_top_level_properties_are_merged_and_the_others_replaced_whole():
    post_json(state(), '{"x":"foo","y":"bar","deep":{"a":1,"b":2}}')
    assert content() == '{"x":"foo","y":"bar","deep":{"a":1,"b":2}}'
    post_json(state(), '{"x":"bash","z":"æ","deep":{"b":3}}')
    assert content() == r'{"x":"bash","y":"bar","deep":{"b":3},"z":"\u00e6"}'
    row = Document.objects.get()
    assert row.etag == etag_of(bytes(row.content))


@pytest.mark.parametrize(
    ("stored", "stored_type", "given", "given_type"),
    [
        ("{}", "application/json", "abc", "text/plain"),
        ("{}", "application/json", "{}", "text/json"),
        ("{}", "text/plain", "{}", "application/json"),
        ("[1]", "application/json", "{}", "application/json"),
        ("{}", "application/json", "[1]", "application/json"),
        ("{}", "application/json", "7", "application/json"),
        ("{}", "application/json", '{"a":1}{', "application/json"),
        ("{}", "application/json", '{"a":NaN}', "application/json"),
        (None, None, "[1]", "application/json"),
        (None, None, "abc", "text/plain"),
        (None, None, "", "application/json"),
    ],
)
def test_only_objects_are_merged(stored, stored_type, given, given_type):
    if stored is not None:
        put(state(), "bookmark", content=stored.encode(), content_type=stored_type, condition=FREE)
    with pytest.raises(StatementInvalid):
        post_json(state(), given, content_type=given_type)
    assert [bytes(row.content).decode() for row in Document.objects.all()] == ([stored] if stored else [])


def test_half_of_a_surrogate_pair_survives_a_merge():
    post_json(state(), r'{"a":"\ud800"}')
    post_json(state(), '{"b":1}')
    assert content() == r'{"a":"\ud800","b":1}'


def test_a_document_does_not_grow_beyond_the_limit_by_merging():
    post_json(state(), '{"a":"12345"}', largest=20)
    with pytest.raises(DocumentTooLarge):
        post_json(state(), '{"b":"12345"}', largest=20)
    assert content() == '{"a":"12345"}'


def test_a_merge_heeds_the_version_that_was_read():
    post_json(state(), '{"a":1}')
    read = Condition(match=frozenset({Document.objects.get().etag}))
    post_json(state(), '{"b":2}', condition=read)
    with pytest.raises(PreconditionFailed):
        post_json(state(), '{"c":3}', condition=read)
    assert content() == '{"a":1,"b":2}'


# --- Delete -------------------------------------------------------------------------------------------


def test_a_document_is_deleted_and_deleting_it_again_is_no_error():
    put_text(state())
    put_text(state(), name="other")
    delete(state(), "bookmark", condition=FREE)
    delete(state(), "bookmark", condition=FREE)
    assert Document.objects.get().name == "other"


def test_a_deletion_heeds_the_version_that_was_read():
    put_text(state())
    with pytest.raises(PreconditionFailed):
        delete(state(), "bookmark", condition=Condition(match=frozenset({"f" * 40})))
    delete(state(), "bookmark", condition=Condition(match=frozenset({Document.objects.get().etag})))
    with pytest.raises(PreconditionFailed):
        delete(state(), "bookmark", condition=Condition(match=frozenset({"*"})))
    assert Document.objects.count() == 0


def test_all_states_of_a_context_are_deleted_and_no_others():
    one, two = uuid.UUID(int=1), uuid.UUID(int=2)
    for context in (state(), state(registration=one), state(registration=two)):
        put_text(context)
    kept = [state(activity=f"{MODULE}/2"), state(uuid.UUID(int=3))]
    kept.append(DocumentContext.of(DocumentKind.AGENT_PROFILE, agent=actor_of(SIGNE)))
    for context in kept:
        put_text(context)
    delete_all(state(registration=one))
    assert sorted(row.registration or 0 for row in Document.objects.filter(registration=two)) == [two]
    assert Document.objects.count() == 5
    delete_all(state())
    assert sorted(row.context for row in Document.objects.all()) == sorted(each.digest for each in kept)


# --- Beside each other --------------------------------------------------------------------------------


class Interrupted(Condition):
    """A condition that is asked just before somebody else writes: once."""

    def allows(self, etag):
        allowed = super().allows(etag)
        if allowed and not getattr(self, "done", False):
            object.__setattr__(self, "done", True)
            self.interrupt()
        return allowed


def interrupted(interrupt, **parts):
    condition = Interrupted(**parts)
    object.__setattr__(condition, "interrupt", interrupt)
    return condition


def test_who_comes_second_with_the_same_etag_is_refused_although_it_was_right_when_read():
    put_text(state())
    etag = Document.objects.get().etag
    condition = interrupted(lambda: put_text(state(), text="theirs"), match=frozenset({etag}))
    with pytest.raises(PreconditionFailed):
        put_text(state(), text="mine", condition=condition)
    assert content() == "theirs"


def test_who_comes_second_with_a_new_document_is_refused_although_there_was_none():
    condition = interrupted(lambda: put_text(state(), text="theirs"), none_match=frozenset({"*"}))
    with pytest.raises(PreconditionFailed):
        put_text(state(), text="mine", condition=condition)
    assert content() == "theirs"


def test_a_merge_takes_in_what_came_in_between():
    post_json(state(), '{"a":1}')
    post_json(state(), '{"b":2}', condition=interrupted(lambda: post_json(state(), '{"c":3}')))
    assert content() == '{"a":1,"c":3,"b":2}'


def test_a_version_that_came_in_between_is_not_deleted():
    put_text(state())
    etag = Document.objects.get().etag
    condition = interrupted(lambda: put_text(state(), text="theirs"), match=frozenset({etag}))
    with pytest.raises(PreconditionFailed):
        delete(state(), "bookmark", condition=condition)
    assert content() == "theirs"


def all_together(works):
    def in_thread(work):
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(in_thread, works))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("stored", [True, False])
def test_of_two_puts_that_race_with_the_same_etag_one_is_stored_and_one_refused(stored):
    """Twenty times, in threads of their own: on both databases."""
    for round_ in range(20):
        Document.objects.all().delete()
        parts = {"none_match": frozenset({"*"})}
        if stored:
            put_text(state())
            parts = {"match": frozenset({Document.objects.get().etag})}
        barrier = threading.Barrier(2)

        def writer(text, parts=parts, barrier=barrier):
            def work():
                barrier.wait()
                try:
                    put_text(state(), text=text, condition=Condition(**parts))
                except PreconditionFailed:
                    return "refused"
                return text

            return work

        answers = all_together([writer(f"{round_} one"), writer(f"{round_} two")])
        assert sorted(answers) == sorted([content(), "refused"])


@pytest.mark.django_db(transaction=True)
def test_puts_and_deletions_beside_each_other_end_in_one_of_them():
    def putting():
        for _ in range(20):
            put_text(state())

    def deleting():
        for _ in range(20):
            delete(state(), "bookmark", condition=FREE)

    all_together([putting, deleting, putting])
    put_text(state(), text="page 2")
    assert content() == "page 2"


@pytest.mark.django_db(transaction=True)
def test_merges_beside_each_other_lose_nothing():
    names = [f"{writer}-{n}" for writer in range(4) for n in range(10)]

    def writer(number):
        def work():
            for n in range(10):
                post_json(state(), f'{{"{number}-{n}":1}}')

        return work

    all_together([writer(number) for number in range(4)])
    row = Document.objects.get()
    assert sorted(json.loads(bytes(row.content))) == sorted(names)


# --- Her rights ---------------------------------------------------------------------------------------


def test_a_learner_gets_what_is_kept_about_her_and_nothing_about_others():
    registration = uuid.uuid4()
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False) as clock:
        post_json(state(registration=registration), '{"side":"æ"}')
        clock.shift(60)
        profile = DocumentContext.of(DocumentKind.AGENT_PROFILE, agent=actor_of(SIGNE))
        put(profile, "photo", content=b"\xff", content_type="image/png", condition=FREE)
    put_text(state(uuid.UUID(int=3)))
    put_text(DocumentContext.of(DocumentKind.ACTIVITY_PROFILE, activity=MODULE))
    told = documents_of(SIGNE)
    assert [each.pop("updated").isoformat() for each in told] == [
        "2026-11-22T12:00:00+00:00",
        "2026-11-22T12:01:00+00:00",
    ]
    assert told == [
        {
            "kind": "state",
            "activity": MODULE,
            "registration": registration,
            "name": "bookmark",
            "content_type": "application/json",
            "content": '{"side":"æ"}',
        },
        {
            "kind": "agent-profile",
            "activity": "",
            "registration": None,
            "name": "photo",
            "content_type": "image/png",
            "base64": "/w==",
        },
    ]


def test_what_is_kept_about_a_learner_can_be_erased():
    post_json(state(), "{}")
    put_text(DocumentContext.of(DocumentKind.AGENT_PROFILE, agent=actor_of(SIGNE)))
    put_text(state(uuid.UUID(int=3)))
    put_text(DocumentContext.of(DocumentKind.ACTIVITY_PROFILE, activity=MODULE))
    assert erase_documents_of(SIGNE) == 2
    assert (documents_of(SIGNE), Document.objects.count()) == ([], 2)


@pytest.mark.parametrize("size", [1, 3])
def test_her_copy_takes_one_query_whatever_it_holds(django_assert_num_queries, size):
    for n in range(size):
        put_text(state(), name=str(n))
    with django_assert_num_queries(1):
        assert len(documents_of(SIGNE)) == size
