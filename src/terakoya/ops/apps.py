from django.apps import AppConfig


class OpsConfig(AppConfig):
    name = "terakoya.ops"
    label = "ops"
