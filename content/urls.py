from django.urls import path

from . import recordings, refreshers, views

urlpatterns = [
    path("mit/", views.home, name="home"),
    path("mit/genopfriskning/", refreshers.settings, name="refreshers"),
    path("mit/genopfriskning/<uuid:registration>/<int:number>/", refreshers.take, name="refresher"),
    path(
        "mit/genopfriskning/<uuid:registration>/<int:number>/svar/<str:item>/",
        refreshers.answer,
        name="refresher_answer",
    ),
    path(
        "mit/genopfriskning/<uuid:registration>/<int:number>/spring-over/",
        refreshers.skip,
        name="refresher_skip",
    ),
    path("mit/genopfriskning/<uuid:registration>/<int:number>/slut/", refreshers.end, name="refresher_end"),
    path("fil/<int:pk>/<str:name>", recordings.recording, name="recording"),
]
