"""Five steps of a percentage: sign, words and colour class. Never colour alone."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Step:
    """From ``least`` per cent upward."""

    least: int
    name: str
    sign: str
    label: str | Promise


STEPS = (
    Step(0, "1", "▲", _("0–39 stuck")),
    Step(40, "2", "△", _("40–59 nearly there")),
    Step(60, "3", "", _("60–74")),
    Step(75, "4", "", _("75–89")),
    Step(90, "5", "", _("90–100")),
)


def step_of(percent: float) -> Step:
    """The step that a percentage (0 to 100) falls into."""
    return next(step for step in reversed(STEPS) if percent >= step.least or step.least == 0)
