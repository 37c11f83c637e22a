from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "terakoya.audit"
    label = "audit"

    def ready(self) -> None:
        from terakoya.ui import api as ui

        from . import jobs, telling, witness_jobs  # noqa: F401  (importing the jobs registers them)

        ui.register_staff_notice(telling.staff_notice)
