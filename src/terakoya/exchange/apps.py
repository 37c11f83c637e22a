from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "terakoya.exchange"
    label = "exchange"

    def ready(self) -> None:
        from terakoya.access import api as access
        from terakoya.audit import api as audit

        from . import datasets, jobs, registry, withdrawals, witnessing  # noqa: F401  (importing the jobs registers them)

        datasets.register_receiver(registry.NEWS, registry.take_news)
        datasets.register_receiver(witnessing.TOPIC, witnessing.take_report)
        audit.register_witnesses(witnessing.witness_logs)
        access.on_event(withdrawals.consent_happened)
        access.register_what("copy_settled", _("noted that the agreement has ended"))  # family
