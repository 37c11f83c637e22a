from django.apps import AppConfig


class ResearchConfig(AppConfig):
    name = "terakoya.research"
    label = "research"

    def ready(self) -> None:
        from terakoya.catalog import api as catalog
        from terakoya.exchange import api as exchange

        from . import jobs  # noqa: F401  (registers duty and handler)
        from .actions import receive_release
        from .messages import TOPIC
        from .pages import catalog_entries, home_part

        exchange.register_receiver(TOPIC, receive_release)
        catalog.register_entries(catalog_entries)
        catalog.register_home_part("research/statistic.html", home_part)
