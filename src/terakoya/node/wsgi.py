"""The WSGI application of a node, and the thread that does its jobs."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "terakoya.node.settings")
application = get_wsgi_application()

if os.environ.get("TERAKOYA_WORKER", "thread") == "thread":
    from terakoya.kit import jobs

    jobs.start_thread()
