from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "terakoya.records"
    label = "records"

    def ready(self) -> None:
        from terakoya.exchange.api import register_dataset

        from .handover import LearningRecords

        register_dataset(LearningRecords())
