"""The roster through the years: counts of any day, moves, the new school year, frozen days."""

from .counting import Place, places_on, pupils_at_schools, tally
from .places import KEEPERS, coming_year, first_day, schools, schools_kept_by

__all__ = [
    "KEEPERS",
    "Place",
    "coming_year",
    "first_day",
    "places_on",
    "pupils_at_schools",
    "schools",
    "schools_kept_by",
    "tally",
]
