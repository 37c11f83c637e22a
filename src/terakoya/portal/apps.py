from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "terakoya.portal"
    label = "portal"

    def ready(self) -> None:
        from terakoya.access.api import register_what
        from terakoya.ui.api import NavItem, register_nav

        # family
        register_what("class_cards", _("looked at the sign-in cards of the class"))

        # the pages of classes, pupils and children are reached from the first page, and light its place
        register_nav(NavItem("home", "home", _("Home"), order=0, within=("portal.",)))
