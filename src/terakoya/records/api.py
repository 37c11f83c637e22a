"""The door of the learning records."""

from .credentials import issue_credential, revoke_credential
from .queries import (
    Figure,
    PseudonymousRow,
    RecordLine,
    SubjectSummary,
    Summary,
    count_about,
    pseudonymous_rows,
    statements_about,
    subjects_of,
    summary_of,
    unit_figures,
)
from .terms import Term, terms

__all__ = [
    "Figure",
    "PseudonymousRow",
    "RecordLine",
    "SubjectSummary",
    "Summary",
    "Term",
    "count_about",
    "issue_credential",
    "pseudonymous_rows",
    "revoke_credential",
    "statements_about",
    "subjects_of",
    "summary_of",
    "terms",
    "unit_figures",
]
