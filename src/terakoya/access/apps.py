from django.apps import AppConfig
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "terakoya.access"
    label = "access"

    def ready(self) -> None:
        from terakoya.identity.api import on_event, register_part
        from terakoya.ui.api import NavItem, register_nav

        from . import ages, jobs, relations, sign_ins, ties
        from .words import register_what

        ages.bands()  # a file that the law does not allow stops the node here
        for find in ties.FINDERS:
            relations.register_relations(find)
        register_part(sign_ins.part_of)
        on_event(sign_ins.note)
        for what, words in sign_ins.SENTENCES.items():
            register_what(what, words)
        if "roster" in settings.KIND.rooms:
            from terakoya.roster.api import on_export, on_import, on_list

            from .imports import note_export, note_import, note_list

            on_import(note_import)
            on_export(note_export)
            on_list(note_list)
            on_import(jobs.births_may_have_changed)
        # family
        agreed = _("Agreements")
        register_nav(
            NavItem(
                "access.consents",
                "share",
                agreed,
                show=_speaks_for_a_child,
                order=60,
                within=("access.consent", "access.withdraw", "access.answer", "access.go_on"),
            )
        )
        cases = _("Disagreements")
        seen = ("access.disagreement",)
        register_nav(NavItem("access.disagreements", "people", cases, show=_is_clerk_with_cases, order=22, within=seen))
        # family
        register_what("disagreements", _("looked at a disagreement about an agreement"))
        # family
        rules = _("Rules")
        register_nav(NavItem("access.matrix", "shield", rules, show=_is_staff_or_nobody, order=90))


def _speaks_for_a_child(request: HttpRequest) -> bool:
    """Families at a node with a roster; the store for learners has pages of its own for what is shared."""
    from .actors import actor_of, has_roster

    return has_roster() and actor_of(request).stakeholder == "student"


def _is_clerk_with_cases(request: HttpRequest) -> bool:
    """Clerks, as long as there is somebody to talk to."""
    from terakoya.identity.api import is_administrator

    from .disagreements import open_disagreements

    return is_administrator(request) and bool(open_disagreements())


def _is_staff_or_nobody(request: HttpRequest) -> bool:
    from .actors import actor_of

    return actor_of(request).stakeholder != "student"
