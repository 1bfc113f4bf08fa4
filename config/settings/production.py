"""A server that others reach: no default for a secret, TLS, cookies marked secure."""

from .base import *  # noqa: F403  (a settings module is its base plus what differs)
from .base import env

SECRET_KEY = env("SECRET_KEY")
DEMO = False
MFA_REQUIRED = env.bool("MFA_REQUIRED", default=True)
#: How many proxies stand in front and write X-Forwarded-For: the address behind them is whose wrong
#: passwords and codes are counted. 0 counts the address of who connects.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31536000)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
