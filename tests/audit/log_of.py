"""A small log of made-up releases."""

from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from terakoya.audit import api as audit

ANNA, BEN, CASE = UUID(int=0xA << 124), UUID(int=0xB << 124), UUID(int=0xC << 124)


def write(times: int = 1, subjects: Any = (ANNA,), **more: Any) -> list[audit.Leaf]:
    """Entries about the persons, in one transaction; the newest last."""
    with transaction.atomic():
        return audit.append_many([audit.Release({"what": f"look-{n}"}, list(subjects), **more) for n in range(times)])


def one_of_each() -> None:
    """A log with every sort of entry: about one, about a class, about nobody, in a case, sealed, opened, forgotten."""
    write()
    write(1, [ANNA, BEN, uuid4()])
    write(1, [])
    write(1, [ANNA, BEN], in_case_of=BEN)
    write(2, [ANNA], sealed=CASE)
    write(1, [BEN], sealed=uuid4())
    with transaction.atomic():
        audit.open_case(CASE, {"what": "case_opened"})
    gone = uuid4()
    write(1, [ANNA, gone])
    audit.forget_person(gone, {"what": "forgotten"})


def seen(person: UUID, **more: Any) -> list[int]:
    """The indexes of the entries that a person is shown."""
    return [entry.index for entry in audit.entries_about(person, **more)]
