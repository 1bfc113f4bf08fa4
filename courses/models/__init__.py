"""Modules and their versions, who is taking them, and what came of it."""

from .derived import Attempt, Completion, Confirmation, ItemSubmission, StepLeft
from .enrolments import Enrolment, FreeText
from .error_reports import ErrorReport
from .modules import Edition, Module, ModuleVersion
from .paths import LearningPath, PathModule

__all__ = [
    "Attempt",
    "Completion",
    "Confirmation",
    "Edition",
    "Enrolment",
    "ErrorReport",
    "FreeText",
    "ItemSubmission",
    "LearningPath",
    "Module",
    "ModuleVersion",
    "PathModule",
    "StepLeft",
]
