"""What this room holds about a child, for whoever has a right to see it; and for whom its families may ask."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from terakoya.access.api import Actor
from terakoya.rights import api as rights

from .models import Child, Membership
from .queries import memberships_of


class StoreFamilies:
    """Families as the store's members."""

    room = "pds"

    def of(self, actor: Actor) -> list[rights.Someone]:
        if actor.account is None:
            return []
        return [_someone(known.child) for known in memberships_of(actor.account)]

    def named(self, people: Iterable[UUID]) -> dict[UUID, rights.Someone]:
        return {child.person: _someone(child) for child in Child.objects.filter(person__in=list(people))}


def register() -> None:
    """Tell the rights of persons what is here."""
    # family
    here = _("this store itself")
    # family
    known = _("name and school year")
    # family
    members = _("who may open the store")
    rights.register_families(StoreFamilies())
    rights.register_holding(rights.Holding("pds", "child", "subject.identity", known, here, _count, _child))
    rights.register_holding(
        rights.Holding("pds", "members", "subject.guardianship", members, here, _member_count, _members)
    )


def _child(person: UUID) -> list[dict[str, Any]]:
    found = Child.objects.filter(person=person)
    return [
        {"name": one.name, "reading": one.kana, "entered_school": one.entered_school, "at": one.created_at.isoformat()}
        for one in found
    ]


def _count(person: UUID) -> int:
    return Child.objects.filter(person=person).count()


def _members(person: UUID) -> list[dict[str, Any]]:
    found = Membership.objects.filter(child=person).select_related("account")
    return [{"name": one.account.display_name, "capacity": one.capacity, "at": one.since.isoformat()} for one in found]


def _member_count(person: UUID) -> int:
    return Membership.objects.filter(child=person).count()


def _someone(child: Child) -> rights.Someone:
    return rights.Someone(child.person, child.name, child.kana)
