from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "terakoya.audit"
    label = "audit"

    def ready(self) -> None:
        from . import jobs, witness_jobs  # noqa: F401  (importing the jobs registers them)
