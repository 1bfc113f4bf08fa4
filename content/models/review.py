"""The way of a module to its learners: an author submits, a reviewer approves, a publisher publishes.

Wagtail's workflow, with tasks that ask today's grants instead of groups alone. The groups are there for
the mails that say that something waits.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, PagePermissionTester, TaskState, WorkflowState

from organisations.rules import administers_everything, is_clinical_reviewer

from ..domain.review import approval_of, is_author
from ..domain.translating import is_side_by_side
from ..forms import ChangesForm

Action = tuple[str, Any, bool]


class ModuleTask(AbstractGroupApprovalTask):
    """A step of the way, done by whoever `may` today."""

    class Meta:
        abstract = True

    def may(self, user: Any) -> bool:
        raise NotImplementedError

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        return self.may(user)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        return not self.may(user)

    def user_can_lock(self, obj: Any, user: Any) -> bool:
        return self.may(user)

    def get_form_for_action(self, action: str) -> type[Form]:
        form: type[Form] = ChangesForm if action == "reject" else super().get_form_for_action(action)
        return form

    def get_task_states_user_can_moderate(self, user: Any, **_kwargs: Any) -> QuerySet[TaskState]:
        if not self.may(user):
            return TaskState.objects.none()
        waiting: QuerySet[TaskState] = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        return waiting


class ClinicalReview(ModuleTask):
    """A clinical reviewer reads the module and approves it, or asks for changes. Never her own text."""

    class Meta:
        verbose_name = _("clinical review of modules")
        verbose_name_plural = _("clinical reviews of modules")

    def may(self, user: Any) -> bool:
        return is_clinical_reviewer(user)

    def get_actions(self, obj: Any, user: Any) -> list[Action]:
        if not self.may(user):
            return []
        ask = ("reject", _("Request changes"), True)
        if is_author(obj, user):
            return [ask]
        return [("approve", _("Approve"), False), ("approve", _("Approve with comment"), True), ask]

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> Any:
        """What is approved is what stands in the editor now, by somebody who hasn't written in it."""
        page = task_state.workflow_state.content_object.specific
        if action_name not in {name for name, _label, _modal in self.get_actions(page, user)}:
            raise PermissionDenied
        newest = page.get_latest_revision()
        if action_name == "approve" and task_state.revision_id != newest.pk:
            task_state.revision = newest
        return super().on_action(task_state, user, action_name, **kwargs)

    @classmethod
    def get_description(cls) -> Any:
        return _("A clinical reviewer who hasn't written in the module approves it")


class Publication(ModuleTask):
    """The publisher publishes what the reviewer approved, and nothing else."""

    class Meta:
        verbose_name = _("publication of modules")
        verbose_name_plural = _("publications of modules")

    def may(self, user: Any) -> bool:
        return administers_everything(user)

    def start(self, workflow_state: WorkflowState, user: Any = None) -> TaskState:
        """A text that has changed since it was approved goes to the review first."""
        newest = workflow_state.content_object.get_latest_revision()
        review = ClinicalReview.objects.filter(workflow_tasks__workflow=workflow_state.workflow).first()
        task: Any = super() if review is None or approval_of(newest) else review
        started: TaskState = task.start(workflow_state, user=user)
        return started

    def get_actions(self, obj: Any, user: Any) -> list[Action]:
        if not self.may(user):
            return []
        ask = ("reject", _("Request changes"), True)
        if approval_of(obj.get_latest_revision()) is None:
            return [("approve", _("Send the changed text to the clinical reviewer"), False), ask]
        return [("approve", _("Publish"), False), ask]

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> Any:
        if not self.may(user):
            raise PermissionDenied
        newest = task_state.workflow_state.content_object.get_latest_revision()
        if action_name == "approve" and approval_of(newest) is None:
            task_state.cancel(user=user)
            return None
        return super().on_action(task_state, user, action_name, **kwargs)

    @classmethod
    def get_description(cls) -> Any:
        return _("An administrator of the whole platform publishes what was approved")


class ModulePermissions(PagePermissionTester):
    """What a user may do with a module. Nobody, whatever her rights, publishes it around the review.

    A translation says what its Danish says, item by item, and joins the version that was reviewed: a
    publisher publishes it where it stands side by side, and only whole (`translating.refuse_unfinished`).
    """

    def can_publish(self) -> bool:
        return administers_everything(self.user) and is_side_by_side(self.page)

    def can_unschedule(self) -> bool:
        return bool(super().can_publish())

    def can_set_view_restrictions(self) -> bool:
        return bool(super().can_publish())


class ModuleListPermissions(PagePermissionTester):
    """Nor when it is made, copied or mirrored."""

    def can_publish_subpage(self) -> bool:
        return False
