"""Pupils and staff of a day by what people call them: name, reading, attendance number, class.

A query finds whoever is called so; a room above narrows it to those whom the reader may see.
"""

import re
from collections.abc import Iterable
from datetime import date

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Concat, Length

from terakoya.kit import kana

from .models import Enrolment, Role, SchoolClass

# as they are written: the year and the class of 5-2, what stands between them in speech, and the sign after a number
YEAR, SECTION, OF, NUMBERED, LONG = "\u5e74", "\u7d44", "\u306e", "\u756a", "\u30fc"
NUMBER = re.compile(rf"(\d{{1,4}}){NUMBERED}?")
CLASS = re.compile(rf"(\d{{1,2}})[-\u2010\u2212{LONG}{YEAR}{OF}](\d{{1,2}}){SECTION}?")
WAYS_TO_WRITE_A_CLASS = (f"{{}}{YEAR}{{}}{SECTION}", "{}-{}", f"{{}}{OF}{{}}")
FULL_WIDTH = {ord(letter): ord(letter) - ord("!") + 0xFF01 for letter in "0123456789-"}
# roles of OneRoster 1.2 by which somebody is no staff
NO_STAFF = ("student", "guardian", "parent", "relative")
GAP = Value("\n")  # in no name, so that no word reaches over it


def pupils_called(text: str, on: date) -> QuerySet[Enrolment]:
    """The places in class of the pupils to whom every word of a text applies, by school, class and number.

    A word is a part of the displayed name or its reading (in any kana), of a class (also written 5-2), or an
    attendance number. A pupil has one place for each homeroom, or for each class where there is no homeroom. No
    words, no pupils. Person and school are read with it.
    """
    pupils = Enrolment.objects.on(on).filter(role="student")
    homerooms = pupils.filter(person=OuterRef("person"), school_class__kind="homeroom")
    places = pupils.filter(Q(school_class__kind="homeroom") | ~Exists(homerooms)).alias(called=_called())
    for word in words_of(text):
        places = places.filter(_number(word) or _in_class(word, pupils) | _is_called(word))
    found = places if words_of(text) else places.none()
    return found.select_related("person", "school_class__school").order_by(
        "school_class__school__name",
        "school_class__school",
        "school_class__grades",
        Length("school_class__title"),
        "school_class__title",
        "school_class",
        F("number").asc(nulls_last=True),
        "person__kana_family",
        "person__kana_given",
        "pk",
    )


def staff_called(text: str, on: date) -> QuerySet[Role]:
    """The roles of the staff to whom every word of a text applies, by school and reading; classes are those taught.

    Person and organisation are read with it. Who is a teacher and something more at a school is shown as the latter.
    """
    roles = Role.objects.on(on).exclude(name__in=NO_STAFF)
    more = roles.filter(person=OuterRef("person"), organisation=OuterRef("organisation")).exclude(name="teacher")
    staff = roles.filter(~Q(name="teacher") | ~Exists(more)).alias(called=_called())
    taught = Enrolment.objects.on(on).filter(role="teacher")
    for word in words_of(text):
        staff = staff.filter(_in_class(word, taught) | _is_called(word))
    found = staff if words_of(text) else staff.none()
    return found.select_related("person", "organisation").order_by(
        "organisation__name", "organisation", "person__kana_family", "person__kana_given", "pk"
    )


def words_of(text: str) -> list[str]:
    """The words of a text as they are sought: letters and digits of the usual width."""
    return kana.folded(text).split()


def _called() -> Concat:
    """Displayed name and reading as one text, as ``Person.name`` and ``Person.kana`` have them, without spaces."""
    name = Case(
        When(
            person__display_family="",
            person__display_given="",
            then=_together("official_family", "official_middle", "official_given"),
        ),
        default=_together("display_family", "display_given"),
    )
    return Concat(name, GAP, _together("kana_family", "kana_given"))


def _together(*fields: str) -> Concat:
    return Concat(*(f"person__{field}" for field in fields))


def _is_called(word: str) -> Q:
    return _any(Q(called__icontains=script) for script in kana.scripts(word))


def _number(word: str) -> Q | None:
    found = NUMBER.fullmatch(word)
    return Q(number=int(found[1])) if found else None


def _in_class(word: str, enrolments: QuerySet[Enrolment]) -> Q:
    """Whoever is in a class whose title holds the word."""
    numbers = CLASS.fullmatch(word)
    titles = [way.format(*numbers.groups()) for way in WAYS_TO_WRITE_A_CLASS] if numbers else [word]
    written = dict.fromkeys([*titles, *(title.translate(FULL_WIDTH) for title in titles)])
    classes = SchoolClass.objects.filter(_any(Q(title__icontains=title) for title in written))
    return Q(person__in=enrolments.filter(school_class__in=classes.values("uuid")).values("person"))


def _any(conditions: Iterable[Q]) -> Q:
    found = Q()
    for condition in conditions:
        found |= condition
    return found
