"""What stands in the main navigation: what a person can use, and at most five items."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisations.enums import LEADING_ROLES, Role
from organisations.rules import AnyUser, person_of

#: On a phone the navigation is a bar at the thumb's end, and more than five words don't fit.
AT_MOST = 5

#: Who may use a place: holders of these roles; everyone; everyone who is logged in.
EVERYONE = "everyone"
LOGGED_IN = "logged in"


@dataclass(frozen=True)
class Place:
    """An address that some people can use. `rank` says who yields when there are more than five.

    `target` is a URL name, or the Danish slug of a page with a slash before it.
    """

    target: str
    label: str | Promise
    icon: str
    rank: int
    roles: frozenset[str]


@dataclass(frozen=True)
class Item:
    label: str | Promise
    icon: str
    url: str
    #: "page" on the page itself, "true" on those under it, else "": the values of aria-current.
    current: str


#: In the order in which they are shown.
PLACES = [
    Place("home", _("My page"), "home", 1, frozenset({LOGGED_IN})),
    Place("/moduler", _("Modules"), "student", 4, frozenset({EVERYONE})),
    Place("reports:team", _("My team"), "groups", 2, frozenset(LEADING_ROLES)),
    Place(
        "reports:confirm",
        pgettext_lazy("navigation", "Confirm"),
        "how-to-reg",
        5,
        frozenset({*LEADING_ROLES, Role.KEY_PERSON}),
    ),
    Place(
        "reports:shared",
        pgettext_lazy("navigation", "Shared"),
        "forum",
        8,
        frozenset({*LEADING_ROLES, Role.KEY_PERSON, Role.EDUCATOR, Role.COORDINATOR}),
    ),
    Place("reports:coverage", _("Coverage"), "map", 3, frozenset({Role.COORDINATOR})),
    Place(
        "reports:key_persons",
        pgettext_lazy("navigation", "Key persons"),
        "contact-info",
        7,
        frozenset({EVERYONE}),
    ),
    Place(
        "wagtailadmin_home",
        _("Editing"),
        "edit",
        6,
        frozenset({Role.EDUCATOR, Role.CLINICAL_REVIEWER, Role.LOCAL_EDITOR, Role.ADMINISTRATOR}),
    ),
]
#: Slugs of the pages that are places.
PAGE_SLUGS = [place.target.removeprefix("/") for place in PLACES if place.target.startswith("/")]


def roles_of(user: AnyUser) -> set[str]:
    """Everything in `Place.roles` that holds for the user today, by one query."""
    if not user.is_authenticated:
        return {EVERYONE}
    held = {EVERYONE, LOGGED_IN}
    if user.is_superuser:
        held.add(Role.ADMINISTRATOR)
    person = person_of(user)
    if person is not None:
        held.update(person.roles_today)
    return held


def places_for(roles: Iterable[str], pages: Mapping[str, str]) -> list[tuple[Place, str]]:
    """The places that holders of these roles can use, with their addresses. A link is never dead."""
    found = []
    for place in PLACES:
        if place.roles.isdisjoint(roles):
            continue
        if place.target.startswith("/"):
            url = pages.get(place.target.removeprefix("/"), "")
        else:
            url = reverse(place.target)
        if url:
            found.append((place, url))
    return found


def navigation(request: HttpRequest, pages: Mapping[str, str]) -> tuple[list[Item], list[Item]]:
    """The items of the main navigation, and those that yielded: they stand in the footer.

    `pages` says the address of each page that is a place, by its Danish slug.
    """
    places = places_for(roles_of(request.user), pages)
    first = sorted(places, key=lambda pair: pair[0].rank)[:AT_MOST]
    here = max((url for _place, url in places if request.path.startswith(url)), key=len, default="")

    def item(place: Place, url: str) -> Item:
        current = "" if url != here else "page" if url == request.path else "true"
        return Item(place.label, place.icon, url, current)

    return (
        [item(*pair) for pair in places if pair in first],
        [item(*pair) for pair in places if pair not in first],
    )


#: What lies under *Min side*: whoever is logged in sees all of it, on each of these pages.
MINE = [
    ("home", _("My page")),
    ("reports:profile", _("My profile")),
    ("reports:certificates", _("My certificates")),
    ("reports:my_record", _("My data")),
]


def mine(request: HttpRequest) -> list[Item]:
    """The pages of one's own, for the line at their top."""
    urls = [(label, reverse(name)) for name, label in MINE]
    return [Item(label, "", url, "page" if url == request.path else "") for label, url in urls]
