from django.urls import path

from . import recordings, views

urlpatterns = [
    path("mit/", views.home, name="home"),
    path("fil/<int:pk>/<str:name>", recordings.recording, name="recording"),
]
