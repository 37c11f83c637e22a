from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

FROM_HOME = ("portal.school_class", "portal.class_", "portal.pupil", "portal.child")


class PortalConfig(AppConfig):
    name = "terakoya.portal"
    label = "portal"

    def ready(self) -> None:
        from terakoya.access.api import register_what
        from terakoya.ui.api import NavItem, register_nav

        from .people import is_staff

        # family
        register_what("class_cards", _("looked at the sign-in cards of the class"))
        # family
        register_what("people_found", _("found the name in a search"))

        # the pages of classes, pupils and children are reached from the first page, and light its place
        register_nav(NavItem("home", "home", _("Home"), order=0, within=FROM_HOME))
        register_nav(NavItem("portal.people", "search", _("Find people"), show=is_staff, order=10))
