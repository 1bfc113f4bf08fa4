"""What a server that others reach asks of its environment."""

import pytest
from django.core.exceptions import ImproperlyConfigured


@pytest.mark.parametrize("missing", ["SECRET_KEY", "EMAIL_URL"])
def test_it_does_not_start_without_a_secret_or_a_way_to_send_mail(production, missing):
    with pytest.raises(ImproperlyConfigured, match=missing):
        production(**{missing: None})


def test_mail_goes_where_it_is_told_and_not_to_the_log(production):
    settings = production(EMAIL_URL="smtp://mail.lindra.example:2525")
    assert (settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT) == (
        "django.core.mail.backends.smtp.EmailBackend",
        "mail.lindra.example",
        2525,
    )


@pytest.mark.parametrize(("cache", "engine"), [(None, "db"), ("rediscache://127.0.0.1:6379/1", "cached_db")])
def test_sessions_are_cached_only_where_every_process_shares_the_cache(production, cache, engine):
    assert f"django.contrib.sessions.backends.{engine}" == production(CACHE_URL=cache).SESSION_ENGINE


def test_cookies_go_over_tls_only_and_the_browser_remembers_it(production):
    settings = production()
    assert (settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT) == (
        True,
        True,
        True,
    )
    assert settings.SECURE_HSTS_SECONDS >= 180 * 24 * 60 * 60
    assert (settings.DEBUG, settings.DEMO) == (False, False)
