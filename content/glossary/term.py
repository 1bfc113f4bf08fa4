"""A word of the field. It stands below the pages: the player asks for words, and pages ask the player."""

from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale, TranslatableMixin

from organisations.validators import refuse_cpr_number

#: What an address can hold of a Danish word.
LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
#: The letters after z, in their order.
AT_THE_END = str.maketrans("æøå", "{|}")


def cache_key(language: str) -> str:
    """Where the words of a language lie in the cache (`links.words_of`)."""
    return f"content.glossary.{language}"


class GlossaryTerm(TranslatableMixin, models.Model):
    """A word of one language with what it means, like an entry of a small dictionary.

    `forms` are the other ways in which texts write it: an inflection, an abbreviation. The first place in
    a step where the word or one of its forms stands explains it. State changes through
    `domain.glossary` and the back office.
    """

    term = models.CharField(_("word"), max_length=80)
    forms = models.CharField(
        _("other forms"),
        max_length=300,
        blank=True,
        help_text=_(
            "How texts write it otherwise, with commas between: inflections, abbreviations. Texts are "
            "searched for the word and for these."
        ),
    )
    definition = models.TextField(
        _("what it means"),
        max_length=500,
        validators=[refuse_cpr_number],
        help_text=_("Two short sentences in everyday words. Plain text."),
    )
    source = models.CharField(_("source"), max_length=200)
    source_year = models.CharField(_("year of the source"), max_length=20)
    is_linked = models.BooleanField(
        _("explain it in the modules"),
        default=True,
        help_text=_("Otherwise it stands in the glossary alone."),
    )

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("word of the glossary")
        verbose_name_plural = _("words of the glossary")
        ordering = ["term"]
        constraints = [
            models.UniqueConstraint(
                fields=["locale", "term"],
                name="glossaryterm_once_a_language",
                violation_error_message=_("The glossary has this word already. Change that one."),
            )
        ]

    def __str__(self) -> str:
        return self.term

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; and the words of the language are asked for anew."""
        super().save(*args, **kwargs)
        cache.delete(cache_key(self.locale.language_code))

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Take the word away; modules explain it no longer."""
        language = self.locale.language_code
        deleted = super().delete(*args, **kwargs)
        cache.delete(cache_key(language))
        return deleted

    @property
    def all_forms(self) -> list[str]:
        """The word and its other forms, each once."""
        others = (" ".join(form.split()) for form in self.forms.split(","))
        return list(dict.fromkeys([self.term, *(form for form in others if form)]))

    @property
    def place(self) -> str:
        """Its place in the alphabet: whatever its capitals, and æ, ø and å at the end."""
        return self.term.lower().translate(AT_THE_END)

    @property
    def anchor(self) -> str:
        """Where the word stands on the glossary's page."""
        return slugify(self.term.lower().translate(LETTERS)) or f"ord-{self.pk}"

    def clean(self) -> None:
        """Refuse what another word of the language has already, so that a text means one of them."""
        super().clean()
        # A new word gets the editor's language when it is saved; before, it may have none.
        locale = self.locale_id or Locale.get_default().pk
        mine = {form.lower() for form in self.all_forms}
        for other in GlossaryTerm.objects.filter(locale=locale).exclude(pk=self.pk):
            taken = mine & {form.lower() for form in other.all_forms}
            if taken or other.anchor == self.anchor:
                raise ValidationError(
                    _("“%(form)s” stands at the word “%(other)s” already. Take it away here, or there.")
                    % {"form": min(taken, default=self.term), "other": other.term},
                    code="taken",
                )
