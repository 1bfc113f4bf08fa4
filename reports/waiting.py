"""What stands first on *Min side* (`settings.ON_MY_PAGE`): what waits, and what became of her own tasks.

Each function says lines, a sentence and where it leads. It asks the database nothing that her roles rule out.
"""

import datetime as dt

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.domain import practice
from courses.models import Confirmation
from courses.rules import shared_with
from organisations.enums import LEADING_ROLES, DisclosureKind, Role
from organisations.models import Disclosure, Person
from organisations.rules import AnyUser, person_of

from .rules import people_to_confirm_for
from .tables.sources import titles_of

#: A sentence, and the address that it leads to.
Line = tuple[str, str]

#: Who may have tasks to confirm, and reflections to read.
READERS = {*LEADING_ROLES, Role.KEY_PERSON}
#: How long it is news that a task was confirmed.
NEWS = dt.timedelta(days=14)


def tasks_to_confirm(user: AnyUser) -> list[Line]:
    """Practice tasks that wait for her. One query, for leaders and key persons only."""
    me = person_of(user)
    if me is None or READERS.isdisjoint(me.roles_today):
        return []
    number = practice.number_awaiting(people_to_confirm_for(user))
    said = ngettext(
        "One practice task waits for you to confirm it.",
        "%(number)s practice tasks wait for you to confirm them.",
        number,
    )
    return [(said % {"number": number}, reverse("reports:confirm"))] if number else []


def shared_since(user: AnyUser) -> list[Line]:
    """Reflections that were shared with her since she last read any, for leaders and key persons only."""
    me = person_of(user)
    if me is None or READERS.isdisjoint(me.roles_today):
        return []
    looks = Disclosure.objects.filter(viewer=me, what=DisclosureKind.SHARED_TEXT)
    last = looks.order_by("-at").values_list("at", flat=True).first()
    shared = shared_with(user)
    number = (shared.filter(shared_at__gt=last) if last else shared).count()
    said = ngettext(
        "One reflection has been shared with you.",
        "%(number)s reflections have been shared with you.",
        number,
    )
    return [(said % {"number": number}, reverse("reports:shared"))] if number else []


def own_tasks(user: AnyUser) -> list[Line]:
    """Her own practice tasks: how many wait, and those that were confirmed lately, by whom. Four queries."""
    me = person_of(user)
    if me is None:
        return []
    number = practice.number_awaiting(Person.objects.filter(pk=me.pk))
    lately = list(
        Confirmation.objects.filter(learner=me.pseudonym, confirmed_at__gt=now() - NEWS).order_by(
            "-confirmed_at"
        )
    )
    lines = [(_told(*told), reverse("reports:profile")) for told in _with_names(lately)]
    if number:
        said = ngettext(
            "Your practice task waits for your leader or key person to confirm it.",
            "%(number)s of your practice tasks wait for your leader or key person to confirm them.",
            number,
        )
        lines.append((said % {"number": number}, f"{reverse('reports:my_record')}#written-heading"))
    return lines


def _with_names(rows: list[Confirmation]) -> list[tuple[Confirmation, str, str]]:
    if not rows:
        return []
    titles = titles_of(row.version_id for row in rows)
    names = Person.objects.names(row.confirmed_by for row in rows)
    return [(row, titles.get(row.version_id, ("", ""))[0], names.get(row.confirmed_by, "")) for row in rows]


def _told(row: Confirmation, title: str, name: str) -> str:
    words = {"module": title, "who": name, "day": date_format(localdate(row.confirmed_at))}
    if name:
        return _("%(who)s confirmed your practice task in “%(module)s” on %(day)s.") % words
    return _("Your practice task in “%(module)s” was confirmed on %(day)s.") % words
