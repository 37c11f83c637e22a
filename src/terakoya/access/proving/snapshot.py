"""The rules as one state of the files has them: policies, entities, cells and names, as plain values.

Also run as a script on the files of another revision (``python snapshot.py`` with that revision on the path), which is
why it imports by full names and only when it is called.
"""

import json
import sys
from itertools import product
from typing import Any

REGIMES = ("public", "private")


def taken() -> dict[str, Any]:
    """The snapshot of the files that the interpreter imports.

    cells: by regime; each is part, category, purpose, basis, id of the clause, dropped fields, whether it may be passed
    on, and whether it lies under a circle of the roadmap's table 1
    """
    import cedarpy

    from terakoya.access import policy
    from terakoya.access.matrix import matrix
    from terakoya.standards.categories import CATEGORIES
    from terakoya.standards.purposes import PURPOSES

    return {
        "policies": json.loads(cedarpy.policies_to_json_str(policy.policy_text())),
        "entities": {regime: policy.entities(regime) for regime in REGIMES},
        "cells": {regime: _cells(regime) for regime in REGIMES},
        "parts": {part.id: {"ja": part.ja, "en": part.en} for part in matrix().parts.values()},
        "confidential": [part.id for part in matrix().parts.values() if part.confidential],
        "categories": {each.id: {"ja": each.ja, "en": each.en} for each in CATEGORIES.values()},
        "sensitive": [each.id for each in CATEGORIES.values() if each.sensitive],
        "purposes": {each.id: {"ja": each.ja, "en": each.en} for each in PURPOSES.values()},
        "banned": [each.id for each in PURPOSES.values() if each.banned],
        "deleting": [each.id for each in PURPOSES.values() if each.on_withdrawal == "delete"],
    }


def _cells(regime: str) -> list[list[Any]]:
    from terakoya.access.matrix import matrix
    from terakoya.standards.categories import CATEGORIES
    from terakoya.standards.purposes import PURPOSES

    rows = []
    for part, category, purpose in product(matrix().parts, CATEGORIES, PURPOSES):
        cell = matrix().cell(part, category, purpose, regime)
        duties, row = cell.obligations, matrix().stakeholders.get(cell.part.row)
        circled = row is not None and CATEGORIES[category].information in row.primary
        rows.append([part, category, purpose, cell.basis, cell.clause_id, list(duties.drop), duties.onward, circled])
    return rows


if __name__ == "__main__":
    json.dump(taken(), sys.stdout)
