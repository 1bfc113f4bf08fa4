"""*Nøglepersoner*: the nearest key person, and how to reach her; without one, whom else to call."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from certification.nearest import key_persons_near
from courses.domain.local_guides import guides_for
from courses.enums import Topic
from organisations.days import today
from organisations.rules import is_leader, person_of


@login_required
def key_persons(request: HttpRequest) -> HttpResponse:
    person = person_of(request.user)
    near = key_persons_near(person, on=today()) if person else []
    mine = [one for one in near if one.is_mine]
    advice = guides_for(person, topics=[Topic.ADVICE]) if person and not mine else {}
    return render(
        request,
        "reports/key_persons.html",
        {
            "person": person,
            "works": bool(person and person.work_today),
            "mine": mine,
            "leads": is_leader(request.user),
            "advice": advice.get(Topic.ADVICE, []),
            "others": [one for one in near if not one.is_mine],
        },
    )
