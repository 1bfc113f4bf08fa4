"""The list of modules, and a module as its author writes it.

What a learner meets is never this page but the edition that was frozen when it was published.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail_localize.fields import BaseTranslatableField, SynchronizedField

from competencies.enums import HIGHEST_LEVEL, EarnedBy, Rank
from competencies.models import Competency
from organisations.models import Profession

from .. import player
from ..blocks import StepsBlock
from ..compile import compile_steps
from ..domain import publishing, translating
from ..forms import ModulePageForm
from ..journey import choose_path, list_context


class ModuleIndexPage(Page):
    """`/moduler/`: find a module for my profession."""

    template = "content/module_index_page.html"
    max_count_per_parent = 1
    parent_page_types = ["content.HomePage"]
    subpage_types = ["content.ModulePage"]

    class Meta:
        verbose_name = _("list of modules")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        pages = ModulePage.objects.child_of(self).live().order_by("code")
        return {**context, **choose_path(request, list_context(request, pages))}


class ModulePage(RoutablePageMixin, Page):
    """A module as its author writes it. Going live freezes an edition (`domain.publishing.freeze`)."""

    code = models.CharField(_("code"), max_length=20, blank=True, help_text=_("For example M02."))
    summary = models.TextField(_("summary"), max_length=400, help_text=_("What the learner gets out of it."))
    minutes = models.PositiveSmallIntegerField(_("minutes in all"), default=15)
    professions = ParentalManyToManyField(
        Profession, verbose_name=_("for these professions"), related_name="+"
    )
    steps = StreamField(StepsBlock(), verbose_name=_("steps"))
    is_new_substance = models.BooleanField(
        _("the substance has changed"),
        default=False,
        help_text=_(
            "Tick this when the module now teaches something else: publishing then makes a new version, "
            "and what was shown with the old one stays as it is. Leave it for corrections of wording."
        ),
    )

    base_form_class = ModulePageForm
    #: What a translation takes over from the Danish page and can't have otherwise. Of the rest, text is
    #: translated; in `steps` each block says what its text is.
    override_translatable_fields = [
        SynchronizedField("slug", overridable=False),
        SynchronizedField("code", overridable=False),
        SynchronizedField("professions", overridable=False),
        # Neither: only the Danish page decides it.
        BaseTranslatableField("is_new_substance"),
    ]
    template = "content/module_page.html"
    parent_page_types = ["content.ModuleIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("code"),
                FieldPanel("summary"),
                FieldPanel("minutes"),
                FieldPanel("professions"),
                FieldPanel("is_new_substance"),
            ],
            heading=_("About the module"),
        ),
        InlinePanel("outcomes", heading=_("What it can show"), label=_("Outcome"), min_num=1),
        FieldPanel("steps"),
    ]

    class Meta:
        verbose_name = _("module")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; and when that makes another revision live, freeze what is published, or neither.

        Then its translations know what has changed.

        Every way of publishing saves the page with its new `live_revision`: the editor's button, a
        schedule, a workflow, a translation. The editor's button doesn't call `publish()`
        (docs/adr/0006-an-edition-is-made-when-a-revision-goes-live.md).
        """
        with transaction.atomic():
            before = (
                type(self).objects.filter(pk=self.pk, live=True).values_list("live_revision_id", flat=True)
            )
            was_live = before.first() if self.pk else None
            super().save(*args, **kwargs)
            if self.live and self.live_revision_id and self.live_revision_id != was_live:
                published = type(self).objects.get(pk=self.pk)
                publishing.freeze(published)
                translating.follow(published)
                if self.is_new_substance:
                    self._use_up_new_substance()

    def _use_up_new_substance(self) -> None:
        """The author's mark counts once: the next edit begins without it."""
        self.is_new_substance = False
        type(self).objects.filter(pk=self.pk).update(is_new_substance=False)
        self.live_revision.content["is_new_substance"] = False
        self.live_revision.save(update_fields=["content"])

    def copy(self, *args: Any, **kwargs: Any) -> "ModulePage":
        """A copy is another module, and a draft: it has no edition of its own yet."""
        copy: ModulePage = super().copy(*args, **{**kwargs, "keep_live": False})
        return copy

    # --- The learner's way through it. The work is done in `player`. ---------------------------------

    @path("")
    def landing(self, request: HttpRequest) -> HttpResponse:
        if getattr(request, "is_preview", False):
            return player.preview(request, self)
        return player.landing(request, self)

    @path("begynd/", name="begin")
    def begin(self, request: HttpRequest) -> HttpResponse:
        return player.begin(request, self)

    @path("trin/<int:number>/", name="step")
    def step(self, request: HttpRequest, number: int) -> HttpResponse:
        return player.step(request, self, number)

    @path("trin/<int:number>/videre/", name="leave_step")
    def leave_step(self, request: HttpRequest, number: int) -> HttpResponse:
        return player.leave_step(request, self, number)

    @path("trin/<int:number>/fejl/", name="report_error")
    def report_error(self, request: HttpRequest, number: int) -> HttpResponse:
        return player.report_error(request, self, number)

    @path("svar/<str:item>/", name="answer")
    def answer(self, request: HttpRequest, item: str) -> HttpResponse:
        return player.answer(request, self, item)

    @path("afspil/<str:item>/", name="watch")
    def watch(self, request: HttpRequest, item: str) -> HttpResponse:
        return player.watch(request, self, item)

    @path("tekst/<str:item>/", name="write")
    def write(self, request: HttpRequest, item: str) -> HttpResponse:
        return player.write(request, self, item)

    @path("afslut/", name="finish")
    def finish(self, request: HttpRequest) -> HttpResponse:
        return player.finish(request, self)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A page without an edition isn't served."""
        if not getattr(request, "is_preview", False) and publishing.newest_edition(self) is None:
            raise Http404
        return super().serve(request, *args, **kwargs)

    @property
    def compiled(self) -> Any:
        return compile_steps(self.steps)


class ModuleOutcome(Orderable):
    """What the module can show: a competency, a level, and what earns it."""

    page = ParentalKey(ModulePage, on_delete=models.CASCADE, related_name="outcomes")
    competency = models.ForeignKey(
        Competency, on_delete=models.PROTECT, related_name="+", verbose_name=_("competency")
    )
    level = models.PositiveSmallIntegerField(
        _("level"), choices=[choice for choice in Rank.choices if choice[0]], default=Rank.BASIC
    )
    earned_by = models.CharField(
        _("earned by"), max_length=30, choices=EarnedBy.choices, default=EarnedBy.ANSWERS
    )

    panels = [FieldPanel("competency"), FieldPanel("level"), FieldPanel("earned_by")]

    def __str__(self) -> str:
        return f"{self.competency.code}:{self.level}"

    def clean(self) -> None:
        super().clean()
        if self.earned_by and self.level and self.level > HIGHEST_LEVEL[EarnedBy(self.earned_by)]:
            raise ValidationError(
                {
                    "level": _(
                        "Answers show level 1 at most, and a confirmed practice task level 2. Choose a lower "
                        "level or another way of earning it."
                    )
                }
            )
