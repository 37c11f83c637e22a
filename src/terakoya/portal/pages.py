"""Pages of the learning portal at the city."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.views.decorators.http import require_safe

from terakoya.kit.declaration import nothing


@require_safe
@nothing("says what this place is")
def home(request: HttpRequest) -> HttpResponse:
    """The first page of the city, by who is signed in."""
    return render(request, "portal/home.html")


routes: list[URLPattern] = []
