"""The door of the roster: packages are taken over through it, and it answers who is who, and since when."""

from . import beside, life, tombstones
from . import people as who
from .actions import on_import
from .adapters.oneroster.exporting.package import Export, export_package, on_export
from .adapters.oneroster.importing import import_package
from .changing import latest as latest_change
from .code_lists import NoOfficialList, load_codes
from .exports import export_losses, package_name
from .findings import Finding, ImportReport
from .loading.progress import told_to
from .models import Change, Organisation, Person, RosterImport, SchoolClass
from .movers import Mover, Named, exposed_by_a_guardian, mover_of
from .people.aliases import also_known_as, on_merge, on_unmerge
from .people.proposals import write
from .queries import (
    Pupil,
    address_hidden_from,
    children_of,
    classes_of_teacher,
    guardians_of,
    homeroom_of,
    imports,
    is_guardian,
    organisations,
    people,
    person,
    pupils_in,
    roles_of,
    school_class,
    school_of,
    teaching_relation,
)
from .references import classes_of_schools, ever_pupils_of, keys_of, schools_of_classes, sourced_ids_of
from .rows import first_change_from, known_since, moments_of, newest_of, rows_of
from .seeking import pupils_called, staff_called
from .tables.lists import on_list
from .taking_in import resembling, take_in
from .ties import (
    addresses_hidden_from,
    everybody,
    guarded_by,
    guardians_and_children,
    people_of_schools_of,
    pupils_of_schools_of,
    taught_by,
)
from .undoing import state, undo
from .uploads import work as work_on_package
from .words import Words as FindingWords
from .words import register as register_words

__all__ = [
    "Change",
    "Export",
    "Finding",
    "FindingWords",
    "ImportReport",
    "Mover",
    "Named",
    "NoOfficialList",
    "Organisation",
    "Person",
    "Pupil",
    "RosterImport",
    "SchoolClass",
    "address_hidden_from",
    "addresses_hidden_from",
    "also_known_as",
    "beside",
    "children_of",
    "classes_of_schools",
    "classes_of_teacher",
    "ever_pupils_of",
    "everybody",
    "export_losses",
    "export_package",
    "exposed_by_a_guardian",
    "first_change_from",
    "guarded_by",
    "guardians_and_children",
    "guardians_of",
    "homeroom_of",
    "import_package",
    "imports",
    "is_guardian",
    "keys_of",
    "known_since",
    "latest_change",
    "life",
    "load_codes",
    "moments_of",
    "mover_of",
    "newest_of",
    "on_export",
    "on_import",
    "on_list",
    "on_merge",
    "on_unmerge",
    "organisations",
    "package_name",
    "people",
    "people_of_schools_of",
    "person",
    "pupils_called",
    "pupils_in",
    "pupils_of_schools_of",
    "register_words",
    "resembling",
    "roles_of",
    "rows_of",
    "school_class",
    "school_of",
    "schools_of_classes",
    "sourced_ids_of",
    "staff_called",
    "state",
    "take_in",
    "taught_by",
    "teaching_relation",
    "told_to",
    "tombstones",
    "undo",
    "who",
    "work_on_package",
    "write",
]
