from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "terakoya.register"
    label = "register"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from terakoya.access.api import register_what
        from terakoya.ui.api import NavItem, register_nav

        from . import people_start
        from .desk import has_desk
        from .relocation import connecting
        from .waiting import register_waiting
        from .years_waiting import plans_waiting

        register_waiting(plans_waiting)
        people_start.register()
        connecting.connect()

        # family
        register_what("class_list", _("looked at the list of the class"))
        # family
        register_what("class_file", _("took the list of the class along as a file"))
        # family
        register_what("year_plan", _("worked at the classes of the coming school year"))
        # family
        register_what("pupil_move", _("worked at a move to another class or school"))
        # family
        register_what("frozen_day", _("looked at what was written down of a day"))

        desk = (
            "register.start",
            "register.people",
            "register.person",
            "register.duplicates",
            "register.pair",
            "register.proposal",
            "register.names",
            "register.class",
            "register.year",
            "register.move",
            "register.days",
            "register.change",
            "register.relocations",
            "register.relocation",
            "register.relocation_choose",
            "register.relocation_leave",
            "register.relocation_code",
        )
        register_nav(NavItem("register.start", "school", _("Register"), show=has_desk, order=30, within=desk))
