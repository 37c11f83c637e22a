from django.apps import AppConfig


class OneRosterConfig(AppConfig):
    name = "terakoya.oneroster"
    label = "oneroster"
