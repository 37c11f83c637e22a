from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "terakoya.ui"
    label = "ui"

    def ready(self) -> None:
        from .languages import let_english_stand
        from .navigation import NavItem, register_nav

        let_english_stand()

        # family
        register_nav(NavItem("home", "home", _("Home"), order=0))
