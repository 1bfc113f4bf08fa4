"""Which pages a user may edit: what Wagtail's groups allow, for the rooms below (`MODULES_EDITED_BY`)."""

import uuid
from typing import Any

from wagtail.permission_policies.pages import PagePermissionPolicy

from .models import ModulePage


def keys_of_editable_modules(user: Any) -> list[uuid.UUID]:
    """The keys of the modules that have a page, in some language, which the user may edit."""
    pages = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
    rows = ModulePage.objects.filter(pk__in=pages.values("pk"))
    return list(rows.values_list("translation_key", flat=True).distinct())
