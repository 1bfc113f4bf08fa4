"""Searching modules and the workplace's guides, by Wagtail's search over the database's full text.

What was asked for is kept nowhere. Everything that could be meant as the index's own syntax is gone
before the index is asked: a question is a few words.
"""

import re
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from wagtail.search.backends import get_search_backend
from wagtail.search.query import And, PlainText

from courses.domain.local_guides import guides_for
from courses.enums import Topic
from courses.models import Edition, Enrolment, LocalGuide
from courses.reading import opening_passages, passages, step_passages
from organisations.models import Person

from .journey import person_of, professions_of
from .models import ModulePage

#: Characters of a question that are read, and words. What comes after them is left out.
LONGEST = 100
MOST_WORDS = 8
#: Characters before and after a hit.
AROUND = 70
#: As much of a word as still says something: other endings of a word are marked, too.
STEM = 4
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Excerpt:
    """A line of what was found, in three plain parts: `hit` is the word that was asked for, or empty."""

    before: str
    hit: str
    after: str


@dataclass(frozen=True)
class Found:
    """A module or a guide, before it is loaded. `is_mine`: for her profession, or her workplace's."""

    row: Any
    page: ModulePage | None
    title: str
    is_mine: bool
    is_named: bool


@dataclass(frozen=True)
class Result:
    """What a page says of it. `step` is the title of the step in which the words stand, `number` its number;
    both empty where the module as a whole is meant. `is_open`: whether the viewer can open that step.
    """

    kind: str
    title: str
    url: str
    excerpt: Excerpt
    is_mine: bool
    minutes: int | None = None
    unit: str = ""
    number: int | None = None
    step: str = ""
    is_open: bool = False


def words_of(asked: str) -> list[str]:
    """The words of a question, as far as they are read."""
    plain = unicodedata.normalize("NFC", asked[:LONGEST])
    return WORD.findall(plain)[:MOST_WORDS]


def shown_question(asked: str) -> str:
    """The question as it is said back: what was read of it, without what can't be printed."""
    return "".join(letter for letter in asked[:LONGEST] if letter.isprintable()).strip()


def find(person: Person | None, words: list[str], *, language: str) -> list[Found]:
    """Where all the words are, what is hers first, then what has them in its title. Eleven queries at most.

    Whoever isn't logged in searches what modules show before they are begun. Guides are only those that
    she is shown in modules (`courses.domain.local_guides.guides_for`).
    """
    if not words:
        return []
    professions = professions_of(person)
    newest = _newest_editions(language)
    hits: Iterable[int]
    if person is None:
        by_page = {page.pk: pk for pk, (page, _title, _professions) in newest.items()}
        pages = _matches(ModulePage.objects.filter(pk__in=by_page), words)
        hits = [by_page[pk] for pk in pages]
    else:
        hits = _matches(Edition.objects.filter(pk__in=newest), words)
    modules = [
        Found(pk, page, title, bool(professions & set(meant)), _names(title, words))
        for pk, (page, title, meant) in ((pk, newest[pk]) for pk in hits)
    ]
    return sorted(
        [*_guides(person, words), *modules], key=lambda found: (not found.is_mine, not found.is_named)
    )


def results(request: HttpRequest, found: list[Found], words: list[str]) -> list[Result]:
    """What a page of the list shows. Two queries, however many they are."""
    person = person_of(request)
    editions = Edition.objects.in_bulk([one.row for one in found if one.page])
    begun = _begun(person, [one.page.translation_key for one in found if one.page])
    return [
        _of_module(request, one, editions[one.row], begun.get(one.page.translation_key), words)
        if one.page
        else _of_guide(one, words)
        for one in found
    ]


def _of_guide(one: Found, words: list[str]) -> Result:
    url = reverse("guide", args=[one.row.topic])
    line = excerpt(one.row.text.splitlines(), words)
    return Result("guide", one.title, url, line, one.is_mine, unit=one.row.unit.name)


def _of_module(
    request: HttpRequest, one: Found, newest: Edition, begun: Edition | None, words: list[str]
) -> Result:
    """The module, and the step in which the words stand; without a step where the module itself is meant.

    Whoever has begun comes to the step, in the edition that she began; anybody else to the step's place in
    the list on the module's page, where she can begin.
    """
    url = one.page.get_url(request) or "" if one.page else ""
    looks_inside = person_of(request) is not None
    content = newest.content if begun is None else begun.content
    is_title = all(_names(one.title, [word]) for word in words)
    number = None if is_title else step_with(content, words, looks_inside=looks_inside)
    found = partial(Result, "module", one.title, is_mine=one.is_mine, minutes=newest.content["minutes"])
    if number is None:
        texts = passages(newest.content) if looks_inside else opening_passages(newest.content)
        return found(url=url, excerpt=excerpt(texts, words))
    step = content["steps"][number - 1]
    # The step's title stands above the line already.
    texts = step_passages(step)[1:] if looks_inside else []
    return found(
        url=f"{url}#trin-{number}" if begun is None else f"{url}trin/{number}/",
        excerpt=excerpt(texts or [content["summary"]], words),
        number=number,
        step=step["title"],
        is_open=begun is not None,
    )


