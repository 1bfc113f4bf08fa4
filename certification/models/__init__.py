"""Key persons: what is asked for, what is relevant, what was reported, who is educated. And certificates."""

from .certificates import Certificate
from .falls import ToldFall
from .key_persons import KeyPersonEducation
from .reporting import RelevanceDecision, UnitReport
from .targets import Target

__all__ = ["Certificate", "KeyPersonEducation", "RelevanceDecision", "Target", "ToldFall", "UnitReport"]
