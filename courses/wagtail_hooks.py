"""What this room adds to the back office."""

from wagtail import hooks

from .viewsets import ErrorReportViewSet, LocalGuideViewSet, ModuleVersionViewSet


@hooks.register("register_admin_viewset")
def module_versions() -> ModuleVersionViewSet:
    return ModuleVersionViewSet()


@hooks.register("register_admin_viewset")
def error_reports() -> ErrorReportViewSet:
    return ErrorReportViewSet()


@hooks.register("register_admin_viewset")
def local_guides() -> LocalGuideViewSet:
    return LocalGuideViewSet()
