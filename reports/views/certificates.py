"""A person's own certificates. Nobody else opens them, whatever role they hold: she shows them herself."""

import datetime as dt
import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from certification.models import Certificate
from organisations.rules import person_of


@login_required
def certificates(request: HttpRequest) -> HttpResponse:
    person = person_of(request.user)
    if person is None:
        return render(request, "reports/no_person.html", {"title": _("My certificates")})
    return render(
        request, "reports/certificates.html", {"certificates": Certificate.objects.filter(person=person)}
    )


@login_required
def certificate(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What the document said when it was issued; 404 for everybody but the one it was given to."""
    found = get_object_or_404(Certificate, public_id=public_id, person=person_of(request.user))
    return render(request, "reports/certificate.html", {"certificate": found, "modules": _modules_of(found)})


def _modules_of(certificate: Certificate) -> list[dict[str, Any]]:
    language = (get_language() or "da")[:2]
    return [
        {
            "title": row["title"].get(language, row["title"]["da"]),
            "version": row["version"],
            "completed_on": dt.date.fromisoformat(row["completed_on"]),
        }
        for row in certificate.modules
    ]
