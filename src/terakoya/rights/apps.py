from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "terakoya.rights"
    label = "rights"
