"""When messages may leave: pacing, windows, pauses."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.outbox_rules import (
    ALL_CHATS,
    HORIZON,
    Budget,
    Due,
    Rates,
    addressee,
    held_back,
    is_page,
    merged,
    plan,
    report_pause,
    retry_pause,
    spend,
)

NOW = datetime(2019, 8, 18, 1, 30, tzinfo=UTC)
LIFTED = Rates(0, 0, 0)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_with_limits_lifted_every_chat_may_send_now():
    due = [Due(number, chat_id=number, priority=0) for number in range(1, 6)]
    planned = plan(due, {}, LIFTED, room=32, now=NOW)
    assert planned.slots == dict.fromkeys(range(1, 6), NOW)
    assert not planned.budgets
    assert not planned.put_off
    assert not planned.more


def test_messages_over_all_chats_leave_at_even_intervals():
    due = [Due(number, chat_id=number, priority=0) for number in range(1, 6)]
    planned = plan(due, {}, Rates(20, 0, 0), room=32, now=NOW)
    assert list(planned.slots.values()) == [after(0.05 * n) for n in range(5)]
    assert planned.budgets == {ALL_CHATS: Budget(after(0.25))}


def test_no_instant_is_given_beyond_the_horizon():
    due = [Due(number, chat_id=number, priority=0) for number in range(1, 100)]
    planned = plan(due, {}, Rates(29, 0, 0), room=99, now=NOW)
    assert max(planned.slots.values()) <= NOW + HORIZON
    assert len(planned.slots) == 8
    assert planned.more


def test_instants_already_given_are_not_given_again():
    budgets = {ALL_CHATS: Budget(after(0.1))}
    planned = plan([Due(1, 1, 0)], budgets, Rates(10, 0, 0), room=9, now=NOW)
    assert planned.slots == {1: after(0.1)}
    assert planned.budgets[ALL_CHATS] == Budget(after(0.2))


def test_instants_left_unused_are_not_made_up_for():
    budgets = {ALL_CHATS: Budget(after(-100))}
    planned = plan([Due(1, 1, 0), Due(2, 2, 0)], budgets, Rates(10, 0, 0), room=9, now=NOW)
    assert planned.slots == {1: NOW, 2: after(0.1)}


def test_a_chat_gets_one_message_and_the_rest_waits_in_one_go():
    due = [Due(1, 7, 0), Due(2, 7, 0), Due(3, 7, 0), Due(4, 8, 0)]
    planned = plan(due, {}, Rates(0, 0, 1), room=9, now=NOW)
    assert planned.slots == {1: NOW, 4: NOW}
    assert planned.put_off == {7: after(1.05)}


def test_a_busy_chat_is_passed_by():
    due = [Due(1, 7, 0), Due(2, 8, 5)]
    planned = plan(due, {7: Budget(after(3))}, Rates(), room=9, now=NOW)
    assert planned.slots == {2: NOW}
    assert planned.put_off == {7: after(3)}


def test_a_chat_that_asked_to_be_left_alone_is_left_alone_although_limits_are_lifted():
    planned = plan([Due(1, 7, 0)], {7: Budget(after(30))}, LIFTED, room=9, now=NOW)
    assert not planned.slots
    assert planned.put_off == {7: after(30)}


def test_within_a_chat_the_older_message_goes_first_although_it_was_put_off_longer():
    due = [Due(9, 7, 0), Due(3, 7, 0), Due(1, 7, 5)]
    assert list(plan(due, {}, LIFTED, room=9, now=NOW).slots) == [3]


def test_no_more_than_there_is_room_for():
    due = [Due(number, number, 0) for number in range(1, 6)]
    planned = plan(due, {}, LIFTED, room=2, now=NOW)
    assert list(planned.slots) == [1, 2]
    assert planned.more


@pytest.mark.parametrize(
    ("rates", "chat_id", "free"),
    [
        (Rates(), 5, after(1.05)),
        (Rates(chat_per_second=0), 5, None),
        (Rates(chat_per_second=2), 5, after(0.55)),
        (Rates(), -5, after(1.05)),
        (Rates(chat_per_second=0), -5, NOW),
        (Rates(0, 1, 0), -5, after(60.5)),
        (LIFTED, -5, None),
    ],
)
def test_what_a_message_costs_its_chat(rates, chat_id, free):
    budget = spend(None, rates, chat_id, NOW)
    assert (budget.free_at if budget else None) == free


def test_a_group_takes_twenty_in_any_minute():
    rates = Rates()
    budget, at, sent = None, NOW, []
    for _ in range(61):
        budget = spend(budget, rates, -5, at)
        sent.append(at)
        at = budget.free_at
    for earlier, later in zip(sent, sent[20:], strict=False):
        assert later - earlier > timedelta(seconds=60)
    assert sent[19] - sent[0] < timedelta(seconds=21), "the first twenty need not wait"
    assert len(budget.recent) == 20


def test_a_lower_limit_than_before_counts_only_the_latest():
    budget = Budget(NOW, tuple((NOW - timedelta(seconds=20 - n)).timestamp() for n in range(20)))
    after_this = spend(budget, Rates(group_per_minute=5), -5, NOW)
    assert len(after_this.recent) == 5
    assert after_this.free_at == after(-4 + 60.5)


@pytest.mark.parametrize(
    ("attempts", "priority", "seconds"),
    [
        (0, 0, 1),
        (1, 0, 2),
        (4, 0, 16),
        (5, 0, 30),
        (1000, 0, 30),
        (5, 3, 32),
        (9, 1, 300),
        (99, 5, 300),
    ],
)
def test_pauses_grow_and_a_page_never_waits_longer_than_half_a_minute(attempts, priority, seconds):
    longest = retry_pause(attempts, priority, 0)
    assert longest == timedelta(seconds=seconds)
    assert retry_pause(attempts, priority, 1) == longest * 0.75


def test_being_told_to_wait_never_shortens_a_wait():
    assert held_back(None, after(5)) == Budget(after(5))
    assert held_back(Budget(after(9), (1.0,)), after(5)) == Budget(after(9), (1.0,))
    assert held_back(Budget(after(1), (1.0,)), after(5)) == Budget(after(5), (1.0,))


def test_a_moved_group_keeps_the_stricter_of_two_budgets():
    one, other = Budget(after(5), (1.0, 3.0)), Budget(after(9), (2.0, 3.0))
    assert merged(one, other) == Budget(after(9), (1.0, 2.0, 3.0))
    assert merged(None, other) == merged(other, None) == other
    assert merged(None, None) is None


@pytest.mark.parametrize(
    ("kind", "step", "view", "page"),
    [
        ("card", "answer:0:A", "officer", True),
        ("card", "answer:0:group", "group", True),
        ("card", "answer:0:A", "collaborating", False),
        ("card", None, "collaborating", False),
        ("reply", None, None, False),
        ("alert", "answer:0:A", None, False),
    ],
)
def test_only_what_calls_somebody_to_answer_is_a_page(kind, step, view, page):
    assert is_page(kind, step, view) is page


@pytest.mark.parametrize(
    ("step", "court", "words"),
    [
        ("answer:0:A", None, "telegram A"),
        ("answer:600:group", "辽72", "telegram 辽72 group"),
        ("snooze:7:1795525461", None, "telegram snooze"),
        (None, "浙72", "telegram 浙72"),
        (None, None, "telegram"),
    ],
)
def test_the_history_names_post_and_court_but_no_chat(step, court, words):
    assert addressee("telegram", step, court) == words


#: A robot's chat, a mailbox's and the lane of reports: none of Telegram's.
ROBOT, LANE = -(1 << 61) - 5, (1 << 62) + 3


def test_chats_that_are_none_of_telegrams_neither_wait_for_its_budget_nor_use_it_up():
    budgets = {ALL_CHATS: Budget(after(0.2))}
    due = [Due(1, 10, 0), Due(2, ROBOT, 0), Due(3, LANE, 5), Due(4, 11, 5)]
    planned = plan(due, budgets, Rates(20, 20, 1), room=9, now=NOW)
    assert planned.slots == {1: after(0.2), 2: NOW, 3: NOW, 4: after(0.25)}
    assert planned.budgets[ALL_CHATS] == Budget(after(0.3))


def test_a_robot_takes_twenty_in_any_minute_as_a_group_does():
    rates = Rates(29, 20, 1)
    budget, at = None, NOW
    for _ in range(20):
        budget = spend(budget, rates, ROBOT, at)
        at = budget.free_at
    assert at == after(60.5)
    assert spend(None, rates, LANE, NOW).free_at == after(1.05)


def test_a_report_is_tried_again_for_days_with_growing_pauses():
    pauses = [report_pause(attempts, 0.0) for attempts in range(16)]
    assert pauses[0] == timedelta(seconds=5)
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(hours=1)
    assert report_pause(3, 1.0) == timedelta(seconds=30)
