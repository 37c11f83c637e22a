from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest


class OpsConfig(AppConfig):
    name = "terakoya.ops"
    label = "ops"

    def ready(self) -> None:
        from terakoya.catalog import api as catalog

        from . import checks

        def faults(request: HttpRequest) -> dict[str, Any]:
            return {"faults": checks.log_faults()}

        catalog.register_home_part("ops/log_faults.html", faults)
