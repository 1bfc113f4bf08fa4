"""Key persons: what is asked for, what is relevant, what was reported, who is educated."""

from .key_persons import KeyPersonEducation
from .reporting import RelevanceDecision, UnitReport
from .targets import Target

__all__ = ["KeyPersonEducation", "RelevanceDecision", "Target", "UnitReport"]
