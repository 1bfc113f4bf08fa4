"""Explaining the glossary's words in texts that are shown: at the first place in a step, in running text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup, NavigableString
from bs4.formatter import HTMLFormatter
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString

from .term import GlossaryTerm, cache_key

#: Seconds. Another process of the same site shows a changed word after so long at the latest.
KEPT = 60
#: Inside these nothing is explained: what is tapped already, and headings, which name a place.
LEFT_ALONE = {"a", "button", "summary", "label", "legend", "h1", "h2", "h3", "h4", "h5", "h6"}


@dataclass(frozen=True)
class Word:
    """A word as pages need it. `forms` are those that texts are searched for."""

    term: str
    anchor: str
    definition: str
    source: str
    source_year: str
    forms: tuple[str, ...]


def words_of(language: str) -> list[Word]:
    """The words of a language that modules explain, from the cache; otherwise by one query."""
    key = cache_key(language)
    words: list[Word] | None = cache.get(key)
    if words is None:
        terms = GlossaryTerm.objects.filter(locale__language_code=language, is_linked=True)
        words = [
            Word(
                term=term.term,
                anchor=term.anchor,
                definition=term.definition,
                source=term.source,
                source_year=term.source_year,
                forms=tuple(term.all_forms),
            )
            for term in terms
        ]
        cache.set(key, words, KEPT)
    return words


def explain_in(blocks: Iterable[dict[str, Any]], *, language: str) -> list[dict[str, Any]]:
    """The blocks of one step, with each word explained at the first place in the step where it stands.

    The blocks that are given stay as they are: what is changed is a copy.
    """
    explainer = Explainer(words_of(language))
    return [_explained(block, explainer) for block in blocks]


def _explained(block: dict[str, Any], explainer: "Explainer") -> dict[str, Any]:
    match block["kind"]:
        case "text" | "vignette":
            return {**block, "html": explainer.explain(block["html"])}
        case "key_message":
            return {**block, "text": explainer.explain(escape(block["text"]))}
        case "accordion":
            sections = [
                {**section, "html": explainer.explain(section["html"])} for section in block["sections"]
            ]
            return {**block, "sections": sections}
        case _:
            return block


class Explainer:
    """Explains words in one text after the other, each word once."""

    def __init__(self, words: Iterable[Word]) -> None:
        self.left = {form.lower(): (form, word) for word in words for form in word.forms}
        forms = sorted(self.left, key=len, reverse=True)
        self.pattern = (
            re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, forms))})(?![\w-])", re.IGNORECASE)
            if forms
            else None
        )

    def explain(self, html: str) -> SafeString:
        """The HTML with the words explained. It is an edition's: cleaned when it was published."""
        if self.pattern is None or not self.pattern.search(html):
            return SafeString(html)
        # In an element of its own: text without one may look like an address to the parser.
        soup = BeautifulSoup(f"<div>{html}</div>", "html.parser")
        for string in list(soup.find_all(string=True)):
            if not any(parent.name in LEFT_ALONE for parent in string.parents):
                self._explain_string(string)
        # As the whitelister writes it (wagtail.whitelist): quotation marks are escaped, too.
        explained = soup.decode(formatter=HTMLFormatter(entity_substitution=escape))
        return SafeString(explained.removeprefix("<div>").removesuffix("</div>"))

    def _explain_string(self, string: NavigableString) -> None:
        pieces: list[Any] = []
        end = 0
        for found in self.pattern.finditer(string) if self.pattern else ():
            word = self._take(found[0])
            if word is not None:
                pieces += [NavigableString(string[end : found.start()]), *_button(found[0], word)]
                end = found.end()
        if pieces:
            string.replace_with(*pieces, NavigableString(string[end:]))

    def _take(self, found: str) -> Word | None:
        """The word that stands there, if it is its first place; it isn't explained again."""
        form, word = self.left.get(found.lower(), ("", None))
        # An abbreviation is written in capitals: "ACP" isn't a part of another word in small letters.
        if word is None or (form.isupper() and form != found):
            return None
        for other in word.forms:
            self.left.pop(other.lower(), None)
        return word


def _button(found: str, word: Word) -> list[Any]:
    markup = render_to_string("content/parts/word.html", {"found": found, "word": word})
    return list(BeautifulSoup(markup.strip(), "html.parser").contents)
