from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "terakoya.identity"
    label = "identity"

    def ready(self) -> None:
        from . import jobs, sessions  # noqa: F401  (a duty, and what begins with a sign-in)
