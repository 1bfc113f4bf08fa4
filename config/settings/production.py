"""A server that others reach: no default for a secret or for mail, TLS, cookies marked secure."""

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
#: From the cache only where every process shares it: elsewhere a log-out in one would leave the log-in open
#: in the others.
SESSION_ENGINE = f"django.contrib.sessions.backends.{'cached_db' if env('CACHE_URL', default='') else 'db'}"
#: No default: the one that prints mails would write the links of invitations and new passwords to the log.
vars().update(env.email_url("EMAIL_URL"))
