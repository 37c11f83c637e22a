"""Words of the pages about people: fields, signs of a duplicate, relations, what was refused."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from terakoya.roster import api as roster

from .words import grades_name, sex_name


def field_name(field: str) -> str:
    """What a field of the register is called; its own name where it has none."""
    names = {
        "official_family": _("official family name"),
        "official_given": _("official given name"),
        "official_middle": _("official middle name"),
        "display_family": _("displayed family name"),
        "display_given": _("displayed given name"),
        "display_middle": _("displayed middle name"),
        "kana_family": _("reading of the family name"),
        "kana_given": _("reading of the given name"),
        "kana_middle": _("reading of the middle name"),
        "official_kana_family": _("reading of the official family name"),
        "official_kana_given": _("reading of the official given name"),
        "official_kana_middle": _("reading of the official middle name"),
        "grade": _("grade"),
        "birth_date": _("date of birth"),
        "sex": _("sex"),
        "address": _("address"),
        "phone": _("telephone number"),
        "sms": _("number for short messages"),
        "email": _("e-mail address"),
        "identifier": _("identifier of all systems"),
        "user_ids": _("identifiers of other systems"),
        "username": _("login name"),
        "pronouns": _("pronouns"),
        "primary_organisation": _("main school"),
        "primary_organisation_id": _("main school"),
        "name": _("name"),
        "title": _("title"),
        "code": _("code"),
        "location": _("room"),
        "ended": _("left on"),
        "enabled": _("may sign in"),
        "sourced_id": _("identifier of the source"),
    }
    return names.get(field, field)


def value_of(field: str, value: Any) -> str:
    """A value as the register shows it."""
    if value in ("", None):
        return _("nothing")
    if field == "sex":
        return sex_name(str(value))
    if field == "grade":
        return grades_name(str(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return date_format(value) if hasattr(value, "isoformat") else str(value)


def sign(name: str) -> str:
    """What speaks for, or against, two entries being one person."""
    names = {
        "identifier": _("the same identifier in two systems"),
        "kana_birth_sex": _("the same reading, date of birth and sex"),
        "name_birth": _("the same official name and date of birth"),
        "name_class": _("the same official name in the same class"),
        "other_birth": _("another date of birth"),
        "other_sex": _("another sex"),
        "other_identifier": _("another identifier"),
    }
    return names[name]


def refusal(reason: str) -> str:
    """Why something was not written, and what to do."""
    names = {
        "same": _("That is one and the same entry. Choose another one."),
        "alias": _("One of the two is put together with somebody already. Open that person instead."),
        "family": _("One is entered as the guardian of the other, or must not know the other's address."),
        "unchanged": _("Nothing would change. Enter the new name."),
        "future": _("The day is still to come. Enter the change on that day."),
        "before": _("A later change of the name is known. Choose a day after it."),
        "empty": _("A family name or a given name is needed."),
        "jis": _("Not every form can be shown on all devices. Choose one that is offered, or type kana."),
        "choices": _("Choose a form for each character."),
        "known": _("That holds already."),
        "dates": _("It would end before it begins. Choose a later day."),
        "closed": _("It has ended already."),
        "decided": _("Somebody has decided this already."),
        "moved": _("The register says something else now. Look at it again, and decline this."),
        "reason": _("Say in a few words why."),
        "gone": _("What it was about is not there any more. Decline it."),
        "value": _("The field cannot hold this. Decline it, and tell the other system."),
        "login": _("The login name belongs to somebody else here. Decline it, and tell the other system."),
        "done": _("That was taken back already."),
        "later": _("The person was put together with yet another entry since. Take that back first."),
    }
    return names.get(reason, reason)


def system_name(system: str) -> str:
    """What a system that writes is called."""
    return roster.who.owners().name(system, get_language() or "en")


def relation_name(relation: str) -> str:
    """What a guardian is to a child, as the register has it."""
    names = {
        "father": _("father"),
        "mother": _("mother"),
        "grandparent": _("grandparent"),
        "sibling": _("brother or sister"),
        "relative": _("relative"),
        "foster_parent": _("foster parent"),
        "facility_head": _("head of the home"),
        "guardian": _("guardian appointed by a court"),
    }
    return names.get(relation, relation)


def ground_name(ground: str) -> str:
    """By what a form of a character is offered."""
    names = {
        "variation": _("the same character without its variation"),
        "compatibility": _("equal by the character standard"),
        "usual": _("as newspapers and schools usually write it"),
        "unification": _("unified by JIS"),
        "register_notice": _("notice about family registers"),
        "notice_582": _("notice 582 of the Ministry of Justice"),
        "dictionary": _("dictionaries"),
        "analogy": _("by reading and shape"),
        "typed": _("typed"),
    }
    return names.get(ground, ground)


def role_name(role: str) -> str:
    """A role of OneRoster in words."""
    names = {
        "student": _("pupil"),
        "teacher": _("teacher"),
        "guardian": _("guardian"),
        "parent": _("parent"),
        "relative": _("relative"),
        "principal": _("head of the school"),
        "siteAdministrator": _("school office"),
        "administrator": _("administrator"),
        "districtAdministrator": _("board of education"),
        "aide": _("assistant"),
        "counselor": _("school counsellor"),
        "ext:nurse": _("school nurse"),
    }
    return names.get(role, role)
