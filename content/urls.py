from django.urls import path

from . import recordings, views

urlpatterns = [
    path("mit/", views.home, name="home"),
    path("soeg/", views.search, name="search"),
    path("vejledninger/<str:topic>/", views.guide, name="guide"),
    path("ordbog/", views.glossary, name="glossary"),
    path("fil/<int:pk>/<str:name>", recordings.recording, name="recording"),
]
