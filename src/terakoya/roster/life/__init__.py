"""The roster through the years: counts of any day, moves, the new school year, frozen days."""

from .beginning import begin
from .counting import Place, places_on, pupils_at_schools, tally
from .drafting import Drift, draft, drift, follow
from .history import Touched, change_of, changes, touched
from .lists import Line, class_list, classes_on, teachers_of
from .looking import Overview, not_placed, overview, placements_of, planned_classes
from .moves import come_back, correct_period, leave, move, serve, serve_no_longer
from .places import KEEPERS, coming_year, first_day, roles_at_schools_of, schools, schools_kept_by
from .placing import add_class, change_class, drop_class, place, renumber
from .proposing import Wishes
from .snapshots import Difference, Frozen, difference, freeze, snapshot_of, snapshots, thawed
from .turning import take_back, take_back_year, turn_years
from .years import is_open, put_away, rollover_of, rollovers, state_of_year

__all__ = [
    "KEEPERS",
    "Difference",
    "Drift",
    "Frozen",
    "Line",
    "Overview",
    "Place",
    "Touched",
    "Wishes",
    "add_class",
    "begin",
    "change_class",
    "change_of",
    "changes",
    "class_list",
    "classes_on",
    "come_back",
    "coming_year",
    "correct_period",
    "difference",
    "draft",
    "drift",
    "drop_class",
    "first_day",
    "follow",
    "freeze",
    "is_open",
    "leave",
    "move",
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
    "serve",
    "serve_no_longer",
    "snapshot_of",
    "snapshots",
    "state_of_year",
    "take_back",
    "take_back_year",
    "tally",
    "teachers_of",
    "thawed",
    "touched",
    "turn_years",
]
