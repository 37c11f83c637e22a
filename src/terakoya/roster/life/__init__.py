"""The roster through the years: counts of any day, moves, the new school year, frozen days."""

from .beginning import begin
from .counting import Place, places_on, pupils_at_schools, tally
from .drafting import Drift, draft, drift, follow
from .lists import Line, class_list, classes_on, teachers_of
from .looking import Overview, not_placed, overview, placements_of, planned_classes
from .places import KEEPERS, coming_year, first_day, roles_at_schools_of, schools, schools_kept_by
from .placing import add_class, change_class, drop_class, place, renumber
from .proposing import Wishes
from .turning import take_back, take_back_year, turn_years
from .years import is_open, put_away, rollover_of, rollovers, state_of_year

__all__ = [
    "KEEPERS",
    "Drift",
    "Line",
    "Overview",
    "Place",
    "Wishes",
    "add_class",
    "begin",
    "change_class",
    "class_list",
    "classes_on",
    "coming_year",
    "draft",
    "drift",
    "drop_class",
    "first_day",
    "follow",
    "is_open",
    "not_placed",
    "overview",
    "place",
    "placements_of",
    "places_on",
    "planned_classes",
    "pupils_at_schools",
    "put_away",
    "renumber",
    "roles_at_schools_of",
    "rollover_of",
    "rollovers",
    "schools",
    "schools_kept_by",
    "state_of_year",
    "take_back",
    "take_back_year",
    "tally",
    "teachers_of",
    "turn_years",
]
