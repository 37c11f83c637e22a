"""The consent machine against a plain model: two guardians, a child that grows up, a clerk, a court, and time."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from terakoya.access import ages, api, disagreements, majority
from terakoya.access import relations as ties
from terakoya.access.errors import ConsentRefused
from terakoya.access.relations import Ties
from terakoya.kit import clock
from terakoya.roster.models import AddressProtection, Person
from terakoya.standards import ages as arithmetic

from .conftest import CRAM_SCHOOL, terms_for

START = datetime(2026, 11, 24, 3, tzinfo=UTC)
USE = (CRAM_SCHOOL, "activity.learning_school", "tutoring")
EXAMPLES = int(os.environ.get("TERAKOYA_EXAMPLES", "25"))
CLERK = api.Actor("establisher", "administrator", "窓口", "教育委員会")


ITSELF = 2  # the learner, beside the guardians 0 and 1


@dataclass
class Said:
    """What the model knows of one consent; ``begins``, ``instead_of``: the learner's own, for the time from 18 on."""

    giver: int
    until: date
    needs_assent: bool
    lapses: date
    ended: str = ""
    assented: bool = False
    begins: date = date.min
    instead_of: UUID | None = None


@dataclass
class Model:
    """What should hold, said without tables: the last word of each guardian, and what was said of each consent."""

    birth: date
    consents: dict[UUID, Said] = field(default_factory=dict)
    no: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)

    def heir(self, number: UUID) -> Said | None:
        """What the learner gave to take the place of a consent."""
        return next((said for said in self.consents.values() if said.instead_of == number), None)

    def end(self, number: UUID, how: str) -> None:
        """Somebody ends a consent; what was to take its place ends too."""
        said, heir = self.consents[number], self.heir(number)
        said.ended = said.ended or how
        if heir is not None and heir.until >= clock.today():
            heir.ended = heir.ended or "withdrawn"

    def state(self, said: Said, day: date, guardians: set[int]) -> str:
        if said.ended:
            return said.ended
        if said.lapses <= min(day, said.until):
            return "lapsed_at_majority"
        if day > said.until:
            return "expired"
        if day < said.begins:
            return "scheduled"
        if said.giver == ITSELF:
            return "given"
        if said.needs_assent and not said.assented:
            return "awaiting_assent"
        return "paused" if self.no & guardians - {said.giver} else "given"


