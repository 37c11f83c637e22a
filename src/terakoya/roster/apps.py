from django.apps import AppConfig
from django.http import HttpRequest


class RosterConfig(AppConfig):
    name = "terakoya.roster"
    label = "roster"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from terakoya.ui.api import NavItem, register_affiliation, register_kana, register_nav

        from . import jobs  # noqa: F401  (registers its duty)

        within = ("roster.import", "roster.table", "roster.export")
        register_nav(NavItem("roster.imports", "upload", _("Roster"), _is_administrator, order=40, within=within))
        register_affiliation(_school)
        register_kana(_kana)


FAMILY = {"guardian", "parent", "relative"}


def _is_administrator(request: HttpRequest) -> bool:
    from terakoya.identity.api import is_administrator

    return is_administrator(request)


def _school(request: HttpRequest) -> str:
    """The school at which the signed-in person works or learns; a guardian has the child's, which may be hidden."""
    from . import api

    person = getattr(request.user, "person", None)
    school = api.school_of(person) if person and api.roles_of(person) - FAMILY else None
    return school.name if school else ""


def _kana(request: HttpRequest) -> str:
    """The reading of the name of whoever is signed in, when the name is shown as the roster has it."""
    from . import api

    key = getattr(request.user, "person", None)
    known = api.person(key) if key else None
    return known.kana if known and known.name == getattr(request.user, "display_name", "") else ""
