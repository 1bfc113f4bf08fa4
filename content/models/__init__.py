"""The site's pages."""

from .modules import ModuleIndexPage, ModuleOutcome, ModulePage
from .pages import HomePage, InfoPage

__all__ = ["HomePage", "InfoPage", "ModuleIndexPage", "ModuleOutcome", "ModulePage"]
