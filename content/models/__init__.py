"""The site's pages; and the glossary's words, which stand below them (`content.glossary`)."""

from ..glossary.term import GlossaryTerm
from .modules import ModuleIndexPage, ModuleOutcome, ModulePage
from .pages import HomePage, InfoPage

__all__ = ["GlossaryTerm", "HomePage", "InfoPage", "ModuleIndexPage", "ModuleOutcome", "ModulePage"]