class Machine(RuleBasedStateMachine):
    """Rules are what people do; the invariant compares."""

    def __init__(self) -> None:
        super().__init__()
        self.travel = time_machine.travel(START, tick=False)
        self.time = self.travel.start()
        self.child = uuid4()
        self.guardians = [api.Actor("student", "guardian", f"保護者{n}", "家庭", person=uuid4()) for n in range(2)]
        self.itself = api.Actor("student", "student", "子", "家庭", person=self.child)
        self.model = Model(date(2009, 1, 10))
        keys = [self.child, *(one.person for one in self.guardians)]
        self.people = [Person.objects.create(uuid=key, sourced_id=str(key), display_given="名") for key in keys]
        self.before = list(ties._finders), list(ages._finders)
        ties.register_relations(self._ties)
        ages.register_births(self._births)

    def teardown(self) -> None:
        ties._finders[:], ages._finders[:] = self.before
        self.travel.stop()

    def _ties(self, actor: api.Actor, on: date) -> Iterator[Ties]:
        own = [one.person for one in self.guardians]
        if actor.person in own and on < arithmetic.majority(self.model.birth):
            yield Ties("guardian", frozenset({self.child}))

    def _births(self, people: object) -> dict[UUID, ages.Birth]:
        return {self.child: ages.Birth(self.model.birth)}

    @property
    def day(self) -> date:
        return clock.today()

    @property
    def age(self) -> int:
        return arithmetic.age_on(self.model.birth, self.day)

    def current(self) -> set[int]:
        return set() if self.age >= 18 else {0, 1}

    @rule(birth=st.dates(date(2008, 6, 1), date(2018, 6, 1)))
    @precondition(lambda self: not self.model.consents)
    def is_born(self, birth: date) -> None:
        self.model.birth = birth

    @rule(days=st.sampled_from([1, 20, 45, 100]))
    def time_passes(self, days: int) -> None:
        self.time.move_to(datetime.now(UTC) + timedelta(days=days))

    @rule(who=st.integers(0, 1), days=st.sampled_from([0, 30, 300]))
    def a_guardian_gives(self, who: int, days: int) -> None:
        until = self.day + timedelta(days=days)
        try:
            consent = api.give_consent(
                terms_for(self.child, valid_until=until, scope={}), by=self.guardians[who], capacity="guardian"
            )
        except ConsentRefused:
            assert self.age >= 18
            return
        assert self.age < 18
        said = Said(who, until, self.age >= 12, arithmetic.majority(self.model.birth))
        self.model.consents[consent.uuid] = said
        self.model.no.discard(who)

    @rule(who=st.integers(0, 1))
    @precondition(lambda self: self.age < 18)
    def a_guardian_refuses(self, who: int) -> None:
        api.refuse_consent(terms_for(self.child, scope={}), by=self.guardians[who], capacity="guardian")
        for number, said in list(self.model.consents.items()):
            if said.giver == who and not said.ended:
                self.model.end(number, "withdrawn")
        self.model.no.add(who)

    @rule(who=st.integers(0, 1), pick=st.integers(0, 50))
    @precondition(lambda self: self.model.consents and self.age < 18)
    def a_guardian_stops(self, who: int, pick: int) -> None:
        number = list(self.model.consents)[pick % len(self.model.consents)]
        said = self.model.consents[number]
        api.stop(number, by=self.guardians[who])
        if not said.ended:
            self.model.end(number, "withdrawn")
            if said.giver == 1 - who:
                self.model.no.add(who)

    @rule(pick=st.integers(0, 50), says=st.sampled_from(["yes", "no", "ask"]))
    @precondition(lambda self: self.model.consents)
    def the_child_answers(self, pick: int, says: str) -> None:
        number = list(self.model.consents)[pick % len(self.model.consents)]
        said = self.model.consents[number]
        waits = self.model.state(said, self.day, self.current()) == "awaiting_assent"
        try:
            api.answer(number, by=self.itself, says=says)
        except ConsentRefused:
            assert not waits
            return
        if waits and says == "yes":
            said.assented = True
        elif waits and says == "no":
            self.model.end(number, "refused")

    @rule(pick=st.integers(0, 50))
    @precondition(lambda self: self.model.consents)
    def the_child_stops(self, pick: int) -> None:
        number = list(self.model.consents)[pick % len(self.model.consents)]
        said = self.model.consents[number]
        api.stop(number, by=self.itself)
        if self.age >= 12 and not said.ended:
            self.model.end(number, "withdrawn")

    @rule(pick=st.integers(0, 50))
    @precondition(lambda self: self.model.consents and self.age >= 16)
    def the_learner_says_yes_for_the_time_from_18_on(self, pick: int) -> None:
        number = list(self.model.consents)[pick % len(self.model.consents)]
        said = self.model.consents[number]
        going_on = self.model.state(said, self.day, self.current()) in ("given", "paused", "awaiting_assent")
        near = said.giver != ITSELF and said.lapses <= self.day + timedelta(days=90)
        known = self.model.heir(number)
        try:
            heir = api.continue_alone(number, by=self.itself)
        except ConsentRefused:
            assert known is None and not (near and going_on)
            return
        assert known is not None or (near and going_on)
        if known is None:
            later = Said(ITSELF, said.until, False, date.max, begins=said.lapses, instead_of=number)
            self.model.consents[heir.uuid] = later
        assert self.model.consents[heir.uuid] is self.model.heir(number)

    @rule(who=st.integers(0, 1))
    def a_court_orders_that_the_address_be_hidden(self, who: int) -> None:
        if who not in self.model.hidden:
            under = self.people[1 + who]
            AddressProtection.objects.create(person=self.people[0], hidden_from=under, begins=self.day)
            self.model.hidden.add(who)

    @rule(who=st.integers(0, 1))
    def the_order_ends(self, who: int) -> None:
        AddressProtection.objects.filter(hidden_from=self.people[1 + who]).delete()
        self.model.hidden.discard(who)

    @rule(outcome=st.sampled_from(["agreed", "court"]), who=st.integers(0, 1))
    def the_clerk_closes(self, outcome: str, who: int) -> None:
        for case in disagreements.open_disagreements([self.child]):
            if case.kind != "guardians":
                continue
            holds = self.guardians[who].person if outcome == "court" else None
            try:
                disagreements.close(case.uuid, by=CLERK, outcome=outcome, reason="審判", holds=holds)
            except ConsentRefused:
                continue
            if outcome == "court":
                self._court(who)

    def _court(self, who: int) -> None:
        other = 1 - who
        against = self.model.no & self.current()
        for number, said in list(self.model.consents.items()):
            alive = self.model.state(said, self.day, set()) in ("given", "awaiting_assent")
            # the other's no counts no more; where the no holds, the other's yes ends
            if alive and said.giver == other and who in against:
                self.model.end(number, "withdrawn")
        self.model.no.discard(other)

    @rule()
    def the_birthday_s_duty_runs(self) -> None:
        majority.lapse()
        for number, said in self.model.consents.items():
            if not said.ended and said.lapses <= self.day <= said.until:
                heir = self.model.heir(number)
                said.ended = "superseded" if heir and not heir.ended else "lapsed_at_majority"

    @invariant()
    def what_is_derived_is_what_should_hold(self) -> None:
        wanted = {
            number: self.model.state(said, self.day, self.current()) for number, said in self.model.consents.items()
        }
        found = {number: api.state_of(api.consent(number)) for number in wanted}
        assert found == wanted
        living = any(state == "given" for state in wanted.values())
        assert (api.living_consent(self.child, *USE) is not None) == living
        assert (self.child in api.living_consents(USE[0], USE[2], USE[1])) == living

    @invariant()
    def whatever_lets_records_go_can_be_stopped(self) -> None:
        if self.age < 18:
            for number, said in self.model.consents.items():
                if self.model.state(said, self.day, self.current()) in ("given", "paused", "awaiting_assent"):
                    assert all(api.may_withdraw(api.consent(number), one) for one in self.guardians)
        else:
            for number, said in self.model.consents.items():
                if self.model.state(said, self.day, set()) == "given":
                    assert api.may_withdraw(api.consent(number), self.itself)

    @invariant()
    def a_guardian_sees_what_no_order_hides(self) -> None:
        for who, guardian in enumerate(self.guardians):
            sees = api.may(guardian, "rights.consent", "rights", self.child).permitted
            assert sees == (self.age < 18 and who not in self.model.hidden)
            assert sees or api.asked_of(guardian, [self.child]) == []


@pytest.mark.django_db
def test_the_state_is_what_a_plain_model_says() -> None:
    """Each example in a transaction that is rolled back."""

    class Isolated(Machine):
        def __init__(self) -> None:
            self.block = transaction.atomic()
            self.block.__enter__()
            super().__init__()

        def teardown(self) -> None:
            super().teardown()
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    quiet = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Isolated,
        settings=hypothesis_settings(
            max_examples=EXAMPLES, stateful_step_count=20, deadline=None, suppress_health_check=quiet
        ),
    )
