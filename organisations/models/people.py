"""A person is not a log-in: a person may have none, or several."""

import uuid
from functools import cached_property
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..querysets import PersonQuerySet
from ..validators import validate_authorisation_id, validate_username


class Person(models.Model):
    """Somebody who works, or worked, in basal palliative care.

    `pseudonym` is the account name in every statement: the record store knows no other name, so
    that deleting this row leaves statements that name nobody. `public_id` is what an address shows.
    No CPR number is held, here or anywhere.
    """

    pseudonym = models.UUIDField(_("pseudonym"), default=uuid.uuid4, unique=True, editable=False)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    given_name = models.CharField(_("given name"), max_length=100)
    family_name = models.CharField(_("family name"), max_length=100)
    authorisation_id = models.CharField(
        _("authorisation ID"),
        max_length=5,
        blank=True,
        validators=[validate_authorisation_id],
        help_text=_("Optional: SOSU helpers, social workers, psychologists and clergy have none."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["given_name", "family_name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authorisation_id"],
                condition=~models.Q(authorisation_id=""),
                name="person_authorisation_id_unique",
                violation_error_message=_("Another person has this authorisation ID."),
            )
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Read anew, with what she does today."""
        super().refresh_from_db(*args, **kwargs)
        for name in ("work_today", "roles_today"):
            vars(self).pop(name, None)

    @cached_property
    def work_today(self) -> list[Any]:
        """Her employments today, each with its unit and profession. A page asks many times: read once a row.

        For reading pages. Whoever changes employments asks the database.
        """
        return list(self.employments.current().select_related("unit", "profession"))

    @cached_property
    def roles_today(self) -> set[str]:
        """The roles that she holds today, wherever. Read once a row, as `work_today` is."""
        return set(self.grants.active().values_list("role", flat=True))

    @property
    def workplaces_today(self) -> list[int]:
        """The keys of the units where she works today."""
        return [employment.unit_id for employment in self.work_today]


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, email: str | None = None, password: str | None = None, *, username: str = "", **fields: Any
    ) -> "User":
        """A log-in with an e-mail address, a username, or both."""
        user = self.model(
            email=self.normalize_email(email).lower() or None,
            username=username.strip().lower() or None,
            **fields,
        )
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """One way in for a person: an e-mail address, or a username for whoever has none, and a password."""

    person = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="users",
        verbose_name=_("person"),
    )
    email = models.EmailField(_("e-mail address"), unique=True, null=True, blank=True)
    username = models.CharField(
        _("username"),
        max_length=30,
        unique=True,
        null=True,
        blank=True,
        validators=[validate_username],
        error_messages={"unique": _("This username is taken. Choose another.")},
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("runs the platform"), default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("log-in")
        verbose_name_plural = _("log-ins")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email__isnull=False) | models.Q(username__isnull=False),
                name="user_logs_in_with_something",
                violation_error_message=_("A log-in has an e-mail address or a username."),
            )
        ]

    def __str__(self) -> str:
        return self.login_name

    @property
    def login_name(self) -> str:
        """What the person writes to log in."""
        return self.email or self.username or ""

    def get_full_name(self) -> str:
        return self.person.full_name if self.person else self.login_name

    def get_short_name(self) -> str:
        return self.person.given_name if self.person else self.login_name

    @property
    def first_name(self) -> str:
        """Wagtail's user screens ask for it; the name itself lives on the person."""
        return self.person.given_name if self.person else ""

    @property
    def last_name(self) -> str:
        return self.person.family_name if self.person else ""


class Login(User):
    """A log-in as the back office sees it: open or closed, and never its password."""

    class Meta:
        proxy = True
        verbose_name = _("log-in")
        verbose_name_plural = _("log-ins")
