"""Modules and their versions, who is taking them, and what came of it."""

from .derived import Attempt, Completion, Confirmation, ItemSubmission, StepLeft
from .enrolments import Enrolment, FreeText
from .modules import Edition, Module, ModuleVersion

__all__ = [
    "Attempt",
    "Completion",
    "Confirmation",
    "Edition",
    "Enrolment",
    "FreeText",
    "ItemSubmission",
    "Module",
    "ModuleVersion",
    "StepLeft",
]
