from django.apps import AppConfig


class OneRosterConfig(AppConfig):
    name = "terakoya.oneroster"
    label = "oneroster"

    def ready(self) -> None:
        from . import readers, wording  # noqa: F401  (registers what systems are to people)
        from .pulling import duties  # noqa: F401  (registers the duty)

        wording.register()
