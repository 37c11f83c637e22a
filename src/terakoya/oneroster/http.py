"""The addresses below /ims/oneroster/: the token, and the services."""

from . import token_http
from .rostering import http as rostering

routes = [*token_http.routes, *rostering.routes, rostering.SERVICE.elsewhere()]
