from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OneRosterConfig(AppConfig):
    name = "terakoya.oneroster"
    label = "oneroster"

    def ready(self) -> None:
        from . import readers, wording  # noqa: F401  (registers what systems are to people)
        from .pulling import duties  # noqa: F401  (registers the duty)

        wording.register()
        _register_place()


def _register_place() -> None:
    from terakoya.identity.api import is_administrator
    from terakoya.ui.api import NavItem, register_nav

    own = ("oneroster.origins", "oneroster.origin", "oneroster.origin_new")
    within = ("oneroster.system", "oneroster.system_new", *own)
    register_nav(NavItem("oneroster.systems", "link", _("Systems"), show=is_administrator, order=45, within=within))
