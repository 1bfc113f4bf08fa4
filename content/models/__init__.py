"""The pages of the site, and a module's way to its learners."""

from .modules import ModuleIndexPage, ModuleOutcome, ModulePage
from .pages import HomePage, InfoPage
from .review import ClinicalReview, Publication

__all__ = [
    "ClinicalReview",
    "HomePage",
    "InfoPage",
    "ModuleIndexPage",
    "ModuleOutcome",
    "ModulePage",
    "Publication",
]
