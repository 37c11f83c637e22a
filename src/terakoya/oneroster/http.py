"""The addresses below /ims/oneroster/: the token, and the services."""

from . import token_http
from .gradebook import http as gradebook
from .resources import http as resources
from .rostering import http as rostering

services = (rostering, gradebook, resources)
routes = [
    *token_http.routes,
    *(service.SERVICE.discovered() for service in services),
    *(route for service in services for route in service.routes),
]
