"""The list of modules, and a module as its author writes it.

What a learner meets is never this page but the edition that was frozen when it was published.
"""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.forms import CheckboxSelectMultiple
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, Revision, TaskState
from wagtail.search import index
from wagtail_localize.fields import BaseTranslatableField, SynchronizedField

from competencies.enums import HIGHEST_LEVEL, EarnedBy, Rank
from competencies.models import Competency
from courses.domain.taken import read_taken
from courses.reading import opening_passages
from organisations.models import Profession

from .. import player, whole
from ..blocks import StepsBlock
from ..compile import compile_steps
from ..domain import publishing, translating
from ..domain.review import approval_of
from ..forms import ModulePageForm
from ..journey import choose_path, in_catalogue_order, list_context, person_of
from ..missing import NotReady
from ..panels import ReviewPanel, VersionPanel
from .review import ModuleListPermissions, ModulePermissions


class ModuleIndexPage(Page):
    """`/moduler/`: find a module for my profession."""

    template = "content/module_index_page.html"
    max_count_per_parent = 1
    parent_page_types = ["content.HomePage"]
    subpage_types = ["content.ModulePage"]

    class Meta:
        verbose_name = _("list of modules")

    def permissions_for_user(self, user: Any) -> ModuleListPermissions:
        return ModuleListPermissions(user, self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        pages = in_catalogue_order(ModulePage.objects.child_of(self).live())
        taken = read_taken(person_of(request))
        return {**context, **choose_path(request, list_context(request, pages, taken=taken), taken=taken)}


class ModulePage(RoutablePageMixin, Page):
    """A module as its author writes it. Going live freezes an edition (`domain.publishing.freeze`)."""

    code = models.CharField(_("code"), max_length=20, blank=True, help_text=_("For example M02."))
    summary = models.TextField(_("summary"), max_length=400, help_text=_("What the learner gets out of it."))
    minutes = models.PositiveSmallIntegerField(_("minutes in all"), default=15)
    professions = ParentalManyToManyField(
        Profession, verbose_name=_("for these professions"), related_name="+"
    )
    steps = StreamField(StepsBlock(), verbose_name=_("steps"))
    review_due_on = models.DateField(
        _("to be reviewed by"),
        null=True,
        blank=True,
        help_text=_(
            "When the sources must have been looked at again, for example when a guideline is replaced. "
            "Empty: 36 months from the approval, which is the most."
        ),
    )
    is_new_substance = models.BooleanField(_("the substance has changed"), null=True, blank=True)

    base_form_class = ModulePageForm
    #: What a translation takes over from the Danish page and can't have otherwise. Of the rest, text is
    #: translated; in `steps` each block says what its text is.
    override_translatable_fields = [
        SynchronizedField("slug", overridable=False),
        SynchronizedField("code", overridable=False),
        SynchronizedField("professions", overridable=False),
        # Neither: only the Danish page decides these.
        BaseTranslatableField("is_new_substance"),
        BaseTranslatableField("review_due_on"),
    ]
    template = "content/module_page.html"
    parent_page_types = ["content.ModuleIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        ReviewPanel(heading=_("Review and version")),
        VersionPanel("is_new_substance"),
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("code"),
                FieldPanel("summary"),
                FieldPanel("minutes"),
                FieldPanel("professions", widget=CheckboxSelectMultiple),
                FieldPanel("review_due_on"),
            ],
            heading=_("About the module"),
        ),
        InlinePanel("outcomes", heading=_("What it can show"), label=_("Outcome"), min_num=1),
        FieldPanel("steps"),
    ]

    #: What whoever isn't logged in can find it by; what is inside is found by its edition.
    search_fields = [
        *Page.search_fields,
        index.SearchField("searched_opening"),
        index.AutocompleteField("searched_opening"),
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
                # Saving indexed the page already, but by the edition before this one.
                index.insert_or_update_object(published)
                if self.is_new_substance is not None:
                    self._use_up_new_substance()

    def _use_up_new_substance(self) -> None:
        """What the author said counts once: the next edit begins without it."""
        self.is_new_substance = None
        type(self).objects.filter(pk=self.pk).update(is_new_substance=None)
        self.live_revision.content["is_new_substance"] = None
        self.live_revision.save(update_fields=["content"])

    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        """A draft that somebody approved is never written over: the next saving makes another."""
        overwritten = kwargs.get("overwrite_revision")
        if overwritten and overwritten.task_states.filter(status=TaskState.STATUS_APPROVED).exists():
            kwargs["overwrite_revision"] = None
        return super().save_revision(*args, **kwargs)

    def publish(self, revision: Revision, user: Any = None, **kwargs: Any) -> Any:
        """The end of the review. Whoever asks for it, the text must have been approved as it is.

        Without a user it is a loader, the schedule that the review set, or a translation side by side: what
        that has of new texts isn't in a revision before, so nobody else publishes it. What waits for its hour
        is asked now already whether something is missing.
        """
        if user is not None and translating.is_side_by_side(self):
            raise NotReady(self, translating.find_gaps(self) or [str(translating.ELSEWHERE)])
        if user is not None and approval_of(revision) is None:
            raise PermissionDenied(_("This text hasn't been approved by a clinical reviewer."))
        draft = revision.as_object()
        if draft.go_live_at and draft.go_live_at > timezone.now():
            publishing.refuse_unready(draft)
        return super().publish(revision, user=user, **{**kwargs, "skip_permission_checks": True})

    def permissions_for_user(self, user: Any) -> ModulePermissions:
        return ModulePermissions(user, self)

    def copy(self, *args: Any, **kwargs: Any) -> "ModulePage":
        """A copy is another module, and a draft: it has no edition of its own yet."""
        copy: ModulePage = super().copy(*args, **{**kwargs, "keep_live": False})
        return copy

    # --- The learner's way through it. The work is done in `player`. ---------------------------------

    @path("")
    def landing(self, request: HttpRequest) -> HttpResponse:
        if getattr(request, "is_preview", False):
            return whole.preview(request, self)
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

    @path("udskriv/", name="printed")
    def printed(self, request: HttpRequest) -> HttpResponse:
        return whole.printed(request, self)

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
        if not getattr(request, "is_preview", False) and not publishing.editions_of(self).exists():
            raise Http404
        return super().serve(request, *args, **kwargs)

    @cached_property
    def searched_opening(self) -> str:
        """What the search index holds of the page: what the published edition shows before one begins.

        The index asks for it six times a row, and reads the row anew each time that it is saved.
        """
        edition = publishing.newest_edition(self)
        return " ".join(opening_passages(edition.content)) if edition else ""

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
