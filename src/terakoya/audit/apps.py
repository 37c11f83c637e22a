from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "terakoya.audit"
    label = "audit"
