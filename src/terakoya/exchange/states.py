"""The two state machines of the Dataspace Protocol 2025-1, as data: from which state, to which, by whose message."""

from .errors import WrongState

CONSUMER, PROVIDER = "recipient", "holder"
BOTH = frozenset({CONSUMER, PROVIDER})
Machine = dict[str, dict[str, frozenset[str]]]


def _by(*sides: str) -> frozenset[str]:
    return frozenset(sides)


# Contract negotiation (section 'Contract Negotiation Protocol'); "" is the beginning.
NEGOTIATION: Machine = {
    "": {"REQUESTED": _by(CONSUMER), "OFFERED": _by(PROVIDER)},
    "REQUESTED": {"OFFERED": _by(PROVIDER), "AGREED": _by(PROVIDER), "TERMINATED": BOTH},
    "OFFERED": {"REQUESTED": _by(CONSUMER), "ACCEPTED": _by(CONSUMER), "TERMINATED": BOTH},
    "ACCEPTED": {"AGREED": _by(PROVIDER), "TERMINATED": BOTH},
    "AGREED": {"VERIFIED": _by(CONSUMER), "TERMINATED": BOTH},
    "VERIFIED": {"FINALIZED": _by(PROVIDER), "TERMINATED": BOTH},
    "FINALIZED": {},
    "TERMINATED": {},
}

# Transfer process (section 'Transfer Process Protocol')
TRANSFER: Machine = {
    "": {"REQUESTED": _by(CONSUMER)},
    "REQUESTED": {"STARTED": _by(PROVIDER), "TERMINATED": BOTH},
    "STARTED": {"SUSPENDED": BOTH, "COMPLETED": BOTH, "TERMINATED": BOTH},
    "SUSPENDED": {"STARTED": BOTH, "TERMINATED": BOTH},
    "COMPLETED": {},
    "TERMINATED": {},
}

ENDED = ("COMPLETED", "FINALIZED", "TERMINATED")


def step(machine: Machine, now: str, to: str, by: str) -> str:
    """The next state; WrongState when the step does not lead from here or is not this side's to take."""
    sides = machine[now].get(to)
    if sides is None:
        raise WrongState(f"{to} does not follow {now}.")
    if by not in sides:
        raise WrongState(f"{to} is not for the {by} to say after {now}.")
    return to
