"""What a person's page shows beside her names: where she works, which roles she has, and how she gets in."""

from typing import Any

from django.db.models import QuerySet
from django.forms import Media
from django.urls import reverse
from wagtail.admin.panels import Panel

from .. import rules


class AtWorkPanel(Panel):
    """Her employments and roles, as far as the user administers them; each leads to its own page."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "organisations/panels/at_work.html"

        @property
        def media(self) -> Media:
            return Media(css={"all": ["organisations/places.css"]})

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            person, user = self.instance, self.request.user
            employments = rules.administered_employments(user).filter(person=person)
            grants = rules.administered_grants(user).filter(person=person)
            may_invite = rules.people_to_invite(user).filter(pk=person.pk).exists()
            return context | {
                "employments": _newest(employments.select_related("unit", "profession"), "employment:edit"),
                "grants": _newest(grants.select_related("unit", "area"), "rolegrant:edit"),
                "invite_url": f"{reverse('invitation:add')}?person={person.pk}" if may_invite else "",
            }


def _newest(rows: QuerySet, page: str) -> list[tuple[Any, str]]:
    """The newest first, each with the address of its own page."""
    return [(row, reverse(page, args=[row.pk])) for row in rows.order_by("-starts_on", "-pk")]
