"""The addresses of people's own pages, leaders' pages and regions' pages."""

from django.urls import path

from .views import (
    assignments,
    certificates,
    confirm,
    coverage,
    coverage_download,
    deputy,
    framework,
    key_persons,
    my_data,
    profile,
    record,
    self_assessment,
    sharing,
    sign_off,
    support,
    team,
    team_person,
)

app_name = "reports"

urlpatterns = [
    path("mit/profil/", profile.profile, name="profile"),
    path("mit/profil/mails/", profile.choose_mails, name="choose_mails"),
    path("mit/profil/vurdering/<str:code>/", self_assessment.self_assessment, name="self_assessment"),
    path("mit/data/", record.my_record, name="my_record"),
    path("mit/beviser/", certificates.certificates, name="certificates"),
    path("mit/beviser/<uuid:public_id>/", certificates.certificate, name="certificate"),
    path("mit/data/download/", my_data.download, name="my_data_download"),
    path("mit/data/tekst/<uuid:text>/slet/", my_data.erase_text, name="erase_text"),
    path("mit/data/praksisopgave/<uuid:note>/slet/", my_data.erase_note, name="erase_note"),
    path("mit/data/fejl/<uuid:report>/slet/", my_data.erase_error_report, name="erase_error_report"),
    path(
        "mit/data/vurderinger/slet/",
        self_assessment.erase_self_assessments,
        name="erase_self_assessments",
    ),
    path("mit/data/tekst/<uuid:text>/del/", sharing.share_text, name="share_text"),
    path("mit/data/deling/<uuid:shared>/tilbage/", sharing.take_back, name="take_back"),
    path("mit/data/tekst/<uuid:text>/kollega/", support.ask_colleague, name="ask_colleague"),
    path("mit/data/kollega/<uuid:asked>/fortryd/", support.withdraw_asking, name="withdraw_asking"),
    path("mit/stoet/", support.support, name="support"),
    path("delt/", sharing.shared, name="shared"),
    path("delt/uden-navn/", sharing.shared_unnamed, name="shared_unnamed"),
    path("kompetenceramme/", framework.framework, name="framework"),
    path("team/", team.team, name="team"),
    path("team/<uuid:unit>/", team.team_unit, name="team_unit"),
    path("team/<uuid:unit>/noeglepersoner/", team.report_key_persons, name="report_key_persons"),
    path("team/<uuid:unit>/download/team.<str:kind>", team.team_download, name="team_download"),
    path(
        "team/<uuid:unit>/download/tildelte-moduler.<str:kind>",
        assignments.assigned_download,
        name="assigned_download",
    ),
    path(
        "team/<uuid:unit>/download/noeglepersoner.<str:kind>",
        team.team_key_persons_download,
        name="team_key_persons_download",
    ),
    path("team/<uuid:unit>/stedfortraeder/", deputy.deputies, name="deputies"),
    path("team/<uuid:unit>/tildel/", assignments.assign_module, name="assign_module"),
    path("team/<uuid:unit>/tildelt/", assignments.assigned_modules, name="assigned_modules"),
    path(
        "team/<uuid:unit>/tildelt/<uuid:assignment>/fortryd/",
        assignments.withdraw_assignment,
        name="withdraw_assignment",
    ),
    path("team/<uuid:unit>/<uuid:person>/", team_person.team_person, name="team_person"),
    path("team/<uuid:unit>/<uuid:person>/bekraeft/<str:code>/", sign_off.sign_off, name="sign_off"),
    path("bekraeft/", confirm.confirm, name="confirm"),
    path("bekraeft/<uuid:task>/mere/", confirm.ask_for_more, name="ask_for_more"),
    path("bekraeft/mere/<uuid:note>/tilbage/", confirm.take_note_back, name="take_note_back"),
    path("bekraeft/download/praksisopgaver.<str:kind>", confirm.waiting_download, name="waiting_download"),
    path("noeglepersoner/", key_persons.key_persons, name="key_persons"),
    path("daekning/", coverage.coverage_index, name="coverage"),
    path("daekning/<slug:code>/", coverage.coverage_area, name="coverage_area"),
    path(
        "daekning/download/kommuner.<str:kind>", coverage_download.country_download, name="coverage_download"
    ),
    path(
        "daekning/<slug:code>/download/daekning.<str:kind>",
        coverage_download.area_download,
        name="coverage_area_download",
    ),
    path(
        "daekning/<slug:code>/download/noeglepersoner.<str:kind>",
        coverage_download.key_persons_download,
        name="coverage_key_persons_download",
    ),
]
