from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "terakoya.ui"
    label = "ui"
