from django.apps import AppConfig


class GradebookConfig(AppConfig):
    name = "terakoya.gradebook"
    label = "gradebook"
