"""What this room adds to the back office."""

from wagtail.snippets.models import register_snippet

from .viewsets import GlossaryViewSet

register_snippet(GlossaryViewSet)
