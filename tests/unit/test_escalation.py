"""The escalation rules as tables: a ladder, who is on duty, a filing → what happens when.

To change a rule, change `notifications.escalation` and a line of a table here. The words of the
tables are in `escalation_words`.
"""

from dataclasses import replace

import pytest

from notifications.escalation import FilingState, Page, Snooze, WakeAt, decide, keys_taken
from tests.unit.escalation_words import (
    COURT,
    DEFAULT,
    IDS,
    at,
    duty,
    ladder,
    person,
    story,
    told,
    waiting,
)

STORIES = [
    (
        "silence climbs to the coordinator",
        "10 09:00", "", duty(fallback=True),
        [
            "10 09:00 page group, page A",
            "10 09:05 reminder A",
            "10 09:10 escalation B, reminder group",
            "10 09:15 escalation leader",
            "10 09:30 escalation coordinator, fallback",
        ],
    ),
    (
        "the working clock stands still at noon",
        "10 11:22", "", duty(),
        [
            "10 11:22 page group, page A",
            "10 11:27 reminder A",
            "10 13:32 escalation B, reminder group",
            "10 13:37 escalation leader",
            "10 13:52 escalation coordinator, skip fallback: not_configured",
        ],
    ),
    (
        "a step due in the closing second still leaves",
        "10 11:25", "", duty(),
        [
            "10 11:25 page group, page A",
            "10 11:30 reminder A",
            "10 13:35 escalation B, reminder group",
            "10 13:40 escalation leader",
            "10 13:55 escalation coordinator, skip fallback: not_configured",
        ],
    ),
    (
        "the group hears a step of the closing second too",
        "10 11:20", "", duty(),
        [
            "10 11:20 page group, page A",
            "10 11:25 reminder A",
            "10 11:30 escalation B, reminder group",
            "10 13:35 escalation leader",
            "10 13:50 escalation coordinator, skip fallback: not_configured",
        ],
    ),
    (
        "an arrival after closing: the group without a sound, the officer at the opening",
        "11 18:00", "", duty(),
        [
            "11 18:00 page group silently",
            "14 08:30 page A",
            "14 08:35 reminder A",
            "14 08:40 escalation B, reminder group",
            "14 08:45 escalation leader",
            "14 09:00 escalation coordinator, skip fallback: not_configured",
        ],
    ),
    (
        "hold: all at the opening",
        "10 18:00", 'outside_hours = "hold"', duty(),
        [
            "11 08:30 page group, page A",
            "11 08:35 reminder A",
            "11 08:40 escalation B, reminder group",
            "11 08:45 escalation leader",
            "11 09:00 escalation coordinator, skip fallback: not_configured",
        ],
    ),
    (
        "page: the first page at once with sound, the rest by the working clock",
        "10 18:00", 'outside_hours = "page"', duty(),
        [
            "10 18:00 page group, page A",
            "11 08:35 reminder A",
            "11 08:40 escalation B, reminder group",
            "11 08:45 escalation leader",
            "11 09:00 escalation coordinator, skip fallback: not_configured",
        ],
    ),
    (
        "page on the wall clock: everything at its time, at night too",
        "10 18:00", 'outside_hours = "page"\nclock = "wall"', duty(fallback=True),
        [
            "10 18:00 page group, page A",
            "10 18:05 reminder A",
            "10 18:10 escalation B, reminder group",
            "10 18:15 escalation leader",
            "10 18:30 escalation coordinator, fallback",
        ],
    ),
    (
        "silent on the wall clock: at the opening each is paged once for all that is due",
        "10 18:00", 'clock = "wall"', duty(fallback=True),
        [
            "10 18:00 page group silently",
            "10 18:10 reminder group silently",
            "11 08:30 reminder A, escalation B, escalation leader, escalation coordinator, fallback",
        ],
    ),
    (
        "an A on leave is skipped at once for B",
        "10 09:00", "", duty(A="on_leave"),
        [
            "10 09:00 page group, skip A: on_leave, page B for A: on_leave",
            "10 09:05 skip A: on_leave, reminder B for A: on_leave",
            "10 09:10 escalation B, reminder group",
            "10 09:15 escalation leader",
            "10 09:30 escalation coordinator, skip fallback: not_configured",
        ],
    ),
    (
        "nobody holds A, B is unlinked: the leader",
        "10 09:00", 'answer = [{after="0s", notify=["A"]}, {after="5min", notify=["B"]}]',
        duty(A=None, B="unlinked"),
        [
            "10 09:00 skip A: empty, page leader for A: empty",
            "10 09:05 skip B: unlinked, escalation leader for B: unlinked",
        ],
    ),
    (
        "a skipped post never stops the night's rest",
        "10 18:00", 'answer = [{after="0s", notify=["A"]}]', duty(A="blocked"),
        ["11 08:30 skip A: blocked, page B for A: blocked"],
    ),
    (
        "a blocked coordinator has nobody behind, but the line was paged",
        "10 09:00", 'answer = [{after="0s", notify=["coordinator"]}]', duty(coordinator="blocked"),
        ["10 09:00 skip coordinator: blocked"],
    ),
    (
        "nobody at all",
        "10 09:00", 'answer = [{after="0s", notify=["group", "A"]}]',
        duty(A="left", B=None, leader="unlinked", coordinator=None),
        ["10 09:00 page group, skip A: left, nobody left: left"],
    ),
    (
        "a court without a group is paged directly",
        "10 09:00", 'answer = [{after="0s", notify=["group", "A"]}]', duty(group=False),
        ["10 09:00 skip group: no_group, page A"],
    ),
    (
        "a step for the group alone goes to A when there is no group",
        "10 09:00", 'answer = [{after="0s", notify=["group"]}]', duty(group=False),
        ["10 09:00 skip group: no_group, page A for group: no_group"],
    ),
    (
        "without a group and without A it goes to B",
        "10 09:00", 'answer = [{after="0s", notify=["group"]}]', duty(group=False, A="left"),
        ["10 09:00 skip group: no_group, page B for group: no_group"],
    ),
    (
        "a page that stands in for the group waits for the opening",
        "10 18:00", 'answer = [{after="0s", notify=["group"]}]', duty(group=False),
        ["11 08:30 skip group: no_group, page A for group: no_group"],
    ),
    (
        "all who hold A are paged",
        "10 09:00", 'answer = [{after="0s", notify=["A"]}]',
        duty(A=(person("A"), person("A2", post="A"))),
        ["10 09:00 page A, page A2"],
    ),
    (
        "one of two A on leave needs no substitute",
        "10 09:00", 'answer = [{after="0s", notify=["A"]}]',
        duty(A=(person("A", "on_leave"), person("A2", post="A"))),
        ["10 09:00 page A2"],
    ),
    (
        "one person with two posts is reminded, not escalated to",
        "10 09:00", 'answer = [{after="0s", notify=["A"]}, {after="5min", notify=["leader"]}]',
        duty(leader=(person("A", post="leader"),)),
        ["10 09:00 page A", "10 09:05 reminder A"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("received", "toml", "on_duty", "lines"),
    [case[1:] for case in STORIES],
    ids=[case[0] for case in STORIES],
)
def test_a_waiting_filing(received, toml, on_duty, lines):
    assert story(waiting(received), ladder(toml), on_duty, received) == lines


ACKNOWLEDGER = person("C")
RESULT_STORIES = [
    (
        "the acknowledger is reminded, then those above are told",
        "10 09:00", duty(acknowledger=ACKNOWLEDGER),
        ["10 09:45 reminder C", "10 10:00 escalation leader, escalation coordinator"],
    ),
    (
        "minutes at noon do not count",
        "10 11:00", duty(acknowledger=ACKNOWLEDGER),
        ["10 13:45 reminder C", "10 14:00 escalation leader, escalation coordinator"],
    ),
    (
        "whom a token stands for is not known: A",
        "10 09:00", duty(),
        [
            "10 09:45 skip acknowledger: empty, reminder A for acknowledger: empty",
            "10 10:00 escalation leader, escalation coordinator",
        ],
    ),
    (
        "an acknowledger who left, an A on leave: B",
        "10 09:00", duty(A="on_leave", acknowledger=person("C", "left")),
        [
            "10 09:45 skip acknowledger: left, reminder B for acknowledger: left",
            "10 10:00 escalation leader, escalation coordinator",
        ],
    ),
    (
        "the leader who acknowledged is told as everybody is",
        "10 09:00", duty(acknowledger=person("leader")),
        ["10 09:45 reminder leader", "10 10:00 escalation leader, escalation coordinator"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("since", "on_duty", "lines"),
    [case[1:] for case in RESULT_STORIES],
    ids=[case[0] for case in RESULT_STORIES],
)
def test_an_acknowledged_filing(since, on_duty, lines):
    filing = FilingState("acknowledged", at("10 08:50"), result_clock_from=at(since))
    assert story(filing, DEFAULT, on_duty, since) == lines


def test_a_supplement_climbs_the_result_steps_anew():
    filing = FilingState("acknowledged", at("10 08:50"), result_clock_from=at("10 09:00"))
    on_duty = duty(acknowledger=ACKNOWLEDGER)
    first = decide(filing, DEFAULT, on_duty, COURT, at("10 09:45"))
    assert keys_taken(first) == {"result:0:acknowledger"}
    again = replace(
        filing,
        steps_taken=keys_taken(first),
        result_clock_from=at("10 10:00"),
        supplements=1,
    )
    second = decide(again, DEFAULT, on_duty, COURT, at("10 10:45"))
    assert told(second) == ["reminder C"]
    assert keys_taken(second) == {"result+1:0:acknowledger"}


@pytest.mark.parametrize("state", ["correcting", "completed", "withdrawn"])
def test_nothing_happens_in_any_other_state(state):
    filing = FilingState(state, at("10 09:00"), result_clock_from=at("10 09:00"))
    assert decide(filing, DEFAULT, duty(), COURT, at("11 09:00")) == [WakeAt(None)]


def test_steps_taken_before_an_undo_are_not_repeated():
    taken = frozenset({"answer:0:group", "answer:0:A", "answer:1:A"})
    filing = replace(waiting("10 09:00"), steps_taken=taken)
    actions = decide(filing, DEFAULT, duty(), COURT, at("10 09:07"))
    assert actions == [WakeAt(at("10 09:10"))]


def test_after_downtime_each_is_paged_once_and_all_steps_are_taken():
    actions = decide(waiting("10 09:00"), DEFAULT, duty(), COURT, at("10 09:20"))
    assert told(actions) == ["reminder group", "reminder A", "escalation B", "escalation leader"]
    assert keys_taken(actions) == {
        "answer:0:group", "answer:0:A", "answer:1:A", "answer:2:B", "answer:2:group",
        "answer:3:leader",
    }  # fmt: skip
    assert actions[-1] == WakeAt(at("10 09:30"))


def test_one_who_stands_in_and_is_escalated_to_gets_the_escalation_alone():
    actions = decide(waiting("10 09:00"), DEFAULT, duty(A=None), COURT, at("10 09:12"))
    pages = [action for action in actions if isinstance(action, Page)]
    assert [(page.person.name, page.kind, page.standing_in_for) for page in pages] == [
        ("B", "escalation", None)
    ]
    assert {pages[0].step, *pages[0].folded} == {"answer:2:B", "answer:0:A", "answer:1:A"}


def test_pages_missed_before_closing_wait_for_the_opening_but_not_the_group():
    actions = decide(waiting("10 11:24"), DEFAULT, duty(), COURT, at("10 12:00"))
    assert told(actions) == ["page group silently"]
    assert actions[-1] == WakeAt(at("10 13:30"))


def test_nothing_happens_before_the_arrival():
    assert decide(waiting("10 09:00"), DEFAULT, duty(), COURT, at("10 08:45")) == [
        WakeAt(at("10 09:00"))
    ]


def test_a_snooze_silences_one_person_and_ends_with_a_reminder():
    filing = replace(waiting("10 09:00"), snoozes=(Snooze(IDS["A"], at("10 09:21")),))
    assert story(filing, DEFAULT, duty(), "10 09:01") == [
        "10 09:01 page group, skip A: snoozed",
        "10 09:05 skip A: snoozed",
        "10 09:10 escalation B, reminder group",
        "10 09:15 escalation leader",
        "10 09:21 reminder A",
        "10 09:30 escalation coordinator, skip fallback: not_configured",
    ]


def test_a_snooze_that_ends_at_noon_waits_for_the_opening():
    filing = climbed("10 11:15", "10 11:36")
    assert story(filing, DEFAULT, duty(), "10 11:16") == ["10 13:30 reminder A"]


def climbed(at_, until):
    """Every step of the answer's ladder was taken; post A pressed 稍后."""
    return replace(
        waiting(at_),
        steps_taken=frozenset(
            f"answer:{n}:{t}" for n, s in enumerate(DEFAULT.answer) for t in s.notify
        ),
        snoozes=(Snooze(IDS["A"], at(until)),),
    )


def test_nothing_is_left_to_be_done_after_a_snooze_that_ended_not_even_at_night():
    filing = climbed("10 09:00", "10 09:40")
    ended = replace(filing, steps_taken=filing.steps_taken | keys_taken(act(filing, "10 09:40")))
    assert act(ended, "10 20:00") == [WakeAt(None)]


def test_a_snooze_whose_author_is_gone_ends_all_the_same():
    filing = climbed("10 09:00", "10 09:40")
    actions = act(filing, "10 09:40", A="left")
    assert told(actions) == ["skip snooze: gone"]
    ended = replace(filing, steps_taken=filing.steps_taken | keys_taken(actions))
    assert act(ended, "10 12:00", A="left") == [WakeAt(None)]


def act(filing, now, **posts):
    return decide(filing, DEFAULT, duty(**posts), COURT, at(now))


def test_a_snooze_is_over_with_the_acknowledgment():
    filing = FilingState(
        "acknowledged",
        at("10 09:00"),
        result_clock_from=at("10 09:02"),
        snoozes=(Snooze(IDS["A"], at("10 09:21")),),
    )
    assert decide(filing, DEFAULT, duty(), COURT, at("10 09:30")) == [WakeAt(at("10 09:47"))]
