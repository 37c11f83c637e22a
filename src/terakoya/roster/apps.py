from django.apps import AppConfig


class RosterConfig(AppConfig):
    name = "terakoya.roster"
    label = "roster"
