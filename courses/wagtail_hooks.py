"""What this room adds to the back office."""

from wagtail import hooks

from .viewsets import ErrorReportViewSet, LocalGuideViewSet, ModuleVersionViewSet, ModuleViewSet, PathViewSet


@hooks.register("register_admin_viewset")
def module_versions() -> ModuleVersionViewSet:
    return ModuleVersionViewSet()


@hooks.register("register_admin_viewset")
def error_reports() -> ErrorReportViewSet:
    return ErrorReportViewSet()


@hooks.register("register_admin_viewset")
def local_guides() -> LocalGuideViewSet:
    return LocalGuideViewSet()


@hooks.register("register_admin_viewset")
def modules() -> ModuleViewSet:
    return ModuleViewSet()


@hooks.register("register_admin_viewset")
def paths() -> PathViewSet:
    return PathViewSet()
