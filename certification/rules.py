"""Who may see coverage. Counts of key persons are a public function; the pages are the regions' tools.

Today's grants decide access, whatever day is asked for.
"""

from django.db.models import Exists, OuterRef, QuerySet

from organisations.days import holds_on, today
from organisations.models import Area, AreaMembership
from organisations.rules import AnyUser, administers_everything, coordinated_areas, is_coordinator


def may_see_coverage(user: AnyUser) -> bool:
    """The map of the country: coordinators, and administrators of the whole platform."""
    return is_coordinator(user) or administers_everything(user)


def coverage_areas(user: AnyUser) -> QuerySet[Area]:
    """The areas that the user may open down to key persons' names and contact points.

    A coordinator's own areas, and those that lie wholly inside them: a cluster or a health council all
    of whose members, past ones included, lie in her areas today. An administrator of the whole platform,
    who registers the appointments, may open all.
    """
    if administers_everything(user):
        return Area.objects.all()
    own = coordinated_areas(user).values("pk")
    inside = AreaMembership.objects.filter(holds_on(today()), area__in=own).values("unit")
    members = AreaMembership.objects.filter(area=OuterRef("pk"))
    wholly_inside = Exists(members) & ~Exists(members.exclude(unit__in=inside))
    return Area.objects.filter(pk__in=own) | Area.objects.filter(wholly_inside)
