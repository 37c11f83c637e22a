"""What the findings in the gradebook's files say to a clerk."""

from collections.abc import Mapping

from django.utils.translation import gettext_noop

from terakoya.roster.api import FindingWords as Words

_ = gettext_noop
MEND = _("Correct the value in the system the package comes from, and write the package anew.")

WORDS: Mapping[str, Words] = {
    "marks.reference": Words(
        _("This refers to something that is neither in the package nor here."),
        _("the sourcedId of something that is there"),
        mend=MEND,
    ),
    "marks.gone": Words(
        _("This belongs to something that is neither in the package nor here."),
        _("the sourcedId of something that is there"),
        mend=MEND,
    ),
    "marks.bounds": Words(
        _("The lowest value lies above the highest, %(maximum)s."), _("a value up to the highest"), "0", MEND
    ),
    "marks.score.bounds": Words(
        _("The score lies outside the bounds of what is marked."),
        _("a number from %(minimum)s to %(maximum)s"),
        "85",
        MEND,
    ),
    "marks.score.scale": Words(
        _("The score is on no step of its score scale."), _("a score that is on a step"), mend=MEND
    ),
    "marks.text.scale": Words(_("This is no value of the score scale."), _("one of: %(values)s"), mend=MEND),
    "marks.class.school": Words(_("The class belongs to another school."), _("the school of the class"), mend=MEND),
    "marks.class.item": Words(
        _("What is marked belongs to another class."), _("the class of the line item"), mend=MEND
    ),
    "marks.pupil.class": Words(
        _("This pupil is not in the class and was not before."), _("a pupil of the class"), mend=MEND
    ),
    "marks.case.id": Words(
        _("A learning objective from CASE is named by a UUID."),
        _("a UUID"),
        "6f3f2c2e-0a50-4a53-8c5c-1f3f6f1f7d11",
        MEND,
    ),
    "marks.scale.values": Words(
        _("This is no step of a score scale."), _("a value, or a range from the lowest to the highest"), "40 - 79", MEND
    ),
    "marks.steps": Words(
        _("This is no list of the steps of a score scale."),
        _("steps in braces with commas between"),
        "{0 - 39:C},{40 - 79:B}",
        MEND,
    ),
    "marks.scale.twice": Words(_("Two score scales are given for one thing."), _("one scale at most"), mend=MEND),
    "marks.in_use": Words(
        _("This is to be deleted, but other things that are there rest on it."),
        _("that they are deleted too"),
        mend=MEND,
    ),
}
KINDS: Mapping[str, str] = {
    "categories": _("Categories of marks"),
    "scoreScales": _("Score scales"),
    "lineItems": _("Things that are marked"),
    "results": _("Results"),
}
