"""The engine against the oracle on random situations: the whole rule, with periods, consents by their events and ages.

``TERAKOYA_ORACLE`` sets the number of situations (``make test-long``: a million), ``TERAKOYA_ORACLE_SEED`` the seed.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import islice
from typing import Any

from terakoya.access.policy import judge
from terakoya.access.situations import Agreement, Situation, Span, facts_of
from terakoya.access.states import state_of
from terakoya.kit import clock

from . import oracle

COUNT = int(os.environ.get("TERAKOYA_ORACLE", "20000"))
SEED = int(os.environ.get("TERAKOYA_ORACLE_SEED", "20261124"))
LOT = 10_000
HERE, THERE = "https://city.example.jp", "https://juku.example.jp"
# the frequent ones several times
EVENTS = (
    *("withdrawn", "withdrawn", "assented", "assented", "assented", "disputed", "disputed", "settled", "settled"),
    *("refused", "declined", "superseded", "lapsed"),
)
RELATIONS = (
    *("", "self", "guardian", "homeroom_teacher", "subject_teacher", "head", "nurse", "counselor", "office"),
    *("own_municipality", "own_organisation", "cram_school_teacher", "keeps_for_the_person", "own_node", "entrusted"),
    *("receiving_school", "case_worker"),
)
Drawn = tuple[Situation, list[oracle.History], str]


@dataclass(frozen=True)
class Event:
    """An event of a consent as the engine reads it."""

    pk: int
    kind: str
    at: datetime


@dataclass(frozen=True)
class Stored:
    """A consent as the engine reads it, without a database."""

    history: oracle.History

    @property
    def events(self) -> "Stored":
        return self

    def all(self) -> list[Event]:
        return [Event(number, kind, at) for number, (at, kind) in enumerate(self.history.events)]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.history, name)


@cache
def opened() -> list[list[tuple[str, str, str]]]:
    """The cells that open to somebody, by their basis: few among all, so they are asked for more often."""
    cells = oracle.cells("public").items()
    return [[key for key, (basis, _) in cells if basis == each] for each in ("primary_use", "law", "consent")]


def situations(lot: random.Random) -> Iterator[Drawn]:
    """Random situations without end, each with the consents by their histories and the legal regime."""
    known = [list(each()) for each in (oracle.parts, oracle.categories, oracle.purposes)]
    while True:
        part, category, purpose = (
            lot.choice(lot.choice(opened())) if lot.random() < 0.7 else tuple(lot.choice(each) for each in known)
        )
        stakeholder, _dot, relation = part.partition(".")
        day = date(2026, 4, 1) + timedelta(days=lot.randrange(365))
        histories = [random_history(lot, category, purpose, day) for _ in range(lot.choice((0, 1, 1, 2, 3)))]
        yield (
            Situation(
                stakeholder=stakeholder,
                category=category,
                purpose=purpose,
                day=day,
                relation=lot.choice(RELATIONS) if lot.random() < 0.2 else relation,
                tied=random_span(lot, day),
                node=lot.random() < (0.1 if relation else 0.8),
                recipient=HERE if lot.random() < 0.8 else THERE,
                consents=tuple(agreement(history, day) for history in histories),
                born=random_birth(lot, day),
                orders=tuple(random_span(lot, day) for _ in range(lot.choice((0, 0, 0, 1, 2)))),
                own=lot.random() < 0.9,
            ),
            histories,
            lot.choice(("public", "private")),
        )


def random_history(lot: random.Random, category: str, purpose: str, day: date) -> oracle.History:
    begun = noon(day) - timedelta(days=lot.randrange(1, 300))
    kinds = ["given"] * (lot.random() < 0.9) + [lot.choice(EVENTS) for _ in range(lot.randrange(4))]
    steps = sorted(lot.randrange(-3, 320) for _ in kinds)
    return oracle.History(
        recipient=HERE if lot.random() < 0.9 else THERE,
        purpose=purpose if lot.random() < 0.9 else "tutoring",
        categories=("activity.learning_school", category) if lot.random() < 0.9 else ("activity.learning_school",),
        valid_from=edge(lot, day, -1) if lot.random() < 0.3 else None,
        valid_until=edge(lot, day, 1),
        lapses_on=edge(lot, day, 1) if lot.random() < 0.3 else None,
        capacity=lot.choice(("guardian", "self")),
        needs_assent=lot.random() < 0.3,
        events=tuple((begun + timedelta(days=step), kind) for step, kind in zip(steps, kinds, strict=True)),
    )


def agreement(history: oracle.History, day: date) -> Agreement:
    """The consent as the database path gives it to the situation."""
    stored: Any = Stored(history)
    use = (history.recipient, history.purpose, history.categories)
    return Agreement(*use, state_of(stored, noon(day)), history.valid_until, history.capacity)


def random_span(lot: random.Random, day: date) -> Span:
    """A period that mostly holds on the day, with its edges often on it."""
    begins = None if lot.random() < 0.2 else edge(lot, day, -1)
    return Span(begins, None if lot.random() < 0.4 else edge(lot, day, 1))


def random_birth(lot: random.Random, day: date) -> date | None:
    """Mostly near the eighteenth birthday, on 29 February too."""
    if lot.random() < 0.3:
        return None
    return date(2008, 2, 29) if lot.random() < 0.1 else edge(lot, day.replace(year=day.year - 18), lot.choice((-1, 1)))


def edge(lot: random.Random, day: date, direction: int) -> date:
    """A day on which something begins or ends: often the day itself or one beside it, otherwise well away."""
    far = direction * lot.randrange(2, 400)
    return day + timedelta(days=lot.choice((0, 1, -1, far, far, far)))


@cache
def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), clock.JAPAN)


def differences(drawn: list[Drawn]) -> tuple[list[str], Counter[str]]:
    """Where engine and oracle answer otherwise, and how often each basis was the answer."""
    wrong, counted = [], Counter[str]()
    for regime in ("public", "private"):
        asked = [each for each in drawn if each[2] == regime]
        verdicts = judge([facts_of(situation) for situation, _histories, _regime in asked], regime)
        for (situation, histories, _regime), verdict in zip(asked, verdicts, strict=True):
            expected = oracle.answer(situation, histories, noon(situation.day), regime)
            counted[verdict.basis] += 1
            if (verdict.permitted, verdict.basis) != expected:
                wrong.append(f"{regime}: {verdict} but {expected}: {situation} {histories}")
    return wrong, counted


def test_engine_and_oracle_agree_on_random_situations() -> None:
    print(f"{COUNT:,} situations, seed {SEED}")
    wrong: list[str] = []
    counted, drawn = Counter[str](), situations(random.Random(SEED))
    for begun in range(0, COUNT, LOT):
        found, bases = differences(list(islice(drawn, min(LOT, COUNT - begun))))
        wrong, counted = wrong + found, counted + bases
    print(f"{len(wrong)} differences; {dict(counted)}")
    assert not wrong, f"seed {SEED}, {len(wrong)} of {COUNT}, the first: {wrong[0]}"
    # every kind of answer is really asked for
    assert all(counted[basis] > COUNT // 200 for basis in ("primary_use", "law", "consent", "ban", "none"))


def test_a_fault_in_the_engine_is_seen() -> None:
    """The oracle itself can fail: with a situation altered for one side only, the two differ."""
    drawn = list(islice(situations(random.Random(SEED)), 2000))
    altered = [
        (Situation(**{**vars(situation), "own": True}), histories, regime) for situation, histories, regime in drawn
    ]
    verdicts = {regime: judge([facts_of(each[0]) for each in altered], regime) for regime in ("public", "private")}
    differs = [
        regime
        for number, (situation, histories, regime) in enumerate(drawn)
        if verdicts[regime][number].permitted != oracle.answer(situation, histories, noon(situation.day), regime)[0]
    ]
    assert len(differs) > 20
