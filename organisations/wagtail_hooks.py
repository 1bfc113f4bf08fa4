"""What this room adds to the back office."""

from wagtail import hooks

from .viewsets import PeopleAndPlaces


@hooks.register("register_admin_viewset")
def people_and_places() -> PeopleAndPlaces:
    return PeopleAndPlaces()
