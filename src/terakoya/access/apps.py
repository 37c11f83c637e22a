from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "terakoya.access"
    label = "access"
