from django.urls import path

from . import document_views, lookup_views, views

app_name = "xapi"
urlpatterns = [
    path("about", views.about, name="about"),
    path("statements", views.statements, name="statements"),
    path("activities/state", document_views.state, name="state"),
    path("agents/profile", document_views.agent_profile, name="agent-profile"),
    path("activities/profile", document_views.activity_profile, name="activity-profile"),
    path("agents", lookup_views.agents, name="agents"),
    path("activities", lookup_views.activities, name="activities"),
]
