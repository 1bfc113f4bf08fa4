"""The framework in use, for anybody to read, with the plain words that it is a proposal."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from competencies.models import Competency, Framework


def framework(request: HttpRequest) -> HttpResponse:
    competencies = Competency.objects.prefetch_related("level_texts")
    domains = Prefetch("competencies", competencies)
    in_use = Framework.objects.in_use().first()
    context = {
        "framework": in_use,
        "levels": in_use.levels.all() if in_use else [],
        "domains": in_use.domains.prefetch_related(domains) if in_use else [],
        "documents": _documents(in_use),
    }
    return render(request, "reports/framework.html", context)


def _documents(in_use: Framework | None) -> list[dict[str, str]]:
    """The documents that the framework rests on, by publisher: a database's JSON keeps no order."""
    documents = in_use.sources.get("documents", {}).values() if in_use else []
    return sorted(documents, key=lambda document: document["publisher"])
