"""Who is who, for life: duplicates and aliases, names, owners of fields, guardianship."""

from ..models import Proposal
from .aliases import aliases as all_aliases
from .aliases import also_known_as, by_identifier, kept_key, kept_keys, on_merge, on_unmerge
from .aliases import keys_of as all_keys_of
from .duplicates import Pair, duplicates, maybe_the_same, not_the_same
from .form_lists import ListUnreadable, read_lists
from .forms import Candidate, Needed, candidates, choose, needed, without_jis_name
from .guarding import RELATIONS, change_custody, protect
from .guarding import begin as begin_guardianship
from .guarding import correct as correct_guardianship
from .guarding import end as end_guardianship
from .histories import History, Touched, changes_about, changes_of, history_of, places_on
from .merging import merge, merges, unmerge
from .names import correct as correct_names
from .names import name_on, names_on, past_names_of, rename
from .owners import kind_of, owners
from .plans import Plan, choosable, plan
from .proposals import about as proposals_about
from .proposals import accept, decline, proposals, propose, write
from .seeking import known_as

__all__ = [
    "RELATIONS",
    "Candidate",
    "History",
    "ListUnreadable",
    "Needed",
    "Pair",
    "Plan",
    "Proposal",
    "Touched",
    "accept",
    "all_aliases",
    "all_keys_of",
    "also_known_as",
    "begin_guardianship",
    "by_identifier",
    "candidates",
    "change_custody",
    "changes_about",
    "changes_of",
    "choosable",
    "choose",
    "correct_guardianship",
    "correct_names",
    "decline",
    "duplicates",
    "end_guardianship",
    "history_of",
    "kept_key",
    "kept_keys",
    "kind_of",
    "known_as",
    "maybe_the_same",
    "merge",
    "merges",
    "name_on",
    "names_on",
    "needed",
    "not_the_same",
    "on_merge",
    "on_unmerge",
    "owners",
    "past_names_of",
    "places_on",
    "plan",
    "proposals",
    "proposals_about",
    "propose",
    "protect",
    "read_lists",
    "rename",
    "unmerge",
    "without_jis_name",
    "write",
]
