"""Words of the register in the reader's language: grades and sex."""

from django.utils.translation import gettext as _

STAGES = {"E": 0, "P": 1, "J": 2, "H": 3}


def grade_name(code: str) -> str:
    """A grade code of the Japan profiles in words ("P5": year 5 of elementary school); another text as it is."""
    stage, year = code[:1], code[1:]
    if stage not in STAGES or not year.isdigit():
        return code
    forms = (
        _("kindergarten, year %(year)s"),
        _("elementary, year %(year)s"),
        _("junior high, year %(year)s"),
        _("high school, year %(year)s"),
    )
    return forms[STAGES[stage]] % {"year": year}


def grades_name(codes: str) -> str:
    """Several grade codes in words."""
    return _(", ").join(grade_name(code) for code in codes.split(",") if code)


def sex_name(code: str) -> str:
    """How somebody's sex is written in the register; nothing where nobody told it."""
    names = {"female": _("female"), "male": _("male"), "other": _("other"), "unspecified": _("not stated")}
    return names.get(code, "")


def table_name(table: str) -> str:
    """A table of the roster, by the name of its model, in words; another name as it is."""
    names = {
        "Organisation": _("schools and boards"),
        "AcademicSession": _("school years"),
        "Course": _("courses"),
        "SchoolClass": _("classes"),
        "ClassTerm": _("terms of classes"),
        "Person": _("people"),
        "UserProfile": _("accounts in applications"),
        "Role": _("roles at schools"),
        "Enrolment": _("places in classes"),
        "Guardianship": _("guardianships"),
        "AddressProtection": _("protected addresses"),
        "PastName": _("earlier names"),
        "NameChoice": _("forms of characters"),
    }
    return names.get(table, table)
