"""Asking: by whom, for whom, about what; and what the clerk may do when."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from terakoya.access import api as access
from terakoya.access.actors import actor_of_account
from terakoya.kit import clock
from terakoya.rights import answering, requests, states
from terakoya.rights.errors import RequestRefused, RightsError, WrongState
from terakoya.rights.models import RequestEvent, RightsRequest
from terakoya.roster.models import Guardianship
from tests.access.school import School

from .conftest import Ask, wish


def state(request: RightsRequest) -> str:
    return requests.request_of(request.uuid).state


def written() -> int:
    return RightsRequest.objects.count() + RequestEvent.objects.count()


def test_a_guardian_asks_for_the_child_and_it_is_received(ask: Ask) -> None:
    asked = ask()
    assert (asked.capacity, state(asked)) == ("guardian", "received")


def test_a_pupil_asks_for_themselves(ask: Ask, school: School) -> None:
    assert ask(by=actor_of_account(school.pupil)).capacity == "self"


@pytest.mark.parametrize("who", ["teacher", "head", "clerk", "other_teacher"])
def test_nobody_asks_for_somebody_else_s_child(ask: Ask, school: School, who: str) -> None:
    with pytest.raises(RequestRefused) as refusal:
        ask(by=actor_of_account(getattr(school, who)))
    assert refusal.value.field == "person" and not written()


def test_a_guardian_does_not_ask_for_another_s_child(ask: Ask, school: School) -> None:
    with pytest.raises(RequestRefused):
        ask(person=school.pupils[1])
    assert not written()


def test_a_guardianship_that_ended_yesterday_asks_for_nothing(ask: Ask, child: UUID) -> None:
    Guardianship.objects.filter(child=child).update(ends=clock.today())
    with pytest.raises(RequestRefused):
        ask()
    assert not written()


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        ("disclosure", {"categories": ()}, "categories"),
        ("disclosure", {"categories": ("activity.unheard_of",)}, "categories"),
        ("stop", {"categories": ("rights.access_log",)}, "categories"),
        ("correction", {"wrong": " \n "}, "wrong"),
        ("correction", {"right": ""}, "right"),
        ("stop", {"reason": "長" * (requests.LONGEST_TEXT + 1)}, "reason"),
    ],
)
def test_an_incomplete_wish_is_refused_whole(ask: Ask, kind: str, changes: dict, field: str) -> None:
    with pytest.raises(RequestRefused) as refusal:
        ask(kind, **changes)
    assert refusal.value.field == field and refusal.value.sentence and not written()


def test_the_same_form_sent_twice_is_one_request(ask: Ask) -> None:
    number = uuid4()
    assert ask(number=number) == ask(number=number)
    assert written() == 2


def test_the_number_of_somebody_else_s_request_is_refused(ask: Ask, school: School) -> None:
    number = ask().uuid
    with pytest.raises(RequestRefused):
        ask(number=number, by=actor_of_account(school.pupil))


def test_what_one_guardian_asks_the_other_does_not_see(ask: Ask, school: School, guardian: access.Actor) -> None:
    asked = ask()
    assert [one.request for one in requests.asked_by(guardian)] == [asked]
    assert requests.asked_by(actor_of_account(school.second_guardian)) == []


def test_only_the_asker_takes_it_back_and_only_before_it_is_decided(
    ask: Ask, school: School, guardian: access.Actor, clerk: access.Actor
) -> None:
    asked = ask()
    with pytest.raises(RequestRefused):
        requests.withdraw(asked, by=actor_of_account(school.second_guardian))
    answering.answer(asked, "checking", by=clerk)
    answering.answer(asked, "refused", by=clerk, reason="ここにはない", clause="not-held")
    with pytest.raises(WrongState):
        requests.withdraw(asked, by=guardian)
    assert state(asked) == "refused"


@pytest.mark.parametrize("kind", ["refused", "partly"])
@pytest.mark.parametrize(("reason", "clause"), [(" ", "harm"), ("理由", ""), ("理由", "appi-1")])
def test_a_no_needs_a_reason_and_a_clause(ask: Ask, clerk: access.Actor, kind: str, reason: str, clause: str) -> None:
    asked = ask()
    answering.answer(asked, "checking", by=clerk)
    with pytest.raises(RequestRefused):
        answering.answer(asked, kind, by=clerk, reason=reason, clause=clause)
    assert state(asked) == "checking"


def test_nothing_is_decided_before_it_is_checked_who_asks(ask: Ask, clerk: access.Actor) -> None:
    asked = ask()
    with pytest.raises(WrongState):
        answering.answer(asked, "granted", by=clerk)
    assert state(asked) == "received"


def test_a_second_decision_of_another_kind_is_refused(ask: Ask, clerk: access.Actor) -> None:
    asked = ask()
    answering.answer(asked, "checking", by=clerk)
    answering.answer(asked, "granted", by=clerk)
    with pytest.raises(WrongState):
        answering.answer(asked, "refused", by=clerk, reason="理由", clause="harm")


def test_a_yes_to_someone_whose_guardianship_has_ended_is_refused(ask: Ask, clerk: access.Actor, child: UUID) -> None:
    asked = ask()
    answering.answer(asked, "checking", by=clerk)
    Guardianship.objects.filter(child=child).update(ends=clock.today())
    with pytest.raises(RequestRefused):
        answering.answer(asked, "granted", by=clerk)
    assert state(asked) == "checking" and not asked.disclosed.exists()


def test_a_clerk_does_not_answer_their_own_family(ask: Ask, school: School, child: UUID) -> None:
    school.clerk.person = school.guardian.person
    school.guardian.person = None
    school.guardian.save()
    school.clerk.save()
    by = actor_of_account(school.clerk)
    asked = ask(by=by)
    with pytest.raises(RequestRefused):
        answering.answer(asked, "checking", by=by)


@pytest.mark.parametrize(("regime", "days"), [("public", 30), ("private", 14)])
def test_the_term_is_that_of_the_legal_regime(ask: Ask, settings, regime: str, days: int) -> None:
    asked = ask()
    settings.NODE_REGIME = regime
    assert requests.request_of(asked.uuid).term.left == days


def test_a_setting_gives_another_term(ask: Ask, settings) -> None:
    settings.REQUEST_DAYS = 7
    assert requests.request_of(ask().uuid).term.left == 7


def test_a_term_that_is_over_is_not_made_longer(ask: Ask, clerk: access.Actor) -> None:
    now = clock.now()
    with time_machine.travel(now - timedelta(days=30), tick=False):
        on_its_last_day = ask()
    with time_machine.travel(now - timedelta(days=31), tick=False):
        over = ask()
    answering.answer(on_its_last_day, "extended", by=clerk, reason="記録が多い")
    with pytest.raises(WrongState):
        answering.answer(over, "extended", by=clerk, reason="記録が多い")
    assert requests.request_of(over.uuid).late and "extended" not in requests.request_of(over.uuid).steps


def test_the_term_is_extended_once_and_with_a_reason(ask: Ask, clerk: access.Actor) -> None:
    asked = ask()
    with pytest.raises(RequestRefused):
        answering.answer(asked, "extended", by=clerk, reason="")
    answering.answer(asked, "extended", by=clerk, reason="記録が多い")
    answering.answer(asked, "extended", by=clerk, reason="もう一度")
    standing = requests.request_of(asked.uuid)
    assert (standing.term.left, standing.state) == (60, "received")
    assert standing.extension.reason == "記録が多い"


def test_what_is_late_stands_first_then_what_is_due_soonest(ask: Ask, clerk: access.Actor) -> None:
    now = clock.now()
    with time_machine.travel(now - timedelta(days=40), tick=False):
        extended, late = ask(), ask()
        requests.step(extended, "extended", by=clerk, reason="多い")
    with time_machine.travel(now - timedelta(days=10), tick=False):
        younger = ask()
    assert [one.request for one in requests.queue()] == [late, younger, extended] or [
        one.term.left for one in requests.queue()
    ] == sorted(one.term.left for one in requests.queue())
    assert requests.queue()[0].request == late and requests.queue()[0].late


class Desk(RuleBasedStateMachine):
    """Everybody presses every button at any time; the request keeps to its machine, and nothing is half written."""

    def __init__(self) -> None:
        super().__init__()
        RequestEvent.objects.all()._raw_delete("default")
        RightsRequest.objects.all()._raw_delete("default")
        self.school = SCHOOL[0]
        self.guardian = actor_of_account(self.school.guardian)
        self.clerk = actor_of_account(self.school.clerk)
        self.asked = requests.ask(uuid4(), wish("correction", self.school.pupils[0]), by=self.guardian)

    @rule(
        kind=st.sampled_from(("checking", "extended", "done", *states.DECISIONS)),
        reason=st.sampled_from(("", "理由")),
        clause=st.sampled_from(("", "right", "harm")),
    )
    def presses(self, kind: str, reason: str, clause: str) -> None:
        before = self.kinds()
        try:
            answering.answer(self.asked, kind, by=self.clerk, reason=reason, clause=clause)
        except RightsError as refusal:
            assert refusal.sentence and self.kinds() == before
        else:
            assert kind in self.kinds()

    @rule()
    def takes_back(self) -> None:
        before = self.kinds()
        try:
            requests.withdraw(self.asked, by=self.guardian)
        except WrongState:
            assert self.kinds() == before

    @invariant()
    def the_events_are_a_walk_of_the_machine(self) -> None:
        kinds = self.kinds()
        assert all(states.may_follow(kinds[:place], kind) for place, kind in enumerate(kinds))

    @invariant()
    def every_no_has_its_reason_and_clause(self) -> None:
        for event in self.asked.events.filter(kind__in=("refused", "partly")):
            assert event.reason and event.clause

    def kinds(self) -> list[str]:
        return list(self.asked.events.values_list("kind", flat=True))


SCHOOL: list[School] = []


def test_the_desk_under_any_order_of_presses(school: School) -> None:
    SCHOOL[:] = [school]
    run_state_machine_as_test(
        Desk, settings=hypothesis_settings(max_examples=15, stateful_step_count=12, deadline=None)
    )
