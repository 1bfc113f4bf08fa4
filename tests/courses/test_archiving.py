"""Taking a module off the shelf, putting another in its place, and what that is to learners and paths."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from competencies.models import Evidence
from courses.domain import enrolment
from courses.domain.archiving import archive, archiving_of, restore
from courses.domain.assignments import assign, assigned_to
from courses.domain.paths import place_modules, progress_of_paths
from courses.models import Archiving, Completion, ModuleVersion, PathModule
from organisations.domain.groups import sync_groups
from organisations.enums import Role
from organisations.models import PendingPerson
from tests.factories.competencies import ContributionFactory, load_framework
from tests.factories.courses import complete, publish
from tests.factories.organisations import (
    AreaFactory,
    EmploymentFactory,
    GrantFactory,
    OrgUnitFactory,
    PersonFactory,
    UserFactory,
)
from tests.factories.paths import a_path, module_for, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
WHY = "Den nye henvisningsvejledning er kommet."


@pytest.fixture
def old():
    return module_for("nurse", title="Henvisning 2011", code="M08")


@pytest.fixture
def new():
    return module_for("nurse", title="Henvisning 2026", code="M20")


@pytest.fixture
def editor():
    return PersonFactory(given_name="Sofie")


def replace(old, new, *, counts, by=None):
    module = old.version.module
    return archive(module, reason=WHY, by=by, replaced_by=new.version.module, counts=counts)


def steps_of(person):
    return [
        (step.title, step.state, step.completed_as, step.is_archived)
        for row in progress_of_paths(person)
        for step in row.steps
    ]


# --- Archiving ----------------------------------------------------------------------------------------


def test_who_archived_it_when_and_why_is_kept(old, editor):
    row = archive(old.version.module, reason=WHY, by=editor)
    assert (row.reason, row.decided_by, row.decided_at.date(), row.replaced_by, row.counts) == (
        WHY,
        editor,
        dt.date(2026, 11, 22),
        None,
        None,
    )
    assert archiving_of(old.version.module) == row


def test_what_is_archived_cannot_be_begun_and_is_finished_by_whoever_began(old, editor):
    under_way, late = PersonFactory(), PersonFactory()
    enrolment.begin(under_way, edition=old)
    archive(old.version.module, reason=WHY, by=editor)
    with pytest.raises(enrolment.ModuleArchived):
        enrolment.begin(late, edition=old)
    complete(under_way, old)
    assert Completion.objects.get().learner == under_way.pseudonym
    with pytest.raises(enrolment.ModuleArchived):
        enrolment.begin(under_way, edition=old)


def test_what_was_completed_and_shown_stays(old, editor):
    load_framework()
    ContributionFactory(version=old.version)
    complete(PersonFactory(), old)
    before = list(Evidence.objects.values())
    archive(old.version.module, reason=WHY, by=editor)
    assert (Completion.objects.count(), list(Evidence.objects.values())) == (1, before)
    assert len(before) == 1


def test_the_same_decision_again_changes_nothing_and_another_supersedes_it(old, new, editor):
    first = archive(old.version.module, reason=WHY, by=editor)
    assert archive(old.version.module, reason=WHY, by=PersonFactory()) == first
    second = replace(old, new, counts=True, by=editor)
    first.refresh_from_db()
    assert (first.ended_by, second.ended_at) == (editor, None)
    assert [row.pk for row in Archiving.objects.standing()] == [second.pk]


def test_put_back_it_can_be_begun_again_and_the_decision_stays_as_a_row(old, editor):
    row = archive(old.version.module, reason=WHY, by=editor)
    for _time in range(2):
        restore(old.version.module, by=editor)
    row.refresh_from_db()
    assert (row.ended_by, archiving_of(old.version.module)) == (editor, None)
    assert enrolment.begin(PersonFactory(), edition=old).is_open


@pytest.mark.parametrize(
    ("reason", "code"), [("  ", "empty"), ("x" * 301, "too_long"), ("Se 010203-1234", "cpr_like")]
)
def test_a_reason_that_is_none_too_long_or_holds_a_cpr_number_is_refused(old, editor, reason, code):
    with pytest.raises(ValidationError) as refused:
        archive(old.version.module, reason=reason, by=editor)
    assert refused.value.code == code
    assert Archiving.objects.count() == 0


def test_a_replacement_must_be_another_module_that_can_be_begun(old, new, editor):
    module = old.version.module
    unpublished = publish(title="Kladde", code="M30").version.module
    ModuleVersion.objects.get(module=unpublished).editions.all().delete()
    archived = publish(title="Også væk", code="M31").version.module
    archive(archived, reason=WHY, by=editor)
    for replacement, counts, field in (
        (module, True, "replaced_by"),
        (unpublished, True, "replaced_by"),
        (archived, True, "replaced_by"),
        (new.version.module, None, "counts"),
        (None, True, "counts"),
    ):
        with pytest.raises(ValidationError) as refused:
            archive(module, reason=WHY, by=editor, replaced_by=replacement, counts=counts)
        assert list(refused.value.error_dict) == [field]
    assert archiving_of(module) is None


# --- Paths --------------------------------------------------------------------------------------------


def test_an_archived_module_is_asked_of_nobody_on_a_path_and_stands_there_for_who_completed_it(old, new):
    done, fresh = somebody(), somebody()
    path = a_path(old, new)
    complete(done, old)
    archive(old.version.module, reason=WHY, by=None)
    assert steps_of(done) == [
        ("Henvisning 2011", "done", "", True),
        ("Henvisning 2026", "new", "", False),
    ]
    assert steps_of(fresh) == [("Henvisning 2026", "new", "", False)]
    assert path.places.count() == 2


def test_the_new_module_stands_where_the_old_one_stood(old, new):
    other = module_for("nurse", title="Et andet")
    path = a_path(other, old)
    both = a_path(old, other, new, code="BOTH")
    replace(old, new, counts=False)
    assert [place.module for place in path.places.all()] == [other.version.module, new.version.module]
    assert [place.module for place in both.places.all()] == [other.version.module, new.version.module]


def test_a_completion_that_counts_is_one_of_the_new_module_on_the_path_and_says_of_which(old, new):
    learner = somebody()
    a_path(old)
    complete(learner, old)
    replace(old, new, counts=True)
    assert steps_of(learner) == [("Henvisning 2026", "done", "Henvisning 2011", False)]
    assert progress_of_paths(learner)[0].is_completed


def test_a_completion_that_does_not_count_leaves_the_new_module_to_be_taken(old, new):
    learner = somebody()
    a_path(old)
    complete(learner, old)
    replace(old, new, counts=False)
    assert steps_of(learner) == [("Henvisning 2026", "new", "", False)]


def test_a_completion_counts_along_a_row_of_replacements(old, new):
    newest = module_for("nurse", title="Henvisning 2029")
    learner = somebody()
    a_path(old)
    complete(learner, old)
    replace(old, new, counts=True)
    replace(new, newest, counts=True)
    assert steps_of(learner) == [("Henvisning 2029", "done", "Henvisning 2011", False)]


def test_a_completion_that_counts_makes_no_evidence_of_the_new_module(old, new):
    load_framework()
    ContributionFactory(version=new.version)
    complete(PersonFactory(), old)
    replace(old, new, counts=True)
    assert Evidence.objects.count() == 0


def test_whoever_may_have_completed_a_path_by_it_waits_to_be_projected(old, new):
    learner, stranger = somebody(), somebody()
    a_path(old)
    complete(learner, old)
    complete(stranger, module_for("nurse", title="Et andet"))
    PendingPerson.objects.all().delete()
    replace(old, new, counts=True)
    assert [row.learner for row in PendingPerson.objects.all()] == [learner.pseudonym]


def test_a_path_gets_another_order_and_never_none(old, new):
    path = a_path(old, new)
    place_modules(path, modules=[new.version.module, old.version.module])
    assert [place.module for place in path.places.all()] == [new.version.module, old.version.module]
    with pytest.raises(ValueError, match="holds no module"):
        place_modules(path, modules=[])


# --- What leaders ask for -----------------------------------------------------------------------------


def test_an_archived_module_cannot_be_assigned(old):
    archive(old.version.module, reason=WHY, by=None)
    work = EmploymentFactory()
    with pytest.raises(ValidationError, match="arkiveret"):
        assign(old.version.module, to=[work.person], unit=work.unit, by=None)


def test_what_counts_is_a_completion_of_what_was_asked_for(old, new):
    early, late = EmploymentFactory(), EmploymentFactory()
    for work in (early, late):
        complete(work.person, old)
    assign(new.version.module, to=[early.person], unit=early.unit, by=None)
    assert [row.is_done for row in assigned_to(early.person)] == [False]
    replace(old, new, counts=True)
    assert [row.is_done for row in assigned_to(early.person)] == [True]
    asked = assign(new.version.module, to=[late.person], unit=late.unit, by=None)
    assert asked.completed == [late.person]


# --- The back office ----------------------------------------------------------------------------------


def enter(client, role=None, **fields):
    user = UserFactory()
    EmploymentFactory(person=user.person)
    if role:
        GrantFactory(person=user.person, role=role, **{"unit": None, **fields})
    sync_groups(user)
    client.force_login(user)
    return user


@pytest.fixture
def _every_module(settings):
    settings.MODULES_EDITED_BY = "tests.factories.insight.every_key"


def edit(module):
    return reverse("modules:edit", args=[module.pk])


@pytest.mark.usefixtures("_every_module")
def test_an_educator_replaces_a_module_and_the_choice_is_kept_with_her_name(client, old, new):
    educator = enter(client, Role.EDUCATOR)
    sent = {"state": "counts", "replaced_by": new.version.module.pk, "reason": WHY}
    assert client.post(edit(old.version.module), sent).status_code == 302
    row = archiving_of(old.version.module)
    assert (row.replaced_by, row.counts, row.decided_by) == (new.version.module, True, educator.person)
    listed = client.get(reverse("modules:index")).content.decode()
    assert "Erstattet af M20; gennemførelsen tæller. 22. november 2026" in listed
    restored = {"state": "offered", "knows": "on"}
    assert client.post(edit(old.version.module), restored).status_code == 302
    assert archiving_of(old.version.module) is None


@pytest.mark.usefixtures("_every_module")
def test_whoever_would_end_that_a_completion_counts_is_told_and_asked_first(client, old, new):
    enter(client, Role.EDUCATOR)
    module, third = old.version.module, module_for("nurse", title="Et tredje", code="M21").version.module
    told = "behøver i dag ikke tage »M20 Henvisning 2026«"
    assert told not in client.get(edit(module)).content.decode()
    replace(old, new, counts=True)
    standing = archiving_of(module)
    assert told in client.get(edit(module)).content.decode()
    kept = {"state": "counts", "replaced_by": new.version.module.pk, "reason": WHY}
    for sent in (
        {"state": "offered"},
        {"state": "archived", "reason": WHY},
        {**kept, "state": "anew"},
        {**kept, "replaced_by": third.pk},
    ):
        page = client.post(edit(module), sent)
        assert (page.status_code, "ville ikke længere tælle" in page.content.decode()) == (200, True)
        assert archiving_of(module) == standing
    # Other words about the same choice end nothing.
    assert client.post(edit(module), {**kept, "reason": "Ny vejledning."}).status_code == 302
    assert client.post(edit(module), {"state": "offered", "knows": "on"}).status_code == 302
    assert archiving_of(module) is None


@pytest.mark.usefixtures("_every_module")
def test_a_module_that_counts_for_none_is_put_back_without_a_question(client, old, new):
    enter(client, Role.EDUCATOR)
    for counts in (None, False):
        archive(
            old.version.module,
            reason=WHY,
            by=None,
            replaced_by=None if counts is None else new.version.module,
            counts=counts,
        )
        assert client.post(edit(old.version.module), {"state": "offered"}).status_code == 302
        assert archiving_of(old.version.module) is None


@pytest.mark.usefixtures("_every_module")
@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"state": "archived", "reason": ""}, "Skriv hvorfor"),
        ({"state": "counts", "reason": WHY}, "Vælg det modul, der er kommet i stedet"),
        ({"state": "archived", "reason": "Se 010203-1234"}, "CPR"),
        ({"state": "væk", "reason": WHY}, "Marker en gyldig valgmulighed"),
    ],
)
def test_a_decision_that_says_too_little_is_refused_with_words_and_nothing_is_lost(client, old, sent, words):
    enter(client, Role.EDUCATOR)
    page = client.post(edit(old.version.module), sent)
    assert page.status_code == 200
    assert words in page.content.decode()
    assert sent["reason"] in page.content.decode()
    assert Archiving.objects.count() == 0


@pytest.mark.usefixtures("_every_module")
def test_an_educator_puts_the_modules_of_a_path_in_another_order(client, old, new):
    enter(client, Role.EDUCATOR)
    path = a_path(old, new)
    archive(old.version.module, reason=WHY, by=None)
    address = reverse("paths:edit", args=[path.pk])
    page = client.get(address).content.decode()
    assert "Modulet tilbydes ikke længere" in page
    assert "M08 (arkiveret), M20" in client.get(reverse("paths:index")).content.decode()
    first, second = old.version.module.pk, new.version.module.pk
    assert client.post(address, {f"place_{first}": 2, f"place_{second}": 2}).status_code == 302
    assert list(path.places.values_list("module", flat=True)) == [first, second]
    assert client.post(address, {f"place_{first}": 2, f"place_{second}": 1}).status_code == 302
    assert list(path.places.values_list("module", flat=True)) == [second, first]
    empty = client.post(address, {f"place_{first}": "", f"place_{second}": ""})
    assert "mindst ét modul" in empty.content.decode()
    assert PathModule.objects.count() == 2


def test_an_educator_who_may_not_edit_its_page_does_not_archive_it(client, old, settings):
    settings.MODULES_EDITED_BY = "tests.factories.insight.no_key"
    enter(client, Role.EDUCATOR)
    answer = client.post(edit(old.version.module), {"state": "archived", "reason": WHY})
    assert answer.status_code in {302, 403, 404}
    assert "Henvisning 2011" not in client.get(reverse("modules:index")).content.decode()
    assert Archiving.objects.count() == 0


@pytest.mark.usefixtures("_every_module")
@pytest.mark.parametrize("role", [None, Role.LEADER, Role.KEY_PERSON, Role.LOCAL_EDITOR, Role.COORDINATOR])
def test_nobody_else_archives_a_module_or_changes_a_path(client, old, role):
    path = a_path(old)
    place = {"area": AreaFactory()} if role == Role.COORDINATOR else {"unit": OrgUnitFactory()}
    enter(client, role, **(place if role else {}))
    for address in (edit(old.version.module), reverse("paths:edit", args=[path.pk])):
        assert client.post(address, {"state": "archived", "reason": WHY}).status_code in {302, 403}
        assert "Henvisning" not in client.get(address).content.decode()
    assert Archiving.objects.count() == 0


@pytest.mark.usefixtures("_every_module")
def test_the_lists_take_as_many_queries_for_three_as_for_one(
    client, old, new, django_assert_max_num_queries, django_assert_num_queries
):
    enter(client, Role.EDUCATOR)
    a_path(old)
    counted = {}
    for name in ("modules:index", "paths:index"):
        client.get(reverse(name))
        with django_assert_max_num_queries(60) as asked:
            client.get(reverse(name))
        counted[name] = len(asked.captured_queries)
    third = module_for("nurse", title="Et tredje", code="M21")
    a_path(old, third, code="TO")
    a_path(old, new, third, code="TRE")
    archive(old.version.module, reason=WHY, by=PersonFactory())
    archive(third.version.module, reason=WHY, by=PersonFactory())
    for name, queries in counted.items():
        with django_assert_num_queries(queries):
            client.get(reverse(name))
