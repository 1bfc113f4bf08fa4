"""What the editor of a module shows beside its fields: what is missing, and what publishing would mean."""

from typing import Any

from wagtail.admin.panels import FieldPanel, Panel
from wagtail.models import Locale

from courses.domain.asked_again import count_asked_again
from courses.models import Edition
from organisations.rules import is_clinical_reviewer
from organisations.small_groups import smallest_group

from .domain.publishing import changes_of_substance, is_in_original_language, outcome_rows, standing_edition
from .domain.readiness import find_missing, find_missing_in_steps
from .domain.review import approval_of, is_author
from .domain.schedule import held_back
from .missing import CHOOSE_WHAT


class ReviewPanel(Panel):
    """The list of what is missing, the version that stands, and whom a new one would ask."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "content/panels/review.html"

        def is_shown(self) -> bool:
            return self.instance.pk is not None and super().is_shown()

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            page = self.instance
            context: dict[str, Any] = super().get_context_data(parent_context)
            standing = standing_edition(page)
            user = self.request.user
            context |= {
                "missing": self._missing(standing),
                "waits": page.workflow_in_progress,
                "approval": approval_of(page.get_latest_revision()) if page.workflow_in_progress else None,
                "held_back": held_back().filter(page_id=page.pk).first(),
                "standing": standing,
                "version": standing.version if standing else None,
                "is_original": is_in_original_language(page),
                "original_language": Locale.get_default().get_display_name(),
                "wrote_it": is_clinical_reviewer(user) and is_author(page, user),
                "fewest": smallest_group(),
            }
            if standing is not None and context["is_original"]:
                context["asked"] = count_asked_again(page.translation_key)
                context["next_number"] = standing.version.number + 1
                context["reasons"] = self._reasons()
            return context

        def _missing(self, standing: Edition | None) -> list[Any]:
            page = self.instance
            said: list[Any] = find_missing(page)
            is_asked = standing is not None and is_in_original_language(page)
            if is_asked and page.is_new_substance is None and not page.workflow_in_progress:
                said.append(CHOOSE_WHAT)
            return said

        def _reasons(self) -> list[str]:
            page = self.instance
            if find_missing_in_steps(page.steps):
                return []
            outcomes = outcome_rows(page.outcomes.all())
            return changes_of_substance(page, steps=page.steps, outcomes=outcomes)


class VersionPanel(FieldPanel):
    """Correction or substance: asked of the original of a module that has been published."""

    class BoundPanel(FieldPanel.BoundPanel):
        def is_shown(self) -> bool:
            page = self.instance
            asked = page.pk is not None and is_in_original_language(page) and standing_edition(page)
            return bool(asked) and super().is_shown()
