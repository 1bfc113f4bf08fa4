"""The addresses at which a person who was invited makes her log-in."""

from django.urls import path

from .views import invitations

app_name = "organisations"

urlpatterns = [
    path("konto/invitation/<str:token>/", invitations.by_mail, name="invitation"),
    path("konto/kode/", invitations.by_code, name="code"),
    path("konto/kode/adgang/", invitations.after_code, name="after_code"),
]
