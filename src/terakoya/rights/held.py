"""What the rooms below this one hold about a person, read through their doors."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from terakoya.access import api as access
from terakoya.exchange import api as exchange
from terakoya.records import api as records

from .holdings import Holding, Rows, register_holding
from .models import CorrectingNote

MOST_RECORDS = 1_000_000


def register_own() -> None:
    """Register the holdings of the rooms below."""
    # family
    school = _("the school's own register")
    # family
    tools = _("the learning tools that sent them")
    # family
    here = _("this system itself")
    # family
    known = _("name, grade and classes")
    register_holding(
        Holding("roster", "identity", "subject.identity", known, school, _one, _identity, where=("roles", "classes"))
    )
    # family
    contact = _("address, telephone number and e-mail")
    register_holding(Holding("roster", "contact", "subject.contact", contact, school, _contacts, _contact))
    # family
    guardians = _("who the guardians are")
    of_whom = "subject.guardianship"
    register_holding(Holding("roster", "guardians", of_whom, guardians, school, _guardian_count, _guardians))
    # family
    learned = _("learning records")
    register_holding(
        Holding(
            "records",
            "learning-records",
            "activity.learning_school",
            learned,
            tools,
            records.count_about,
            _records,
            noted=True,
        )
    )
    # family
    marks = _("marks and results")
    register_holding(
        Holding("gradebook", "marks", "activity.assessment", marks, tools, _mark_count, _marks, noted=True)
    )
    # family
    noted = _("notes that stand beside records")
    register_holding(Holding("rights", "notes", "activity.learning_school", noted, here, _note_count, _notes, True))
    # family
    agreed = _("what was agreed to")
    register_holding(Holding("access", "consents", "rights.consent", agreed, here, _consent_count, _consents))
    # family
    moved = _("what was passed on or received")
    register_holding(Holding("exchange", "transfers", "rights.consent", moved, here, _transfer_count, _transfers))
    # family
    looked = _("who looked")
    register_holding(Holding("access", "accesses", "rights.access_log", looked, here, _access_count, _accesses, True))


def _person(person: UUID) -> Any:
    from terakoya.roster import api as roster

    return roster.person(person)


def _one(person: UUID) -> int:
    return 1 if _person(person) else 0


def _identity(person: UUID) -> Rows:
    found = _person(person)
    if found is None:
        return []
    roles = [_period(one, role=one.name, organisation=one.organisation.name) for one in found.roles.all()]
    classes = [
        _period(one, role=one.role, title=one.school_class.title, number=one.number) for one in found.enrolments.all()
    ]
    names = {
        "official_name": found.official_name,
        "name": found.name,
        "reading": found.kana,
        "login_name": found.username,
        "grade": found.grade,
    }
    return [{**names, "roles": roles, "classes": classes}]


def _contact(person: UUID) -> Rows:
    found = _person(person)
    known = {name: getattr(found, name, "") for name in ("address", "phone", "email")}
    return [known] if any(known.values()) else []


def _contacts(person: UUID) -> int:
    return len(_contact(person))


def _guardians(person: UUID) -> Rows:
    from terakoya.roster import api as roster

    return [{"name": one.name, "reading": one.kana} for one in roster.guardians_of(person)]


def _guardian_count(person: UUID) -> int:
    return len(_guardians(person))


def _records(person: UUID) -> Rows:
    return [
        {
            "id": str(line.id),
            "at": line.at.isoformat(),
            "verb": line.verb,
            "title": line.title,
            "subject": line.subject,
            "unit": line.unit,
            "unit_title": line.unit_name,
            "score": line.scaled,
            "success": line.success,
            "source": line.source,
            "from": line.holder,
        }
        for line in records.statements_about(person, limit=MOST_RECORDS)
    ]


def _marks(person: UUID) -> Rows:
    return [
        {
            "title": one.item.title,
            "day": one.score_date.isoformat(),
            "score": one.score,
            "score_in_words": one.text_score,
            "highest": one.item.maximum,
            "comment": one.comment,
            "status": one.score_status,
        }
        for rows in _marks_of(person)
        for one in rows.order_by("score_date", "pk")
    ]


def _mark_count(person: UUID) -> int:
    return sum(rows.count() for rows in _marks_of(person))


def _marks_of(person: UUID) -> list[QuerySet[Any]]:
    from terakoya.gradebook import api as gradebook  # not every kind of node has marks

    keys = access.keys_of([person])[person]
    return [gradebook.rows_of(kind).filter(student__in=keys, is_gone=False) for kind in ("result", "assessmentResult")]


def _notes(person: UUID) -> Rows:
    return [{"text": one.text, "at": one.at.isoformat()} for one in _notes_about(person)]


def _note_count(person: UUID) -> int:
    return _notes_about(person).count()


def _notes_about(person: UUID) -> QuerySet[CorrectingNote]:
    return CorrectingNote.objects.filter(person__in=access.keys_of([person])[person])


def _consents(person: UUID) -> Rows:
    return [access.receipt(one) for one in access.consents_about(person)]


def _consent_count(person: UUID) -> int:
    return len(access.consents_about(person))


def _transfers(person: UUID) -> Rows:
    return [
        {
            "partner": one.partner.name,
            "side": one.side,
            "purpose": one.grant.purpose,
            "consent": str(one.grant.consent),
            "state": one.state,
        }
        for one in exchange.transfers_of(person)
    ]


def _transfer_count(person: UUID) -> int:
    return len(exchange.transfers_of(person))


def _accesses(person: UUID) -> Rows:
    return [line.as_dict() for line in access.accesses_of(person)]


def _access_count(person: UUID) -> int:
    return len(access.accesses_of(person))


def _period(row: Any, **known: Any) -> dict[str, Any]:
    return {**known, "begins": row.begins.isoformat(), "ends": row.ends.isoformat() if row.ends else None}
