from django.apps import AppConfig


class JukuConfig(AppConfig):
    name = "terakoya.juku"
    label = "juku"
