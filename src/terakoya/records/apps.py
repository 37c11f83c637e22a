from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "terakoya.records"
    label = "records"
