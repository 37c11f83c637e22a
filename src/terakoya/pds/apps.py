from django.apps import AppConfig


class PdsConfig(AppConfig):
    name = "terakoya.pds"
    label = "pds"
