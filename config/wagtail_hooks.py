"""What holds for the whole back office, whichever room a page of it belongs to."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks


@hooks.register("insert_global_admin_js")
def days_stay_as_typed() -> SafeString:
    return format_html('<script src="{}"></script>', static("lindra/days_as_typed.js"))
