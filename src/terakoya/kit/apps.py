from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "terakoya.kit"
    label = "kit"
