"""The framework, what it asks of whom, what a module can show, and what was shown."""

from .contributions import Contribution, Evidence
from .framework import Competency, CompetencyLevel, Domain, Framework, Level
from .profiles import (
    KeyPersonTask,
    ProfessionProfile,
    RequiredLevel,
    RequiredLevelException,
)
from .self_assessments import SelfAssessment
from .sign_offs import SignOff

__all__ = [
    "Competency",
    "CompetencyLevel",
    "Contribution",
    "Domain",
    "Evidence",
    "Framework",
    "KeyPersonTask",
    "Level",
    "ProfessionProfile",
    "RequiredLevel",
    "RequiredLevelException",
    "SelfAssessment",
    "SignOff",
]
