from django.urls import include, path

from . import recordings, refreshers, views

refresher_urls = [
    path("", refreshers.settings, name="refreshers"),
    path("<uuid:registration>/<int:number>/", refreshers.take, name="refresher"),
    path("<uuid:registration>/<int:number>/svar/<str:item>/", refreshers.answer, name="refresher_answer"),
    path("<uuid:registration>/<int:number>/spring-over/", refreshers.skip, name="refresher_skip"),
    path("<uuid:registration>/<int:number>/slut/", refreshers.end, name="refresher_end"),
]

urlpatterns = [
    path("mit/", views.home, name="home"),
    path("soeg/", views.search, name="search"),
    path("vejledninger/<str:topic>/", views.guide, name="guide"),
    path("ordbog/", views.glossary, name="glossary"),
    path("mit/genopfriskning/", include((refresher_urls, "content"))),
    path("fil/<int:pk>/<str:name>", recordings.recording, name="recording"),
]
