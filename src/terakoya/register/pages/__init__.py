"""The pages of the desk. Each part brings its own routes."""

from django.urls import URLPattern

from . import changes, classes, days, moves, people, placing, relocating, relocations, start, years

routes: list[URLPattern] = [
    *start.routes,
    *people.routes,
    *classes.routes,
    *years.routes,
    *placing.routes,
    *moves.routes,
    *relocating.routes,
    *relocations.routes,
    *days.routes,
    *changes.routes,
]
