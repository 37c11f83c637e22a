from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MaterialsConfig(AppConfig):
    name = "terakoya.materials"
    label = "materials"

    def ready(self) -> None:
        """Materials come and go with packages of the roster."""
        from terakoya.access import api as access
        from terakoya.roster import api as roster

        from . import jobs  # noqa: F401  (registers its duty)
        from .adapters.oneroster import words
        from .adapters.oneroster.files import FILES, give, take
        from .resources import undo

        # family
        access.register_what("one_materials", _("a program read which materials somebody uses"))
        roster.register_words(words.WORDS, words.KINDS)
        roster.beside.register_keeper(roster.beside.Keeper(tuple(FILES), take, give, lambda change, by: undo(change)))
