"""Decisions in sentences: why something may be seen, or why not."""

from datetime import date
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from . import words
from .matrix import matrix

if TYPE_CHECKING:
    from .decisions import Decision


def granted(decision: "Decision") -> str:
    """As whom and what for the data are seen, and until when the family agreed, if it rests on consent."""
    facts = {"as_whom": as_whom(decision), "purpose": words.purpose_name(decision.purpose)}
    if decision.basis == "consent":
        until = date_format(date.fromisoformat(decision.obligations["until"]))
        # family
        text = _("You see this as %(as_whom)s, for: %(purpose)s. The family agreed to it until %(until)s.")
        return text % {**facts, "until": until}
    # family
    return _("You see this as %(as_whom)s, for: %(purpose)s.") % facts


def refused(decision: "Decision") -> str:
    """What stands against it: a ban, a missing tie to the person, or a dash in the table."""
    if decision.rule == "ban-no-tie":
        # family
        text = _("You have no connection today with the person whom this is about (%(category)s).")
        return text % {"category": words.category_name(decision.category)}
    if decision.rule in words.REFUSALS:
        return str(words.REFUSALS[decision.rule])
    row = matrix().stakeholders[decision.stakeholder]
    facts = {
        "stakeholder": row.name.say(words.language()),
        "category": words.category_name(decision.category),
        "purpose": words.purpose_name(decision.purpose),
    }
    # family
    text = _("“%(stakeholder)s” may not use this for: %(purpose)s (%(category)s). The family's consent is needed.")
    return text % facts


def explained(decision: "Decision") -> str:
    """The sentence with its rule and clause."""
    facts = {"rule": decision.rule, "clause": decision.clause}
    # family
    ground = _("(Rule: %(rule)s; ground: %(clause)s)") % facts
    return f"{granted(decision) if decision.permitted else refused(decision)}{ground}"


def as_whom(decision: "Decision") -> str:
    """What the actor is to the person, such as "homeroom teacher of 5-2"."""
    relation = decision.relation
    if relation.kind == "homeroom_teacher" and relation.detail:
        # family
        return _("homeroom teacher of %(class)s") % {"class": relation.detail}
    return words.role_name(relation.kind) if relation.kind else words.stakeholder_name(decision.stakeholder)
