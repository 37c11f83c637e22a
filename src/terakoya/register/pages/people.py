"""The routes of the pages about people."""

from django.urls import URLPattern

from . import (
    people_duplicates,
    people_family,
    people_names,
    people_periods,
    people_person,
    people_proposals,
    people_search,
    people_serving,
    people_undoing,
)

routes: list[URLPattern] = [
    *people_search.routes,
    *people_person.routes,
    *people_duplicates.routes,
    *people_proposals.routes,
    *people_names.routes,
    *people_family.routes,
    *people_periods.routes,
    *people_serving.routes,
    *people_undoing.routes,
]
