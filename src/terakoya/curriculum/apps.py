from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class CurriculumConfig(AppConfig):
    name = "terakoya.curriculum"
    label = "curriculum"

    def ready(self) -> None:
        from terakoya.standards.course_of_study import ITEMS, SUBJECTS
        from terakoya.ui.api import register_words

        register_words({named.reading for named in (*ITEMS.values(), *SUBJECTS.values())})
        if apps.is_installed("terakoya.roster"):
            _keep_files()


def _keep_files() -> None:
    """Materials come and go with packages where there is a roster."""
    from terakoya.access import api as access
    from terakoya.roster import api as roster

    from .adapters.oneroster import words
    from .adapters.oneroster.files import FILES, give, take

    # family
    access.register_what("one_materials", _("a program read which materials somebody uses"))
    roster.register_words(words.WORDS, words.KINDS)
    roster.beside.register_keeper(roster.beside.Keeper(tuple(FILES), take, give, lambda change, by: None))
