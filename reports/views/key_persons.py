"""*Nøglepersoner*: the nearest key person, and how to reach her."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from certification.nearest import key_persons_near
from organisations.days import today
from organisations.rules import person_of


@login_required
def key_persons(request: HttpRequest) -> HttpResponse:
    person = person_of(request.user)
    near = key_persons_near(person, on=today()) if person else []
    return render(
        request,
        "reports/key_persons.html",
        {
            "person": person,
            "works": bool(person and person.work_today),
            "mine": [one for one in near if one.is_mine],
            "others": [one for one in near if not one.is_mine],
        },
    )
