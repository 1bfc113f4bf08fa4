"""What the demo's people let each other read and ask each other for."""

import datetime as dt

from courses.domain import free_text, sharing, support
from courses.enums import ItemKind
from courses.models import FreeText
from organisations.models import Person

REFLECTION = (
    "Jeg så godt, at hun spiste mindre, men jeg sagde det først om fredagen. "
    "Næste gang siger jeg det samme dag, også når jeg er i tvivl."
)
LINE = "Kan vi tage den op på næste teammøde?"


def make_shared(person: Person, *, colleague: Person, at: dt.datetime) -> None:
    """She or he reflects in the module whose task waits, shares it, and asks a colleague for support."""
    task = FreeText.objects.filter(enrolment__person=person, kind=ItemKind.PRACTICE_TASK).latest("written_at")
    items = task.enrolment.edition.items.items()
    item = next(item for item, block in items if block["kind"] == ItemKind.REFLECTION)
    text = free_text.write(task.enrolment, item=item, text=REFLECTION, at=at)
    for choice in sharing.choices_for(person):
        sharing.share(text, with_whom=choice, comment=LINE if choice.unit else "", at=at)
    support.ask(task, colleague=colleague, at=at)
