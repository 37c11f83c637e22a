from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GradebookConfig(AppConfig):
    name = "terakoya.gradebook"
    label = "gradebook"

    def ready(self) -> None:
        from terakoya.access import api as access
        from terakoya.roster import api as roster

        from . import jobs  # noqa: F401  (registers its duty)
        from .actions import undo
        from .adapters.oneroster import words
        from .adapters.oneroster.columns import FILES
        from .adapters.oneroster.giving import give
        from .adapters.oneroster.taking import take

        # family
        access.register_what("marks_written", _("a program wrote marks"))
        # family
        access.register_what("marks_deleted", _("a program took marks away"))
        roster.register_words(words.WORDS, words.KINDS)
        roster.beside.register_keeper(roster.beside.Keeper(FILES, take, give, lambda change, by: undo(change, by=by)))
