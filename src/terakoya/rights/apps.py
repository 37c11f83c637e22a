from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _


class RightsConfig(AppConfig):
    name = "terakoya.rights"
    label = "rights"

    def ready(self) -> None:
        from terakoya.access import api as access
        from terakoya.exchange import api as exchange

        from . import family, held, messages, policy, reminding  # noqa: F401  (importing the duties registers them)

        access.register_relations(policy.answers_request)
        exchange.register_receiver("question", messages.take_question)
        exchange.register_receiver("answer", messages.take_answer)
        family.register_families(family.RosterFamilies())
        held.register_own()
        # family
        access.register_what("disclosure", _("was given what is kept"))
        # family
        access.register_what("request", _("looked at a request of the family"))
        # family
        access.register_what("request_queue", _("looked at the list of requests"))
        # family
        access.register_what("question", _("answered a question of the family"))
        _register_places()


def _register_places() -> None:
    from terakoya.ui.api import NavItem, register_nav

    asked = ("rights.new", "rights.request", "rights.take_back", "rights.disclosed")
    own = (*asked, "rights.ask", "rights.question", "rights.holders")
    # family
    mine = _("My rights")
    register_nav(NavItem("rights.home", "shield", mine, show=_is_family, order=70, within=own))
    desk = ("rights.desk",)
    register_nav(NavItem("rights.desk", "mail", lazy(_requests_waiting, str)(), show=_is_clerk, order=20, within=desk))
    registers = ("rights.registers", "rights.files", "rights.entrustments", "rights.notices")
    # family
    shown = _("Registers")
    register_nav(NavItem("rights.registers", "list", shown, show=_is_clerk_or_nobody, order=92, within=registers))


def _requests_waiting() -> str:
    from .queries import waiting_count

    count = waiting_count()
    return f"{_('Requests')} ({count})" if count else str(_("Requests"))


def _is_family(request: HttpRequest) -> bool:
    from terakoya.access.api import actor_of

    return actor_of(request).stakeholder == "student"


def _is_clerk(request: HttpRequest) -> bool:
    from terakoya.identity.api import is_administrator

    return is_administrator(request)


def _is_clerk_or_nobody(request: HttpRequest) -> bool:
    return _is_clerk(request) or not request.user.is_authenticated
