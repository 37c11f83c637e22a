"""What the findings in the files of materials say to a clerk."""

from collections.abc import Mapping

from django.utils.translation import gettext_noop

from terakoya.roster.api import FindingWords as Words

_ = gettext_noop

WORDS: Mapping[str, Words] = {
    "materials.reference": Words(
        _("This refers to something that is neither in the package nor here."),
        _("the sourcedId of something that is there"),
        mend=_("Correct the value in the system the package comes from, and write the package anew."),
    ),
}
KINDS: Mapping[str, str] = {
    "resources": _("Materials"),
    "classResources": _("Materials of classes"),
    "courseResources": _("Materials of courses"),
    "userResources": _("Materials of people"),
}
