"""Modules and their versions, who is taking them, and what came of it."""

from .archivings import Archiving
from .assignments import Assignment
from .derived import (
    Attempt,
    Completion,
    Confirmation,
    FirstAnswer,
    ItemSubmission,
    StepLeft,
    Support,
    WayTaken,
)
from .enrolments import Enrolment, FreeText
from .error_reports import ErrorReport
from .local_guides import LocalGuide
from .modules import Edition, Module, ModuleVersion
from .paths import LearningPath, PathModule
from .refreshers import RefresherAnswer, RefresherSetting, SkippedRefresher
from .sharing import Sharing, SupportRequest
from .task_notes import TaskNote

__all__ = [
    "Archiving",
    "Assignment",
    "Attempt",
    "Completion",
    "Confirmation",
    "Edition",
    "Enrolment",
    "ErrorReport",
    "FirstAnswer",
    "FreeText",
    "ItemSubmission",
    "LearningPath",
    "LocalGuide",
    "Module",
    "ModuleVersion",
    "PathModule",
    "RefresherAnswer",
    "RefresherSetting",
    "Sharing",
    "SkippedRefresher",
    "StepLeft",
    "Support",
    "SupportRequest",
    "TaskNote",
    "WayTaken",
]
