"""Every address of the site. Addresses are Danish; the English ones stand under /en/."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from config import accounts, health

media = [re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT})]

urlpatterns = [
    path("healthz/live", health.live, name="live"),
    path("healthz/ready", health.ready, name="ready"),
    # The same store: the version of a request is its header, the second address is for old clients.
    path("xapi/1.0.3/", include("xapi.urls", namespace="xapi-1.0.3")),
    path("xapi/", include("xapi.urls")),
    path(settings.BACK_OFFICE_PATH.lstrip("/"), include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    *(media if settings.SERVE_MEDIA else []),
    *i18n_patterns(
        path("konto/", accounts.account, name="account"),
        path("", include("organisations.urls")),
        path("konto/", include("allauth.urls")),
        path("", include("reports.urls")),
        # The learner's own pages (`home` is /mit/), before Wagtail's tree.
        path("", include("content.urls")),
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
