"""The roster through the years: counts of any day, moves, the new school year, frozen days."""

from . import following  # noqa: F401  (listens to merges)
from .beginning import begin
from .counting import Place, places_on, pupils_at_schools, tally
from .drafting import Drift, draft, drift, follow, shape_of
from .grades import ORDER as GRADES
from .grades import next_grade
from .history import Touched, change_of, changes, touched
from .lists import Line, class_list, classes_on, teachers_of, teaching_staff, titles_of
from .looking import Overview, not_placed, overview, placements_of, planned_classes
from .moves import come_back, correct_period, leave, move, serve, serve_no_longer
from .places import KEEPERS, coming_year, first_day, schools, schools_kept_by
from .placing import OUTCOMES, Outcome, add_class, change_class, drop_class, place, renumber
from .proposing import Wishes
from .recutting import Fault, recut
from .recutting import Line as PlacementLine
from .snapshots import Difference, Frozen, difference, freeze, snapshot_of, snapshots, thawed
from .standing import Standing, homerooms_for, lessons_of, standing_of
from .turning import take_back, take_back_year, turn_years
from .years import is_open, put_away, rollover_of, rollovers, state_of_year

__all__ = [
    "GRADES",
    "KEEPERS",
    "OUTCOMES",
    "Difference",
    "Drift",
    "Fault",
    "Frozen",
    "Line",
    "Outcome",
    "Overview",
    "Place",
    "PlacementLine",
    "Standing",
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
    "homerooms_for",
    "is_open",
    "leave",
    "lessons_of",
    "move",
    "next_grade",
    "not_placed",
    "overview",
    "place",
    "placements_of",
    "places_on",
    "planned_classes",
    "pupils_at_schools",
    "put_away",
    "recut",
    "renumber",
    "rollover_of",
    "rollovers",
    "schools",
    "schools_kept_by",
    "serve",
    "serve_no_longer",
    "shape_of",
    "snapshot_of",
    "snapshots",
    "standing_of",
    "state_of_year",
    "take_back",
    "take_back_year",
    "tally",
    "teachers_of",
    "teaching_staff",
    "thawed",
    "titles_of",
    "touched",
    "turn_years",
]
