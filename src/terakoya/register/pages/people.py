"""The routes of the pages about people."""

from django.urls import URLPattern

from . import people_duplicates, people_names, people_person, people_proposals, people_search

routes: list[URLPattern] = [
    *people_search.routes,
    *people_person.routes,
    *people_duplicates.routes,
    *people_proposals.routes,
    *people_names.routes,
]
