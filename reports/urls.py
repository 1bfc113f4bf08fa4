"""The addresses of people's own pages, leaders' pages and regions' pages."""

from django.urls import path

from .views import confirm, coverage, deputy, framework, key_persons, profile, record, team, team_person

app_name = "reports"

urlpatterns = [
    path("mit/profil/", profile.profile, name="profile"),
    path("mit/data/", record.my_record, name="my_record"),
    path("kompetenceramme/", framework.framework, name="framework"),
    path("team/", team.team, name="team"),
    path("team/<uuid:unit>/", team.team_unit, name="team_unit"),
    path("team/<uuid:unit>/noeglepersoner/", team.report_key_persons, name="report_key_persons"),
    path("team/<uuid:unit>/stedfortraeder/", deputy.deputies, name="deputies"),
    path("team/<uuid:unit>/<uuid:person>/", team_person.team_person, name="team_person"),
    path("bekraeft/", confirm.confirm, name="confirm"),
    path("noeglepersoner/", key_persons.key_persons, name="key_persons"),
    path("daekning/", coverage.coverage_index, name="coverage"),
    path("daekning/<slug:code>/", coverage.coverage_area, name="coverage_area"),
]
