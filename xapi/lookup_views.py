"""The resources that tell what is known of an agent or an activity (xAPI, Communication 2.4 and 2.5)."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse

from . import arguments, formats
from .activities import activity
from .answers import tagged
from .enums import Scope
from .formats import StatementInvalid
from .http import given_of, require, resource
from .models import Client, Statement
from .people import person


def get_agent(request: HttpRequest, client: Client, version: str) -> HttpResponse:
    require(client, Scope.READ, Scope.READ_MINE)
    agent = _only(request, "agent", arguments.agent)
    readable = Statement.objects.all() if client.may(Scope.READ) else Statement.objects.written_by(client)
    return _answer(request, person(agent, readable=readable))


def get_activity(request: HttpRequest, client: Client, version: str) -> HttpResponse:
    require(client, Scope.READ, Scope.READ_MINE)
    return _answer(request, activity(_only(request, "activityId", arguments.iri)))


agents = resource(GET=get_agent)
activities = resource(GET=get_activity)


def _only(request: HttpRequest, name: str, check: formats.Check) -> Any:
    given = given_of(request)
    for other in given:
        if other != name:
            raise StatementInvalid("is not a parameter that this resource knows", other)
    return arguments.checked(given, name, check)


def _answer(request: HttpRequest, value: dict[str, Any]) -> HttpResponse:
    return tagged(request, json.dumps(value, ensure_ascii=False).encode())
