"""The words for requests, their states and the clauses of a decision, as families read them."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from terakoya.kit import clock

Words = str | Promise

KINDS: dict[str, Words] = {
    # family
    "disclosure": _("See what is kept"),
    # family
    "correction": _("Have something corrected"),
    # family
    "stop": _("Have the use stopped"),
}
ICONS = {"disclosure": "eye", "correction": "document", "stop": "stop"}
ARTICLES = {
    "disclosure": {"public": "76", "private": "33"},
    "correction": {"public": "90", "private": "34"},
    "stop": {"public": "98", "private": "35"},
}
STATES: dict[str, tuple[Words, str, str]] = {
    # family
    "received": (_("received"), "info", "mail"),
    # family
    "checking": (_("being looked at"), "info", "search"),
    # family
    "granted": (_("agreed, being done"), "success", "check"),
    # family
    "partly": (_("partly agreed, being done"), "warning", "check"),
    # family
    "refused": (_("not agreed"), "error", "stop"),
    # family
    "done": (_("done"), "success", "check"),
    # family
    "withdrawn": (_("taken back"), "", "undo"),
}
EVENTS: dict[str, Words] = {
    # family
    "received": _("The request arrived."),
    # family
    "checking": _("Somebody began to look at it."),
    # family
    "extended": _("More time was taken."),
    # family
    "granted": _("The answer: yes."),
    # family
    "partly": _("The answer: yes, in part."),
    # family
    "refused": _("The answer: no."),
    # family
    "done": _("It was done."),
    # family
    "withdrawn": _("You took the request back."),
    # family
    "overdue": _("The answer is late."),
}
CLAUSES: dict[str, dict[str, tuple[str, str, Words]]] = {
    "disclosure": {
        # family
        "harm": ("78(1)(i)", "33(2)(i)", _("It could harm somebody's life, body or living.")),
        # family
        "another": ("78(1)(ii)", "33(2)(i)", _("It tells about another person.")),
        # family
        "work": ("78(1)(vii)", "33(2)(ii)", _("It would seriously hinder the work.")),
        # family
        "not-held": ("82(2)", "33(3)", _("It is not kept here.")),
    },
    "correction": {
        # family
        "right": ("93(2)", "34(3)", _("It was looked up, and it is right as it is.")),
        # family
        "not-fact": ("92", "34(1)", _("It is a judgement and not a fact that can be corrected.")),
        # family
        "not-held": ("93(2)", "34(3)", _("It is not kept here.")),
    },
    "stop": {
        # family
        "lawful": ("100", "35(2)", _("The data are used as the law and the stated purpose allow.")),
        # family
        "work": ("100", "35(2)", _("To stop it would hinder the work, and the person is protected otherwise.")),
        # family
        "not-held": ("101(2)", "35(7)", _("It is not kept here.")),
    },
}


def kind_name(kind: str) -> str:
    """A kind of request in the reader's words."""
    return str(KINDS[kind])


def state_name(state: str) -> str:
    """A state in the reader's words."""
    return str(STATES[state][0])


def clauses_for(kind: str) -> list[str]:
    """The keys of the clauses on which a refusal of a kind of request may rest."""
    return list(CLAUSES[kind])


def clause_words(kind: str, clause: str) -> str:
    """A clause in the reader's words, with its article under the law that this node stands under."""
    public, private, text = CLAUSES[kind][clause]
    # family
    article = _("APPI art. %(article)s") % {"article": public if settings.NODE_REGIME == "public" else private}
    return f"{text} ({article})"


def article_words(kind: str) -> str:
    """The article that gives the right to ask."""
    # family
    return str(_("APPI art. %(article)s") % {"article": ARTICLES[kind][settings.NODE_REGIME]})


DONE: dict[str, Words] = {
    "checking": _("You have begun. Check who asks, then decide."),
    "extended": _("The term was extended once. The family sees the reason."),
    "granted": _("Answered. The family can read it now."),
    "partly": _("Answered. The family can read it now."),
    "refused": _("Answered. The family can read it now."),
    "done": _("It is done. The family can read it now."),
}
"""What a clerk reads after a step."""

FIELDS: dict[str, Words] = {
    # family
    "at": _("when"),
    # family
    "official_name": _("official name"),
    # family
    "name": _("name"),
    # family
    "reading": _("reading"),
    # family
    "login_name": _("login name"),
    # family
    "grade": _("grade"),
    # family
    "address": _("address"),
    # family
    "phone": _("telephone"),
    # family
    "email": _("e-mail"),
    # family
    "text": _("what was said"),
    # family
    "title": _("title"),
    # family
    "unit_title": _("unit"),
    # family
    "score": _("score"),
    # family
    "organisation": _("organisation"),
    # family
    "partner": _("with whom"),
}
"""Fields of what is disclosed that a page shows; the file holds all."""


SHORT = ("at", "score", "grade", "phone")


def table_words(rows: list[dict[str, Any]]) -> tuple[list[str], list[list[tuple[str, bool]]]]:
    """The fields of disclosed rows that can be read, as the heads and the lines of a table in the reader's words.

    Each cell comes with whether it is short, and better kept in one line.
    """
    names = [name for name in FIELDS if any(row.get(name) not in (None, "") for row in rows)]
    lines = [[(_value(name, row.get(name)), name in SHORT) for name in names] for row in rows]
    return [str(FIELDS[name]) for name in names], lines


def _value(name: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if name == "at":
        return f"{datetime.fromisoformat(value).astimezone(clock.JAPAN):%Y-%m-%d %H:%M}"
    if name == "score":
        return f"{round(100 * value)}%"
    return str(value)


AT_THE_DESK: dict[str, Words] = {"withdrawn": _("The request was taken back.")}
