from django.apps import AppConfig


class CurriculumConfig(AppConfig):
    name = "terakoya.curriculum"
    label = "curriculum"

    def ready(self) -> None:
        from terakoya.standards.course_of_study import ITEMS, SUBJECTS
        from terakoya.ui.api import register_words

        register_words({named.reading for named in (*ITEMS.values(), *SUBJECTS.values())})
