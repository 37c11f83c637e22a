from django.apps import AppConfig


class CurriculumConfig(AppConfig):
    name = "terakoya.curriculum"
    label = "curriculum"
