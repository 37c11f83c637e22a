from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "terakoya.exchange"
    label = "exchange"

    def ready(self) -> None:
        from terakoya.access import api as access

        from . import datasets, jobs, registry, withdrawals  # noqa: F401  (importing the jobs registers them)

        datasets.register_receiver(registry.NEWS, registry.take_news)
        access.on_event(withdrawals.consent_happened)
        access.register_what("copy_settled", _("noted that the agreement has ended"))  # family
