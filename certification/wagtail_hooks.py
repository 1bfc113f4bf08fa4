"""What this room adds to the back office."""

from wagtail import hooks

from .viewsets import KeyPersonsAndTargets


@hooks.register("register_admin_viewset")
def key_persons_and_targets() -> KeyPersonsAndTargets:
    return KeyPersonsAndTargets()
