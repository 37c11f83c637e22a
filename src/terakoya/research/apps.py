from django.apps import AppConfig


class ResearchConfig(AppConfig):
    name = "terakoya.research"
    label = "research"
