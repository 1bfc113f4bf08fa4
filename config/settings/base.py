"""What every installation shares. Anything that differs by place comes from the environment."""

import os
from pathlib import Path

import environ
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()

# --- The rooms and the road -------------------------------------------------------------------

#: The rooms, highest first. The import contract in pyproject.toml and tests/test_rooms.py hold
#: the order: a room may use those after it, never those before it or beside it.
ROOMS = [
    ["config"],
    ["content", "reports"],
    ["certification"],
    ["competencies"],
    ["courses"],
    ["xapi", "organisations"],
]

#: What recomputes one learner from upstream, in this order (`xapi.projection.project`). The last
#: issues documents: what it has made is never recomputed (certification/projections.py).
STAGES = [
    "courses.projections.CompletionStage",
    "competencies.projections.EvidenceStage",
    "certification.projections.IssuingStage",
]

#: Where the driver finds learners whose derived rows wait to be recomputed. Each ground room
#: writes its mark in the same transaction as the fact that caused it.
PENDING_SOURCES = [
    "xapi.pending.StatementSource",
    "organisations.pending.PersonSource",
]

#: Who runs the record store in the back office, asked at each request: it knows no people itself.
XAPI_ADMINISTERED_BY = "organisations.rules.administers_everything"

#: Which statements the rooms above rest on, so that a removal by age leaves them
#: (`xapi.domain.retention`). Each is asked about some statements and answers with the ids it holds.
STATEMENT_HOLDS = [
    "courses.holds.held",
    "competencies.holds.held",
    "certification.holds.held",
]

#: What else is erased with a person, in her transaction: each gets her pseudonym
#: (`organisations.domain.erasure`).
PERSON_ERASURES = [
    "courses.domain.erasure.erase_words",
    "xapi.domain.erasure.erase_learner",
]

#: Who hears of a practice task that was handed in just now: each gets the row of what was written.
WHEN_HANDED_IN = ["reports.tasks.handed_in"]

#: The secrets for other record stores (`xapi.models.Forwarding`), by the name that a row may give.
#: Nothing else of the environment can be named there.
FORWARDING_SECRETS = {
    name.removeprefix("FORWARDING_SECRET_"): value
    for name, value in os.environ.items()
    if name.startswith("FORWARDING_SECRET_")
}

#: Numbers about people outside one's own line: fewer than this aren't shown, others in whole multiples of it
#: (`organisations.small_groups`).
SMALLEST_GROUP = env.int("SMALLEST_GROUP", default=5)

#: The keys of the modules that a user may edit in the back office, asked at each request: only `content`
#: knows the pages.
MODULES_EDITED_BY = "content.rules.keys_of_editable_modules"

#: Where modules are taken, by their keys: only `content` knows the pages.
MODULE_ADDRESSES = "content.addresses.addresses_of_modules"

#: What stands first on *Min side*, in this order: each says lines to a user, a sentence and where it leads.
ON_MY_PAGE = [
    "reports.waiting.tasks_to_confirm",
    "reports.waiting.shared_since",
    "content.waiting.reviews",
    "reports.waiting.own_tasks",
]

#: What `manage.py tick` runs. Each is safe to run at any time, and twice.
TICKS = [
    "organisations.pending.mark_what_begins",
    "xapi.projection.project_pending",
    "xapi.domain.partitions.make_ready",
    "organisations.domain.groups.sync_all_groups",
    "xapi.domain.forwarding.forward_all",
    "content.domain.schedule.hold_back_unready",
    "reports.tasks.tell_of_falls",
]

#: The commands that load what comes with Lindra, in this order. Each is safe to run again.
LOADS = ["load_reference_data", "load_targets", "import_framework", "load_modules", "load_glossary"]

#: The identity of everything that the platform names in a statement: activities, accounts,
#: extensions. Never the host: an installation that moves keeps it.
IRI_BASE = env("IRI_BASE", default="https://lindra.example/id")

# --- Django ---------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "config",
    "content",
    "reports",
    "certification",
    "competencies",
    "courses",
    "xapi",
    "organisations",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail_localize",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    # In the place of wagtail.locales.
    "wagtail_localize.locales",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.HeadWithoutBody",
    "config.middleware.RecordStore",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.BackOfficePolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.TwoSteps",
    "config.middleware.BackOfficeDoor",
    "content.middleware.SayWhatIsMissing",
    "django_htmx.middleware.HtmxMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context_processors.lindra",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

DATABASES = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'var' / 'lindra.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # One writer at a time: taking the lock at BEGIN means that a transaction waits for its turn
    # instead of failing halfway (ground rule in the design; no ATOMIC_REQUESTS).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # The record store's own questions are planned once a connection (xapi/asking.py): each is made so that
    # one plan is the right one whatever is asked for. Behind a pooler that hands out a connection per
    # transaction and doesn't know prepared statements: 0.
    _options = DATABASES["default"].setdefault("OPTIONS", {})
    _options["prepare_threshold"] = env.int("DATABASE_PREPARE_AFTER", default=3) or None
    if _options["prepare_threshold"]:
        _options["options"] = f"{_options.get('options', '')} -c plan_cache_mode=force_generic_plan".strip()

CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People who log in --------------------------------------------------------------------------

AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = ["config.accounts.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "config.accounts.ClosedAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}  # not everybody has work mail
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_FORMS = {"login": "config.accounts.LoginForm"}
ACCOUNT_RATE_LIMITS = {"invitation_code": "10/10m/ip"}  # wrong codes of letters; a code has 59 bits
#: Whether whoever sees other people's data has to log in with a second step.
MFA_REQUIRED = env.bool("MFA_REQUIRED", default=False)
MFA_ADAPTER = "config.accounts.SecretsAdapter"
MFA_TOTP_ISSUER = "Lindra"
MFA_FORMS = {"activate_totp": "config.accounts.SecondStepForm"}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs up: an address is the administrator's, or none
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = None
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.errors.csrf_failed"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "SAMEORIGIN"  # the editor shows its preview in a frame

# Nothing from outside is loaded, on any page.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        # plotly and the progress element set inline styles; scripts never are inline.
        "style-src": [SELF, UNSAFE_INLINE],
        "script-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
#: Where the record store stands.
RECORD_STORE_PATH = "/xapi/"
#: Where the back office stands.
BACK_OFFICE_PATH = "/cms/"
#: The editor has inline scripts of its own; the rest of the site never gets this policy.
BACK_OFFICE_CSP = {
    **CONTENT_SECURITY_POLICY["DIRECTIVES"],
    "script-src": [SELF, UNSAFE_INLINE],
    "frame-src": [SELF],
}

# --- Language and time --------------------------------------------------------------------------

LANGUAGE_CODE = "da"
LANGUAGES = [("da", _("Danish")), ("en", _("English"))]
#: Our own words, and those of the back office's libraries that bring no Danish. The first wins.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "config" / "library_words"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Copenhagen"
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["config.formats"]
#: How the back office's fields show a day, and what their calendar writes. What may be typed is said in
#: config/formats.
WAGTAIL_DATE_FORMAT = "%d-%m-%Y"
WAGTAIL_DATETIME_FORMAT = "%d-%m-%Y %H:%M"

#: Slugs of the Danish pages that the footer links to, as far as they exist.
FOOTER_PAGES = ["tilgaengelighed", "privatliv", "kontakt"]
WAGTAIL_SITE_NAME = "Lindra"
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
#: A new translation begins as a draft: it is Danish until somebody has translated it.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
WAGTAILADMIN_BASE_URL = env("BASE_URL", default="http://127.0.0.1:8000")
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
#: PostgreSQL knows Danish endings by this configuration; SQLite's full text has none, and ignores it.
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "danish"}
}
WAGTAILEMBEDS_FINDERS: list[str] = []
#: What an image may take; documents, films and sound have limits of their own (content/file_types.py).
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILDOCS_DOCUMENT_FORM_BASE = "content.uploads.CheckedDocumentForm"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False  # nobody sets the password of another
WAGTAILADMIN_LOGIN_URL = "account_login"

# --- Files ------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.vendor.VendorFinder",
]
#: The files of npm packages that a browser gets, by the address under which it gets them.
#: Collecting the design system's whole `dist` takes 40 seconds; these take none.
VENDOR_FILES = {
    "vendor/dkfds/css/dkfds.min.css": "dkfds/dist/css/dkfds.min.css",
    # Of the fonts, pages use these two: 17 kB each, where the whole alphabets take 60.
    "vendor/dkfds/fonts/IBMPlexSans/split/woff2/IBMPlexSans-Regular-Latin1.woff2": (
        "dkfds/dist/fonts/IBMPlexSans/split/woff2/IBMPlexSans-Regular-Latin1.woff2"
    ),
    "vendor/dkfds/fonts/IBMPlexSans/split/woff2/IBMPlexSans-SemiBold-Latin1.woff2": (
        "dkfds/dist/fonts/IBMPlexSans/split/woff2/IBMPlexSans-SemiBold-Latin1.woff2"
    ),
    "vendor/dkfds/js/dkfds.min.js": "dkfds/dist/js/dkfds.min.js",
    "vendor/dkfds/img/all-svg-icons.svg": "dkfds/dist/img/all-svg-icons.svg",
    "vendor/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "vendor/plotly-basic.min.js": "plotly.js-basic-dist-min/plotly-basic.min.js",
}
NODE_MODULES = BASE_DIR / "node_modules"
MEDIA_URL = "/media/"
#: Whether this process serves what editors upload; beyond one machine, the storage does.
SERVE_MEDIA = env.bool("SERVE_MEDIA", default=False)
MEDIA_ROOT = BASE_DIR / "var" / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Words to the operator ------------------------------------------------------------------------

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Lindra <lindra@lindra.example>")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    # A line a task and a line a page: only what goes wrong is news.
    "loggers": {"django_tasks": {"level": "WARNING"}, "wagtail": {"level": "WARNING"}},
}
