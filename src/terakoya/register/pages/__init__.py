"""The pages of the desk. Each part brings its own routes."""

from django.urls import URLPattern

from . import classes, start

routes: list[URLPattern] = [*start.routes, *classes.routes]
