from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "terakoya.catalog"
    label = "catalog"
