"""People by what they are or were called, by any of their identifiers, by class and number; of today or of a day."""

from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from terakoya.kit import kana

from ..models import Alias, Enrolment, PastName, Person, Role
from ..seeking import CLASS, NUMBER, WAYS_TO_WRITE_A_CLASS, words_of

GAP = Value("\n")
NAMES = ("display_family", "display_given", GAP, "official_family", "official_given", GAP, "kana_family", "kana_given")
LONGEST_IDENTIFIER = 255


def known_as(text: str, on: date) -> "QuerySet[Person]":
    """The people to whom every word of a text applies, by reading; nobody for no words.

    A word is a part of a name, shown or official, today's or an earlier one, or of its reading; a whole sourcedId,
    login name or userMasterIdentifier, also of an entry that was put together with the person; a class (5-2), or an
    attendance number, both as of the day.
    """
    words = words_of(text)
    people = Person.objects.exclude(pk__in=Alias.objects.values("entry")).alias(called=Concat(*NAMES))
    for word in words:
        people = people.filter(_is_called(word) | _was_called(word) | _has_identifier(word) | _has_place(word, on))
    return (people if words else people.none()).order_by("kana_family", "kana_given", "pk")


def here_on(people: "QuerySet[Person]", on: date) -> "QuerySet[Person]":
    """Those of some people who had a role on a day."""
    return people.filter(Exists(Role.objects.on(on).filter(person=OuterRef("pk"))))


def _is_called(word: str) -> Q:
    found = Q()
    for script in kana.scripts(word):
        found |= Q(called__icontains=script)
    return found


def _was_called(word: str) -> Q:
    """Earlier names, and the names of entries that were put together with somebody."""
    past = PastName.objects.alias(called=Concat(*NAMES)).filter(_is_called(word))
    entries = Alias.objects.alias(called=Concat(*(n if n is GAP else F(f"entry__{n}") for n in NAMES)))
    of_entries = Alias.objects.filter(entry__in=past.values("person")).values("person")
    return (
        Q(pk__in=past.values("person"))
        | Q(pk__in=of_entries)
        | Q(pk__in=entries.filter(_is_called(word)).values("person"))
    )


def _has_identifier(word: str) -> Q:
    own = Q(sourced_id__iexact=word) | Q(username__iexact=word) | Q(identifier__iexact=word)
    old = Person.objects.filter(own, pk__in=Alias.objects.values("entry"))
    return own | Q(pk__in=Alias.objects.filter(entry__in=old.values("pk")).values("person"))


def _has_place(word: str, on: date) -> Q:
    places = Enrolment.objects.on(on)
    if found := NUMBER.fullmatch(word):
        return Q(pk__in=places.filter(role="student", number=int(found[1])).values("person"))
    if numbers := CLASS.fullmatch(word):
        titles = [way.format(*numbers.groups()) for way in WAYS_TO_WRITE_A_CLASS]
        return Q(pk__in=places.filter(school_class__title__in=titles).values("person"))
    return Q(pk__in=places.filter(school_class__title__icontains=word).values("person"))
