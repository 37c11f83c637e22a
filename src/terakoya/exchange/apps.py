from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "terakoya.exchange"
    label = "exchange"
