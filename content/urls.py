from django.urls import path

from . import views

urlpatterns = [
    path("mit/", views.home, name="home"),
]