def step_with(content: dict[str, Any], words: list[str], *, looks_inside: bool) -> int | None:
    """The number of the step that holds the most of the words, in its title rather than its text, the first
    of several; None where the module's summary holds more of them, or nothing does.
    """
    best, most = None, (0.0, 0.0)
    for number, step in enumerate(content["steps"], start=1):
        in_title = _weight([step["title"]], words)
        weight = (_weight(step_passages(step), words) if looks_inside else in_title, in_title)
        if weight > most:
            best, most = number, weight
    return best if most[0] >= _weight([content["summary"]], words) else None


def _weight(texts: Iterable[str], words: list[str]) -> float:
    """How much of the words the texts hold: 1 for each that begins one of theirs, less for another ending."""
    held = {word.casefold() for text in texts for word in WORD.findall(text)}
    return sum(_share(word.casefold(), held) for word in words)


def _share(word: str, held: set[str]) -> float:
    near = [other for other in held if other.startswith(word[:STEM])]
    beginnings = (size for size in range(len(word), 0, -1) if _any_begins(near, word[:size]))
    return next(beginnings, 0) / len(word)


def _any_begins(others: list[str], beginning: str) -> bool:
    return any(other.startswith(beginning) for other in others)


def _begun(person: Person | None, keys: list[uuid.UUID]) -> dict[uuid.UUID, Edition]:
    """The edition that she has in each of the modules that she has begun. One query."""
    begun: dict[uuid.UUID, Edition] = {}
    if person is not None:
        rows = Enrolment.objects.of(person).filter(module__key__in=keys)
        for row in rows.select_related("module", "edition"):
            begun.setdefault(row.module.key, row.edition)
    return begun


def excerpt(texts: Iterable[str], words: list[str]) -> Excerpt:
    """A line around the first of the words that stands in the texts; the first text where none does."""
    texts = [" ".join(text.split()) for text in texts]
    for begins in _beginnings(words):
        pattern = re.compile(rf"(?<!\w){re.escape(begins)}\w*", re.IGNORECASE)
        for text in texts:
            match = pattern.search(text)
            if match:
                before, after = text[: match.start()], text[match.end() :]
                return Excerpt(_cut_before(before), match.group(), _cut_after(after, AROUND))
    return Excerpt(_cut_after(texts[0] if texts else "", 2 * AROUND), "", "")


def _beginnings(words: list[str]) -> list[str]:
    """The words, longest first; then shorter and shorter beginnings of them."""
    whole = sorted(words, key=len, reverse=True)
    return [*whole, *(word[:size] for word in whole for size in range(len(word) - 1, STEM - 1, -1))]


def _cut_before(text: str) -> str:
    return text if len(text) <= AROUND else f"… {text[-AROUND:].partition(' ')[2]}"


def _cut_after(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most].rpartition(' ')[0]} …"


def _names(title: str, words: list[str]) -> bool:
    return any(part.casefold().startswith(word.casefold()) for part in WORD.findall(title) for word in words)


def _matches(rows: QuerySet, words: list[str]) -> list[int]:
    """The ids of the rows that hold all the words, the best first.

    Whole words in any form that the database knows (PostgreSQL: Danish endings), then words that begin so.
    """
    backend = get_search_backend()
    asked = [PlainText(word) for word in words]
    question = And(asked) if len(asked) > 1 else asked[0]
    found = [*backend.search(question, rows.only("pk")), *backend.autocomplete(question, rows.only("pk"))]
    return list(dict.fromkeys(row.pk for row in found))


def _newest_editions(language: str) -> dict[int, tuple[ModulePage, str, list[str]]]:
    """By id, the edition that each live module of a language opens with: page, title, professions."""
    live = ModulePage.objects.live().public().filter(locale__language_code=language)
    pages = {page.translation_key: page for page in live.defer("steps")}
    rows = (
        Edition.objects.filter(version__module__key__in=pages)
        .in_language(language)
        .newest_first()
        .values_list("pk", "title", "content__professions", "version__module__key")
    )
    newest: dict[Any, tuple[int, str, list[str]]] = {}
    for pk, title, professions, key in rows:
        newest.setdefault(key, (pk, title, professions))
    return {pk: (pages[key], title, professions) for key, (pk, title, professions) in newest.items()}


def _guides(person: Person | None, words: list[str]) -> list[Found]:
    if person is None:
        return []
    by_topic = guides_for(person, topics=Topic.values)
    shown = {guide.pk: guide for guides in by_topic.values() for guide in guides}
    if not shown:
        return []
    hits = _matches(LocalGuide.objects.filter(pk__in=shown), words)
    titles = {pk: str(Topic(shown[pk].topic).label) for pk in hits}
    return [Found(shown[pk], None, titles[pk], True, _names(titles[pk], words)) for pk in hits]
