"""The local Telegram's rate limits and its plan of faults, as tables of cases."""

import pytest

from bot.sandbox.faults import DeliveryFault, Fault, FaultPlan
from bot.sandbox.limits import Limits, Meter

GROUP = -4


def test_a_chat_gets_one_message_a_second():
    meter = Meter(Limits.real())
    assert [meter.admit(1, now) for now in (0.0, 0.5, 0.999, 1.0, 1.5, 2.0)] == [0, 1, 1, 0, 1, 0]


def test_a_refused_call_does_not_lengthen_the_wait():
    meter = Meter(Limits.real())
    meter.admit(1, 0.0)
    assert all(meter.admit(1, 0.9) == 1 for _ in range(50))
    assert meter.admit(1, 1.0) == 0


def test_all_chats_together_get_thirty_a_second():
    meter = Meter(Limits.real())
    assert [meter.admit(chat, 0.0) for chat in range(1, 32)] == [0] * 30 + [1]
    assert meter.admit(99, 1.0) == 0


def test_evenly_paced_calls_just_below_the_limit_all_pass():
    meter = Meter(Limits.real())
    assert not any(meter.admit(chat, chat / 29.5) for chat in range(1, 600))


@pytest.mark.parametrize(("chat", "refused"), [(GROUP, 10), (4, 0)])
def test_a_group_gets_twenty_a_minute_and_a_person_more(chat, refused):
    meter = Meter(Limits.real())
    waits = [meter.admit(chat, float(second)) for second in range(30)]
    assert sum(wait > 0 for wait in waits) == refused


def test_the_wait_in_a_full_group_lasts_until_its_oldest_message_is_a_minute_old():
    meter = Meter(Limits.real())
    for second in range(20):
        assert meter.admit(GROUP, float(second)) == 0
    assert meter.admit(GROUP, 20.0) == 40
    assert meter.admit(GROUP, 59.5) == 1
    assert meter.admit(GROUP, 60.0) == 0


def test_a_burst_is_tolerated_when_configured():
    meter = Meter(Limits(chat_burst=3))
    assert [meter.admit(1, 0.0) for _ in range(4)] == [0, 0, 0, 1]


def test_lifted_limits_let_everything_through():
    meter = Meter(Limits.lifted())
    assert not any(meter.admit(GROUP, 0.0) for _ in range(1000))


def test_limits_may_be_changed_while_running():
    meter = Meter(Limits.lifted())
    meter.admit(1, 0.0)
    meter.limits = Limits.real()
    assert meter.admit(1, 0.1) == 1


def test_the_same_seed_breaks_the_same_calls():
    chances = {Fault.CUT: 0.1, Fault.TIMEOUT_AFTER: 0.1}
    first, again, other = (FaultPlan(seed, chances) for seed in (7, 7, 8))

    def draws(plan):
        return [plan.for_call("sendMessage", number) for number in range(1, 500)]

    assert draws(first) == draws(again)
    assert draws(first) != draws(other)


def test_faults_come_about_as_often_as_asked():
    plan = FaultPlan(1, {Fault.CUT: 0.1, Fault.SLOW: 0.2})
    drawn = [plan.for_call("sendMessage", number) for number in range(1, 10_001)]
    assert 850 < drawn.count(Fault.CUT) < 1150
    assert 1800 < drawn.count(Fault.SLOW) < 2200


def test_a_scheduled_fault_wins_over_chance():
    plan = FaultPlan(calls={Fault.CUT: 1.0}, schedule={("sendMessage", 3): Fault.JUNK})
    assert [plan.for_call("sendMessage", n) for n in (2, 3)] == [Fault.CUT, Fault.JUNK]


def test_chances_can_be_narrowed_to_some_methods():
    plan = FaultPlan.always(Fault.BAD_GATEWAY).only("sendMessage")
    assert plan.for_call("sendMessage", 1) is Fault.BAD_GATEWAY
    assert plan.for_call("getUpdates", 1) is None


def test_updates_have_draws_of_their_own():
    plan = FaultPlan(3, deliveries={DeliveryFault.DUPLICATE: 0.5})
    drawn = [plan.for_update(number) for number in range(1, 101)]
    assert 30 < drawn.count(DeliveryFault.DUPLICATE) < 70
    assert FaultPlan.none().for_update(1) is None
