from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class PdsConfig(AppConfig):
    name = "terakoya.pds"
    label = "pds"

    def ready(self) -> None:
        from terakoya.access import api as access
        from terakoya.ui.api import NavItem, register_kana, register_nav

        from . import held
        from .policy import births, family_ties

        held.register()
        access.register_relations(family_ties)
        access.register_births(births)
        register_kana(_kana)
        # family
        register_nav(NavItem("pds.all_sharing", "share", _("Sharing"), show=_signed_in, order=30, within=SHARING))
        register_nav(
            NavItem("pds.all_accesses", "eye", _("Who looked"), show=_signed_in, order=40, within=("pds.accesses",))
        )


SHARING = ("pds.sharing", "pds.share", "pds.review", "pds.receipt", "pds.stop", "pds.deletion")


def _signed_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated


def _kana(request: HttpRequest) -> str:
    """The reading of a child's name; of a grown-up's the store knows none."""
    from .models import Child

    person = getattr(request.user, "person", None)
    child = Child.objects.filter(person=person).first() if person else None
    return child.kana if child else ""
