"""Who is paged when a delivery failed for good, and what holds of `decide` whenever it is asked."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.escalation import FilingState, Page, decide, keys_taken, next_in_line, substitute
from tests.unit.escalation_words import COURT, DEFAULT, IDS, at, duty, ladder, person, told, waiting

SUBSTITUTES = [
    # failed step, failed persons, who is unreachable → pages, their key
    ("answer:0:A", ["A"], {}, ["page B for A: blocked"], "answer:0:A>B"),
    ("answer:0:A", ["A"], {"A": "blocked"}, ["page B for A: blocked"], "answer:0:A>B"),
    ("answer:0:A>B", ["A", "B"], {}, ["page leader for B: blocked"], "answer:0:A>B>leader"),
    ("answer:0:A", ["B"], {"A": "on_leave"}, ["page leader for A: blocked"], "answer:0:A>leader"),
    ("answer:1:A", ["A"], {}, ["reminder B for A: blocked"], "answer:1:A>B"),
    ("answer:2:B", ["B"], {"leader": "left"}, ["escalation coordinator for B: blocked"], "answer:2:B>coordinator"),
    ("handover:B", ["B"], {}, ["page leader for B: blocked"], "handover:B>leader"),
    ("answer:0:group", [], {}, [], None),
    ("answer:4:coordinator", ["coordinator"], {}, [], None),
    ("answer:4:coordinator", ["coordinator"], {"A": "left", "B": None, "leader": "left"}, ["nobody left: blocked"], "answer:4:coordinator"),
    ("answer:0:A", ["A", "B", "leader", "coordinator"], {}, ["nobody left: blocked"], "answer:0:A"),
    ("result:0:acknowledger", ["C"], {}, [], None),
    ("snooze:1:1570000000", ["A"], {}, [], None),
]  # fmt: skip


@pytest.mark.parametrize(("step", "failed", "posts", "expected", "key"), SUBSTITUTES)
def test_a_page_that_failed_for_good_goes_to_the_next(step, failed, posts, expected, key):
    actions = substitute(
        waiting("10 09:00"),
        DEFAULT,
        duty(**posts),
        COURT,
        step,
        [IDS[name] for name in failed],
        at("10 09:01"),
        reason="blocked",
    )
    assert told(actions) == expected
    assert keys_taken(actions) == ({key} if key else set())


def test_a_failed_group_is_replaced_by_a_only_when_no_person_was_paged_with_it():
    alone = ladder('answer = [{after="0s", notify=["group"]}]')
    filing = waiting("10 09:00")
    actions = substitute(
        filing, alone, duty(), COURT, "answer:0:group", [], at("10 09:01"),
        reason="kicked",
    )  # fmt: skip
    assert told(actions) == ["page A for group: kicked"]


def test_a_substitute_is_chosen_once_and_only_while_the_step_runs():
    filing, now = waiting("10 09:00"), at("10 09:01")
    done = replace(filing, steps_taken=frozenset({"answer:0:A>B"}))
    assert substitute(done, DEFAULT, duty(), COURT, "answer:0:A", [1], now, reason="gone") == []
    for state in ("acknowledged", "completed"):
        moved_on = replace(filing, state=state, result_clock_from=now)
        assert (
            substitute(moved_on, DEFAULT, duty(), COURT, "answer:0:A", [1], now, reason="gone")
            == []
        )


@pytest.mark.parametrize(
    "reason", ["blocked", "unknown_chat", "gone", "kicked", "refused", "unlinked"]
)
def test_the_substitute_is_told_the_true_reason(reason):
    filing, now = waiting("10 09:00"), at("10 09:01")
    (page,) = substitute(
        filing, DEFAULT, duty(), COURT, "answer:0:A", [IDS["A"]], now, reason=reason
    )
    assert (page.standing_in_for, page.reason) == ("A", reason)
    alone = duty(B=None, leader="blocked", coordinator="left")
    (nobody,) = substitute(
        filing, DEFAULT, alone, COURT, "answer:0:A", [IDS["A"]], now, reason=reason
    )
    assert nobody.reason == reason


def test_a_second_holder_of_the_post_was_paged_already():
    two = duty(A=(person("A"), person("A2", post="A")))
    filing, now = waiting("10 09:00"), at("10 09:01")
    assert (
        substitute(filing, DEFAULT, two, COURT, "answer:0:A", [IDS["A"]], now, reason="gone") == []
    )
    both = substitute(
        filing, DEFAULT, two, COURT, "answer:0:A", [IDS["A"], IDS["A2"]], now, reason="gone"
    )
    assert told(both) == ["page B for A: gone"]


@pytest.mark.parametrize(
    ("mode", "now", "silent"),
    [("silent", "10 12:00", True), ("page", "10 12:00", False), ("silent", "10 14:00", False)],
)
def test_a_substitute_makes_no_sound_in_closed_hours(mode, now, silent):
    rules = replace(DEFAULT, outside_hours=mode)
    (page,) = substitute(
        waiting("10 11:29"), rules, duty(), COURT, "answer:0:A", [1], at(now), reason="blocked"
    )
    assert page.silent is silent


@pytest.mark.parametrize(
    ("after", "excluded", "post"),
    [(None, [], "A"), ("A", [], "B"), ("A", ["B"], "leader"), ("coordinator", [], None)],
)
def test_next_in_line(after, excluded, post):
    found = next_in_line(duty(), after, [IDS[name] for name in excluded])
    assert (found[0] if found else None) == post


unreachable = st.sampled_from([None, "", "", "unlinked", "blocked", "on_leave", "left"])
duties = st.builds(
    duty,
    group=st.booleans(),
    fallback=st.booleans(),
    A=unreachable,
    B=unreachable,
    leader=unreachable,
    coordinator=unreachable,
)


@settings(max_examples=200, deadline=None)
@given(
    duties,
    st.sampled_from(["page", "silent", "hold"]),
    st.sampled_from(["working", "wall"]),
    st.integers(0, 3 * 24 * 60),
    st.lists(st.integers(1, 900), max_size=5),
)
def test_whenever_it_is_asked_no_key_is_taken_twice_and_all_are_in_the_end(
    on_duty, mode, clock, arrival, delays
):
    rules = replace(DEFAULT, outside_hours=mode, clock=clock)
    filing = FilingState("waiting", at("09 00:00") + timedelta(minutes=arrival))
    now, taken = filing.received_at, frozenset()
    late = iter(delays)
    while now is not None:
        actions = decide(replace(filing, steps_taken=taken), rules, on_duty, COURT, now)
        assert not keys_taken(actions) & taken
        paged = [action.person.officer_id for action in actions if isinstance(action, Page)]
        assert len(paged) == len(set(paged))
        taken |= keys_taken(actions)
        wake = actions[-1].at
        assert wake is None or wake > now
        now = wake and wake + timedelta(minutes=next(late, 0))
    assert taken == {
        f"answer:{index}:{target}"
        for index, step in enumerate(rules.answer)
        for target in step.notify
    }
