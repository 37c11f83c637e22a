from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "terakoya.register"
    label = "register"
