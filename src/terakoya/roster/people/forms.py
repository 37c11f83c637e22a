"""Forms of characters that a display name may hold: who needs one, what is offered, what was chosen."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from terakoya.standards import jis_forms

from ..changing import changing
from ..errors import CannotRename
from ..models import Alias, Change, JisForm, NameChoice, Person
from ..people_models import NAME_FIELDS
from .following import follow_name
from .names import keep_past

SHOWN = ("display_family", "display_given")
OFFICIAL = ("official_family", "official_middle", "official_given")
DISPLAYED_FOR = {"display_family": "official_family", "display_given": "official_given"}


@dataclass(frozen=True)
class Candidate:
    """A form that may be chosen: by what it is offered, and how often it was chosen for this character before."""

    form: str
    ground: str
    chosen_before: int


@dataclass(frozen=True)
class Needed:
    """A character of somebody's name for which a form has to be chosen, in the display field that is to hold it."""

    field: str
    place: int  # which character of the name it is, from 0
    character: str
    candidates: list[Candidate]

    @property
    def key(self) -> str:
        return f"{self.field}-{self.place}"


def without_jis_name() -> "QuerySet[Person]":
    """Those who are here and whose shown name has characters outside of JIS X 0213.

    By sets: only the different names are looked at, of which a prefecture has some ten thousand.
    """
    here = Person.objects.filter(ended=None).exclude(pk__in=Alias.objects.values("entry"))
    without = Q(display_family="", display_given="")
    found = Q(pk__in=())
    for fields, condition in ((SHOWN, ~without), (OFFICIAL, without)):
        for name in fields:
            outside = [one for one in _different(here.filter(condition), name) if not jis_forms.is_jis(one)]
            if outside:
                found |= condition & Q(**{f"{name}__in": outside})
    return here.filter(found).order_by("kana_family", "kana_given", "pk")


def needed(person: Person) -> list[Needed]:
    """The characters for which forms have to be chosen, so that the person has a display name within JIS X 0213."""
    found = []
    for field, text in _to_display(person).items():
        for place, character in enumerate(jis_forms.characters(text)):
            if not jis_forms.is_jis(character):
                found.append(Needed(field, place, character, candidates(character)))
    return found


def candidates(character: str) -> list[Candidate]:
    """What is offered for a character: the official list first, then what Unicode and usage say."""
    forms = {one.form: one.ground for one in JisForm.objects.filter(character=character).order_by("rank")}
    for form, ground in jis_forms.plain_forms(character):
        forms.setdefault(form, ground)
    before = Counter(NameChoice.objects.filter(character=character).values_list("chosen", flat=True))
    return [Candidate(form, ground, before[form]) for form, ground in forms.items()]


def choose(person: Person, chosen: Mapping[str, str], *, since: date, by: str, note: str = "") -> Change:
    """Give somebody a display name within JIS X 0213 by a choice for each character of :func:`needed`.

    chosen: by ``Needed.key`` the form; kana may stand for a character too. The choice is kept with who made it and
    when. The official name stays as it is. Raises ``CannotRename``: ``choices`` or ``jis``.
    """
    wanted = {one.key: one for one in needed(person)}
    if not wanted or set(chosen) != set(wanted):
        raise CannotRename("choices")
    if any(not form or not jis_forms.is_jis(form) for form in chosen.values()):
        raise CannotRename("jis")
    names = {field: _replaced(field, text, chosen) for field, text in _to_display(person).items()}
    with changing(Change.Kind.CORRECTION, by=by, note=note) as writing:
        if person.display_family or person.display_given:
            keep_past(writing, [(person.pk, {name: getattr(person, name) for name in NAME_FIELDS})], since)
        writing.create([_choice(person, one, chosen[key]) for key, one in wanted.items()])
        writing.update([(person, names)])
        follow_name(person, reference=str(writing.change.uuid))
    return writing.change


def _to_display(person: Person) -> dict[str, str]:
    """What the display fields hold, or would hold if they were made from the official name."""
    shown = {field: getattr(person, field) for field in SHOWN}
    return shown if any(shown.values()) else {field: getattr(person, one) for field, one in DISPLAYED_FOR.items()}


def _replaced(field: str, text: str, chosen: Mapping[str, str]) -> str:
    return "".join(chosen.get(f"{field}-{place}", one) for place, one in enumerate(jis_forms.characters(text)))


def _choice(person: Person, one: Needed, form: str) -> NameChoice:
    ground = next((offered.ground for offered in one.candidates if offered.form == form), "typed")
    return NameChoice(person=person, field=one.field, character=one.character, chosen=form, ground=ground)


def _different(people: "QuerySet[Person]", name: str) -> list[str]:
    return list(people.order_by().values_list(name, flat=True).distinct())
