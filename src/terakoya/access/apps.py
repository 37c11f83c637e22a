from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "terakoya.access"
    label = "access"

    def ready(self) -> None:
        from . import relations

        for find in (
            relations.themselves,
            relations.children,
            relations.pupils,
            relations.own_people,
            relations.own_node,
            relations.keeps_for_the_person,
        ):
            relations.register_relations(find)
