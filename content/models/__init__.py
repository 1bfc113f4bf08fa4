"""The pages of the site, a module's way to its learners, and the glossary's words (`content.glossary`)."""

from ..glossary.term import GlossaryTerm
from .modules import ModuleIndexPage, ModuleOutcome, ModulePage
from .pages import HomePage, InfoPage
from .review import ClinicalReview, Publication

__all__ = [
    "ClinicalReview",
    "GlossaryTerm",
    "HomePage",
    "InfoPage",
    "ModuleIndexPage",
    "ModuleOutcome",
    "ModulePage",
    "Publication",
]
