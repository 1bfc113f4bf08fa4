"""What differs in tests: fast password hashes, no manifest, warnings are errors (pyproject)."""

from .base import *  # noqa: F403  (a settings module is its base plus what differs)
from .base import STORAGES

SECRET_KEY = "only-for-tests"  # noqa: S105  (protects nothing)
DEMO = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
