from django.apps import AppConfig


class JukuConfig(AppConfig):
    name = "terakoya.juku"
    label = "juku"

    def ready(self) -> None:
        from terakoya.exchange import api as exchange
        from terakoya.ui import api as ui

        from . import held
        from .actions import Invitations
        from .queries import school_name

        held.register()
        exchange.register_invitations(Invitations())
        ui.register_affiliation(school_name)
