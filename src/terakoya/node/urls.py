"""The URL map of this node (see ``routes``)."""

from django.conf import settings

from .routes import ERROR_PAGES, url_map

handler400 = ERROR_PAGES["handler400"]
handler403 = ERROR_PAGES["handler403"]
handler404 = ERROR_PAGES["handler404"]
handler500 = ERROR_PAGES["handler500"]
urlpatterns = url_map(settings.KIND)
