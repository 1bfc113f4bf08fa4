"""What differs in tests: fast password hashes, no manifest, warnings are errors (pyproject)."""

import os
from pathlib import Path
from tempfile import gettempdir

from .base import *  # noqa: F403  (a settings module is its base plus what differs)
from .base import DATABASES, STORAGES

SECRET_KEY = "only-for-tests"  # noqa: S105  (protects nothing)
DEMO = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

#: The static files come from their sources; nothing is collected.
WHITENOISE_AUTOREFRESH = True

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: the browser's server and the test write from threads of their own.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(gettempdir()) / f"lindra-test-{os.getpid()}.sqlite3")}

if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # The tests' rows need not survive a power cut: no wait for the disk at every commit.
    _options = DATABASES["default"]["OPTIONS"]
    _options["options"] = f"{_options.get('options', '')} -c synchronous_commit=off".strip()
