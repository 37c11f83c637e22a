"""The door of research: a city's anonymised releases, and the statistic made of them."""

from .actions import make_release
from .models import Release
from .queries import Statistic, releases, statistic

__all__ = ["Release", "Statistic", "make_release", "releases", "statistic"]
