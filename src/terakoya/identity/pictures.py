"""The twelve pictures of sign-in cards: names that a six-year-old says, drawings in ``static/identity/pictures``."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PICTURES: dict[str, str | Promise] = {
    # family
    "sun": _("sun"),
    # family
    "moon": _("moon"),
    # family
    "star": _("star"),
    # family
    "tree": _("tree"),
    # family
    "flower": _("flower"),
    # family
    "apple": _("apple"),
    # family
    "fish": _("fish"),
    # family
    "house": _("house"),
    # family
    "boat": _("boat"),
    # family
    "umbrella": _("umbrella"),
    # family
    "ball": _("ball"),
    # family
    "car": _("car"),
}
