"""The words for relations, roles, rules and kinds of access, as pupils and guardians read them too."""

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from terakoya.standards.categories import CATEGORIES
from terakoya.standards.course_of_study import SUBJECTS
from terakoya.standards.purposes import PURPOSES

from .matrix import matrix

RELATIONS: dict[str, str | Promise] = {
    # family
    "self": _("the person themselves"),
    # family
    "guardian": _("guardian"),
    # family
    "homeroom_teacher": _("homeroom teacher"),
    # family
    "subject_teacher": _("subject teacher"),
    # family
    "head": _("head of the school"),
    # family
    "own_municipality": _("clerk of the board of education"),
    # family
    "own_organisation": _("clerk of the cram school"),
    # family
    "cram_school_teacher": _("teacher of the cram school"),
    # family
    "keeps_for_the_person": _("store of the person's own data"),
    # family
    "own_node": _("the system itself"),
    # family
    "nurse": _("school nurse"),
    # family
    "counselor": _("school counsellor"),
    # family
    "office": _("school office"),
    # family
    "receiving_school": _("the next school"),
    # family
    "case_worker": _("early-help worker with the case"),
    # family
    "entrusted": _("entrusted company"),
}
ROLES: dict[str, str | Promise] = {
    # family
    "teacher": _("teacher"),
    # family
    "principal": _("head of the school"),
    # family
    "administrator": _("clerk"),
    # family
    "student": _("pupil"),
    # family
    "guardian": _("guardian"),
    # family
    "member": _("member of the family"),
    # family
    "node": _("machine to machine"),
    # family
    "none": _("nobody in particular"),
}
WHATS: dict[str, str | Promise] = {
    # family
    "class_overview": _("looked at an overview of the class"),
    # family
    "pupil_records": _("looked at the learning records"),
    # family
    "child_page": _("looked at the child's page"),
    # family
    "own_page": _("looked at their own page"),
    # family
    "contact": _("looked at the contact details"),
    # family
    "roster_import": _("brought in the school register"),
    # family
    "roster_export": _("wrote out the school register for another system"),
    # family
    "roster_list": _("took away a list of the school"),
    # family
    "case_opened": _("decided that entries kept back until then are shown"),
    # family
    "transfer_page": _("passed on, as agreed"),
    # family
    "received_page": _("received, as agreed"),
    # family
    "deletion": _("deleted its copy"),
    # family
    "statistic": _("made a statistic that shows nobody"),
    # family
    "accesses": _("answered the question who looked"),
    # family
    "consents": _("looked at the consents"),
    # family
    "download": _("downloaded as a file"),
    # family
    "shared_records": _("looked at the shared records"),
}
# parts of categories that an obligation leaves out
FIELDS: dict[str, str | Promise] = {
    "name": _("name"),
    "kana": _("reading of the name"),
    "official_name": _("official name"),
    "reason": _("reason of an absence"),
    "remarks": _("remarks"),
    "report_card": _("report card"),
    "comments": _("comments"),
    "guidance_record": _("record of guidance"),
    "check_up": _("findings of the check-up"),
    "incidents": _("incidents"),
    "complaints": _("what the child told in the infirmary"),
    "case": _("the case"),
    "measures": _("measures taken"),
}
REFUSALS: dict[str, str | Promise] = {
    # family
    "ban-outside-tenant": _("This person does not belong to your organisation."),
    # family
    "ban-screening": _("Nobody may use personal data to select or sort individual pupils."),
    # family
    "ban-inner-life": _("Nobody may make visible what someone believes or feels inside."),
    # family
    "ban-revoked": _("The family has withdrawn its consent, so this may no longer be used."),
    # family
    "ban-address-protection": _("This cannot be shown here. Please ask the school."),
    # family
    "ban-never": _("The rules close this to you, with or without consent."),
    # family
    "ban-sensitive": _("This needs special care: it is for those bound to secrecy, or with consent."),
}
BANS: dict[str, str | Promise] = {
    "ban-screening": _("To select or sort individual pupils."),
    "ban-inner-life": _("To make visible what someone believes or feels inside."),
    "ban-revoked": _("To go on with a use to which the family has withdrawn its consent."),
    "ban-address-protection": _("To show an address, or the log, to someone from whom a court order hides it."),
    "ban-outside-tenant": _("To look at people who do not belong to one's own organisation."),
    "ban-no-tie": _("To look at people to whom one has no tie on that day."),
    "ban-never": _("To use what the table below closes for good, such as child-protection cases."),
    "ban-sensitive": _("To see sensitive information without consent, if one is not bound to secrecy."),
}
# in the order in which they are told when several hold: what tells least about the person comes first
CLAUSE_OF_BAN = {
    "ban-outside-tenant": "tenant",
    "ban-screening": "roadmap-8",
    "ban-inner-life": "roadmap-8-inner-life",
    "ban-no-tie": "tie",
    "ban-revoked": "withdrawn",
    "ban-address-protection": "protection",
    "ban-never": "never",
    "ban-sensitive": "appi-sensitive",
}


def language() -> str:
    """The reader's language, one of ``settings.LANGUAGES``."""
    return get_language() or "ja"


def category_name(category: str) -> str:
    """A category in the reader's words; an id from a newer node is shown as it is."""
    return CATEGORIES[category].name(language()) if category in CATEGORIES else category


def purpose_name(purpose: str) -> str:
    """A purpose in the reader's words."""
    return PURPOSES[purpose].name(language()) if purpose in PURPOSES else purpose


def stakeholder_name(stakeholder: str) -> str:
    """A row of the matrix in the reader's words."""
    row = matrix().stakeholders.get(stakeholder)
    return row.name.say(language()) if row else stakeholder


def clause_words(clause: str, stakeholder: str) -> str:
    """A clause in the reader's words; the one on table 1 names its row."""
    return _clause_in(language(), clause, stakeholder)


def clause_for_a_pupil(clause: str, stakeholder: str) -> str:
    """A clause in the reader's words, on a pupil's Japanese page in plain ones with their readings."""
    return _clause_in(_language_of_a_pupil(), clause, stakeholder)


def purpose_for_a_pupil(purpose: str) -> str:
    """A purpose in the reader's words, on a pupil's Japanese page in plain ones with their readings."""
    return PURPOSES[purpose].name(_language_of_a_pupil()) if purpose in PURPOSES else purpose


def _language_of_a_pupil() -> str:
    return "ja-easy" if language() == "ja" else language()


def _clause_in(spoken: str, clause: str, stakeholder: str) -> str:
    words, row = matrix().clauses.get(clause), matrix().stakeholders.get(stakeholder)
    return words.say(spoken).format(stakeholder=row.name.say(spoken) if row else stakeholder) if words else clause


def subject_name(code: str) -> str:
    """A school subject (P030, J040) in the reader's words; the code itself when it is not known."""
    return SUBJECTS[code].say(language()) if code in SUBJECTS else code


def role_name(role: str) -> str:
    """A role or relation in the reader's words."""
    return str(RELATIONS.get(role) or ROLES.get(role) or role)


def what_name(what: str) -> str:
    """What was done, in the reader's words; register more with :func:`register_what`."""
    return str(WHATS.get(what, what))


def register_what(what: str, label: str | Promise) -> None:
    """Give words to a kind of access that a room records."""
    WHATS[what] = label
