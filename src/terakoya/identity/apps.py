from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "terakoya.identity"
    label = "identity"
