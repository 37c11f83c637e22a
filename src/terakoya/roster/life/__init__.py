"""The roster through the years: counts of any day, moves, the new school year, frozen days."""

from .counting import Place, places_on, pupils_at_schools, tally
from .lists import Line, class_list, classes_on, teachers_of
from .places import KEEPERS, coming_year, first_day, roles_at_schools_of, schools, schools_kept_by

__all__ = [
    "KEEPERS",
    "Line",
    "Place",
    "class_list",
    "classes_on",
    "coming_year",
    "first_day",
    "places_on",
    "pupils_at_schools",
    "roles_at_schools_of",
    "schools",
    "schools_kept_by",
    "tally",
    "teachers_of",
]
