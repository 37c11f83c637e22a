"""Plans follow when entries turn out to be one person: what is placed under the entry is the person's, and back again.

A placement says where the pupil stood on the last day of the old year; that tells whose it is when they are two again.
"""

from uuid import UUID

from terakoya.roster.models import Enrolment, Placement, Role
from terakoya.roster.people.aliases import on_merge, on_unmerge

from .pupils import eve_of


@on_merge
def follow_merge(entry: UUID, person: UUID, reference: str) -> None:
    """The entry's placements are the person's, but in plans that place the person too, where the own one counts."""
    own = Placement.objects.filter(pupil=person).values("rollover")
    Placement.objects.filter(pupil=entry).exclude(rollover__in=own).update(pupil=person)


@on_unmerge
def follow_unmerge(entry: UUID, person: UUID, reference: str) -> None:
    """Those of the person's placements that tell where the entry stood, and not the person, are the entry's."""
    known = Placement.objects.filter(pupil=entry).values("rollover")
    for placement in Placement.objects.filter(pupil=person).exclude(rollover__in=known).select_related("rollover"):
        if _tells_of(placement, entry) and not _tells_of(placement, person):
            Placement.objects.filter(pk=placement.pk).update(pupil=entry)


def _tells_of(placement: Placement, key: UUID) -> bool:
    eve = eve_of(placement.rollover.begins)
    if placement.old_class_id is None:
        roles = Role.objects.on(eve).filter(person=key, name="student", organisation=placement.school_id)
        return roles.exists()
    places = Enrolment.objects.on(eve).filter(person=key, role="student", school_class=placement.old_class_id)
    return places.exists()
