"""*Min side*: the next thing to do, what I was in the middle of, and whom to call; searching, a workplace's
guide and the glossary.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from certification.models import Certificate
from certification.nearest import key_persons_of
from courses.domain.error_reports import recent_answers
from courses.domain.local_guides import guides_for, who_can_write
from courses.domain.support import asked_of
from courses.domain.taken import read_taken
from courses.domain.task_notes import asked_back
from courses.enums import Topic
from organisations.bilingual import language_in_use
from organisations.days import today
from organisations.models import Person
from organisations.rules import AnyUser, may_appoint, person_of

from .finding import find, results, shown_question, words_of
from .journey import asked_back_rows, asked_rows, in_catalogue_order, list_context, path_rows
from .models import GlossaryTerm, ModulePage
from .recommending import recommend
from .refreshers import due_refresher
from .rows import attach_guides

RESULTS_A_PAGE = 10


@login_required
def home(request: HttpRequest) -> HttpResponse:
    person = person_of(request.user)
    language = language_in_use()
    pages = in_catalogue_order(ModulePage.objects.live().filter(locale__language_code=language))
    taken = read_taken(person)
    context = list_context(request, pages, taken=taken, keeps_own=True)
    rows = context["rows"]
    asked = asked_rows(person, pages, taken=taken)
    paths = path_rows(person, pages, taken=taken)

    asked_keys = {wanted.assignment.module.key for wanted, _page in asked}

    def is_for_me(row: dict[str, Any]) -> bool:
        """For her profession, and not asked of her above; without a profession, every module may be."""
        is_asked = row["page"].translation_key in asked_keys
        return (row["is_mine"] or not context["has_profession"]) and not is_asked

    new = [row for row in rows if row["state"] == "new" and is_for_me(row)]
    recommended = recommend(person, rows=new, paths=paths) if person else []
    above = [recommendation.row["page"].pk for recommendation in recommended]
    employments = person.work_today if person else []
    return render(
        request,
        "content/home.html",
        {
            "person": person,
            "employments": employments,
            "today": today(),
            "now": [line for path in settings.ON_MY_PAGE for line in import_string(path)(request.user)],
            "paths": paths,
            "asked_back": asked_back_rows(asked_back(person), pages) if person else [],
            "support_asked": asked_of(person) if person else [],
            "replies": recent_answers(person) if person else [],
            "refresher": due_refresher(person),
            "assigned": asked,
            "certificates": Certificate.objects.filter(person=person) if person else [],
            "going": [row for row in rows if row["state"] == "open"],
            "recommended": recommended,
            "new": [row for row in new if row["page"].pk not in above],
            "done": [row for row in rows if row["state"] == "done"],
            **(_whom_to_call(request.user, person) if person and employments else {}),
        },
    )


def search(request: HttpRequest) -> HttpResponse:
    """What was found in modules and guides. The question stands in the address, and is kept nowhere."""
    asked = request.GET.get("q", "")
    words = words_of(asked)
    found = find(person_of(request.user), words, language=language_in_use())
    page = Paginator(found, RESULTS_A_PAGE).get_page(request.GET.get("side"))
    return render(
        request,
        "content/search.html",
        {
            "question": shown_question(asked),
            "words": words,
            "page": page,
            "results": results(request, list(page), words),
        },
    )


@login_required
def guide(request: HttpRequest, topic: str) -> HttpResponse:
    """What the viewer's own workplace says about a topic."""
    if topic not in Topic.values:
        raise Http404
    row: dict[str, Any] = {"block": {"id": topic, "kind": "local_guide", "topic": topic}}
    attach_guides(person_of(request.user), [row])
    trail = [(_("Search"), reverse("search"))]
    return render(request, "content/guide.html", {"row": row, "title": Topic(topic).label, "trail": trail})


def glossary(request: HttpRequest) -> HttpResponse:
    """*Ordbog*: every word of the language that is shown, for everybody. Modules link to it."""
    language = language_in_use()
    terms = GlossaryTerm.objects.filter(locale__language_code=language)
    return render(request, "content/glossary.html", {"terms": sorted(terms, key=lambda term: term.place)})


def _whom_to_call(user: AnyUser, person: Person) -> dict[str, Any]:
    """The advice cards of her workplaces, or who can write one; the key persons appointed for her, or
    whether she may appoint one herself.
    """
    cards = guides_for(person, topics=[Topic.ADVICE]).get(Topic.ADVICE, [])
    near = key_persons_of(person, on=today())
    others = [one for one in near if one.person.pk != person.pk]
    return {
        "cards": cards,
        "keepers": [] if cards else who_can_write(person),
        "key_persons": others,
        "is_key_person": len(others) < len(near),
        "leads_there": not near and any(may_appoint(user, job.unit) for job in person.work_today),
    }
