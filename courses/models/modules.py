"""A module, its versions (substance) and their editions (wording, language)."""

import itertools
import uuid
from functools import cached_property

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from organisations.days import today
from organisations.models import Person

from ..enums import GRADED
from ..querysets import EditionQuerySet
from ..reading import passages


class Module(models.Model):
    """The lasting identity of a piece of learning, like a book's title across its printings.

    `key` is the page's translation key: it survives translation, and a copied page gets a new one.
    `iri` is the xAPI activity id, fixed when the module is first registered.
    """

    key = models.UUIDField(_("key"), unique=True)
    code = models.CharField(_("code"), max_length=20, blank=True)
    iri = models.URLField(_("activity IRI"), max_length=300, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")
        ordering = ["code", "id"]

    def __str__(self) -> str:
        return self.code or str(self.key)


class ModuleVersion(models.Model):
    """The substance of a module: what it teaches and what it can show. Evidence binds to it.

    A correction of wording is a new edition of the same version; a change of substance is a new
    version. `approved_by` and `approved_on` name the clinical reviewer of this very version, and the
    day, as `domain.publishing.approve_version` last wrote them; until then the product says *afventer
    faglig godkendelse*. `review_due_on` is at most 36 months after publication or after the last
    approval (the 2011 agreement is revised every third year).
    """

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    substance = models.CharField(
        max_length=64, help_text=_("Fingerprint of what evidence can rest on: items and contributions.")
    )
    published_at = models.DateTimeField(_("first published"))
    review_due_on = models.DateField(_("review due"))
    approved_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="approved_versions",
        verbose_name=_("approved by"),
    )
    approved_on = models.DateField(_("approved on"), null=True, blank=True)

    class Meta:
        verbose_name = _("module version")
        verbose_name_plural = _("module versions")
        ordering = ["module", "number"]
        constraints = [
            models.UniqueConstraint(fields=["module", "number"], name="moduleversion_number_unique"),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True, approved_on__isnull=True)
                | models.Q(approved_by__isnull=False, approved_on__isnull=False),
                name="moduleversion_approval_has_name_and_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.module} v{self.number}"

    @property
    def is_approved(self) -> bool:
        return self.approved_on is not None

    @property
    def is_overdue(self) -> bool:
        """Its review date has passed, and nobody has approved it again."""
        return self.review_due_on < today()


class Edition(index.Indexed, models.Model):
    """One frozen text of a version, in one language, as it was when published.

    `content` is what a learner may be sent: title, steps, blocks, item definitions. `grading` is the
    private specification (right answers, explanations per option) and never leaves the server.
    Numbers count within the version, across languages, so that a revision like `3.2` names exactly
    one edition. A learner finishes the edition she began.

    Every edition stands in the search index; whoever searches says among which (`content.finding`).
    """

    version = models.ForeignKey(ModuleVersion, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField(_("edition"))
    language = models.CharField(_("language"), max_length=10)
    title = models.CharField(_("title"), max_length=255)
    content = models.JSONField(_("content"))
    grading = models.JSONField(_("grading specification"))
    fingerprint = models.CharField(max_length=64)
    published_at = models.DateTimeField(_("published"))
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = EditionQuerySet.as_manager()

    search_fields = [
        index.SearchField("title", boost=2),
        index.SearchField("searched_text"),
        # Words are found by how they begin, too: Danish puts them together.
        index.AutocompleteField("title"),
        index.AutocompleteField("searched_text"),
        index.FilterField("id"),
    ]

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["version", "number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="edition_number_unique"),
        ]
        indexes = [
            # Which edition does a learner who opens the page in this language get?
            models.Index(fields=["version", "language", "-number"], name="edition_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.revision}"

    @property
    def revision(self) -> str:
        """`context.revision` in statements: version and edition."""
        return f"{self.version.number}.{self.number}"

    @cached_property
    def searched_text(self) -> str:
        """What the search index holds: what is read, never the grading. The index asks for it six times."""
        return " ".join(passages(self.content))

    @property
    def steps(self) -> list[dict]:
        steps: list[dict] = self.content["steps"]
        return steps

    @property
    def items(self) -> dict[str, dict]:
        """The items by id, in reading order."""
        return {block["id"]: block for step in self.steps for block in step["blocks"] if block.get("item")}

    @property
    def graded_items(self) -> list[str]:
        """The ids of the items that must be answered rightly, or walked to a good end, to finish."""
        return [item for item, block in self.items.items() if block["kind"] in GRADED]

    @property
    def opening_steps(self) -> int:
        """How many steps at the beginning the author marked as opening cases."""
        return len(list(itertools.takewhile(lambda step: step.get("is_opening"), self.steps)))

    @property
    def opening_items(self) -> list[str]:
        """The graded items of the opening cases."""
        ids = {block["id"] for step in self.steps[: self.opening_steps] for block in step["blocks"]}
        return [item for item in self.graded_items if item in ids]

    def item_iri(self, item: str) -> str:
        """The activity id of an item: the module's, and the block path within it."""
        return f"{self.version.module.iri}/items/{item}"

    def step_of(self, item: str) -> int:
        """The number (from 1) of the step that holds the item. Raises KeyError for a stranger."""
        for number, step in enumerate(self.steps, start=1):
            if any(block["id"] == item for block in step["blocks"]):
                return number
        raise KeyError(item)
