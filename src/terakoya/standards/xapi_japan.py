"""The Japan xAPI Core Profile 1.0.0: what a statement says about subject, grade, unit and Course of Study."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .course_of_study import is_code
from .xapi_values import StatementRefused

EXTENSIONS = "https://w3id.org/japan-xapi/extensions/"
CODE = f"{EXTENSIONS}course-of-study-code"
SUBJECT = f"{EXTENSIONS}subject"
GRADE = f"{EXTENSIONS}grade"
UNIT = f"{EXTENSIONS}unit"


@dataclass(frozen=True)
class Ties:
    """What a statement is tied to; each as the profile has it, a list."""

    codes: tuple[str, ...]
    subjects: tuple[str, ...]
    grades: tuple[str, ...]
    units: tuple[str, ...]


def ties(statement: Mapping[str, Any]) -> Ties:
    """The ties of a checked statement, from its context or else from its activity's definition.

    The profile's extensions are always lists of strings, and codes have 16 characters; else ``StatementRefused``.
    """
    context = ("context.extensions", statement.get("context", {}).get("extensions", {}))
    activity = ("object.definition.extensions", statement["object"].get("definition", {}).get("extensions", {}))
    found = Ties(*(_texts(name, context, activity) for name in (CODE, SUBJECT, GRADE, UNIT)))
    for code in found.codes:
        if not is_code(code):
            raise StatementRefused(f"extensions.{CODE}", f"codes of 16 letters and digits; found {code[:40]!r}")
    return found


def _texts(name: str, *places: tuple[str, Mapping[str, Any]]) -> tuple[str, ...]:
    for path, extensions in places:
        if name in extensions:
            value = extensions[name]
            if type(value) is not list or any(type(item) is not str or "\0" in item for item in value):
                raise StatementRefused(f"{path}.{name}", "a list of strings (Japan xAPI Core Profile)")
            return tuple(value)
    return ()
