from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "terakoya.catalog"
    label = "catalog"

    def ready(self) -> None:
        from terakoya.exchange import api as exchange
        from terakoya.ui import api as ui

        from . import api, jobs  # noqa: F401  (registers the harvest)

        exchange.register_catalog(api.own_catalog)
        # family
        ui.register_nav(ui.NavItem("catalog.own", "table", _("What is held"), order=80))
