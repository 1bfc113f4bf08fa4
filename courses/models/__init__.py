"""Modules and their versions, who is taking them, and what came of it."""

from .assignments import Assignment
from .derived import Attempt, Completion, Confirmation, ItemSubmission, StepLeft, Support, WayTaken
from .enrolments import Enrolment, FreeText
from .error_reports import ErrorReport
from .local_guides import LocalGuide
from .modules import Edition, Module, ModuleVersion
from .paths import LearningPath, PathModule
from .sharing import Sharing, SupportRequest

__all__ = [
    "Assignment",
    "Attempt",
    "Completion",
    "Confirmation",
    "Edition",
    "Enrolment",
    "ErrorReport",
    "FreeText",
    "ItemSubmission",
    "LearningPath",
    "LocalGuide",
    "Module",
    "ModuleVersion",
    "PathModule",
    "Sharing",
    "StepLeft",
    "Support",
    "SupportRequest",
    "WayTaken",
]
