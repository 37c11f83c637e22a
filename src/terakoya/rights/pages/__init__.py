"""The pages of rights: for families, for the desk that answers, and the public registers."""

from django.urls import path

from . import asking, desk, disclosed, holders, keeping, mine, questions, registers

routes = [
    path("rights/", mine.home, name="rights.home"),
    path("rights/who-holds/<uuid:person>/", holders.page, name="rights.holders"),
    path("rights/new/<str:kind>/", asking.begin, name="rights.new"),
    path("rights/new/<str:kind>/<str:step>/", asking.step, name="rights.new_step"),
    path("rights/requests/<uuid:number>/", mine.request_page, name="rights.request"),
    path("rights/requests/<uuid:number>/take-back/", mine.take_back, name="rights.take_back"),
    path("rights/requests/<uuid:number>/disclosed/", disclosed.page, name="rights.disclosed"),
    path("rights/requests/<uuid:number>/disclosed.zip", disclosed.file, name="rights.disclosed_file"),
    path("rights/questions/about/<uuid:person>/<int:line>/", questions.ask, name="rights.ask"),
    path("rights/questions/<uuid:number>/", questions.question, name="rights.question"),
    path("rights/desk/", desk.desk, name="rights.desk"),
    path("rights/desk/requests/<uuid:number>/", desk.request_page, name="rights.desk_request"),
    path("rights/desk/questions/<uuid:number>/", desk.question_page, name="rights.desk_question"),
    path("registers/", registers.index, name="rights.registers"),
    path("registers/files/", registers.files, name="rights.files"),
    path("registers/files.csv", registers.files_csv, name="rights.files_csv"),
    path("registers/entrustments/", registers.entrustments, name="rights.entrustments"),
    path("registers/entrustments.csv", registers.entrustments_csv, name="rights.entrustments_csv"),
    path("registers/entrustments/new/", keeping.enter, name="rights.entrustments_new"),
    path("registers/entrustments/<uuid:number>/", keeping.entrustment, name="rights.entrustments_one"),
    path("registers/notices/", registers.notices, name="rights.notices"),
]
