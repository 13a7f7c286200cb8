"""Where an unanswered question goes, and until when; who may answer and publish it; how much one person may ask."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from directory.access import Viewer
from directory.office_hours import DEFAULT_HOURS, OfficeHours
from directory.worktime import DayKind, DayTable, WorkCalendar
from notifications.question_ladder import Step, climb
from notifications.question_rights import (
    MOST_ASKED,
    MOST_OPEN,
    Asked,
    TooMany,
    is_thanks,
    may_add,
    may_answer,
    too_many,
    unfit,
)

OFFICE = WorkCalendar(
    OfficeHours.parse(DEFAULT_HOURS), ZoneInfo("Asia/Shanghai"), DayTable({}, frozenset({2019}))
)


def at(clock, day=19):
    hour, minute = map(int, clock.split(":"))
    return datetime(2019, 8, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


ALL = {"answerers": [1, 2], "coordinator": [3], "nation": [9]}

CASES = {
    "appointed people first, for two working hours": (
        None, ALL, [], "09:30", Step("answerers", (1, 2), at("11:30"))),
    "over lunch the clock stands still": (
        None, ALL, [], "10:30", Step("answerers", (1, 2), at("14:30"))),
    "asked on Friday evening it waits until Monday": (
        None, ALL, [], "18:00 23", Step("answerers", (1, 2), at("10:30", 26))),
    "nobody appointed: the coordinator at once, for four hours": (
        None, {**ALL, "answerers": []}, [], "08:30", Step("coordinator", (3,), at("14:30"))),
    "silence takes it to the coordinator": (
        "answerers", ALL, [1, 2], "11:30", Step("coordinator", (3,), at("09:00", 20))),
    "then to the nation, for a day and more": (
        "coordinator", ALL, [1, 2, 3], "08:30", Step("nation", (9,), at("10:00", 20))),
    "who was shown it already is passed over": (
        "answerers", {**ALL, "coordinator": [1]}, [1, 2], "08:30", Step("nation", (9,), at("10:00", 20))),
    "a stage out of reach is passed over": (
        "answerers", {**ALL, "coordinator": []}, [1, 2], "08:30", Step("nation", (9,), at("10:00", 20))),
    "above the nation there is nobody": ("nation", ALL, [1, 2, 3, 9], "09:30", Step("nation", (), None)),
    "all above know it: it stays where it is": (
        "answerers", {"answerers": [1], "coordinator": [1], "nation": [1]}, [1], "09:30",
        Step("answerers", (), None)),
    "nobody above can be reached: it is tried again": (
        "answerers", {"answerers": [1]}, [1], "08:30", Step("answerers", (), at("10:30"))),
    "nobody at all: it is tried again": (None, {}, [], "08:30", Step(None, (), at("10:30"))),
    "who became reachable meanwhile is asked": (
        None, {"coordinator": [3]}, [], "10:30", Step("coordinator", (3,), at("16:30"))),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_unanswered_questions_climb(name):
    after, people, told, clock, step = CASES[name]
    time, _space, day = clock.partition(" ")
    assert climb(after, people, told, OFFICE, at(time, int(day or 19))) == step


def test_hours_that_never_open_do_not_keep_a_question():
    closed = replace(
        OFFICE,
        days=DayTable(
            {at("12:00").date() + timedelta(days=n): DayKind.OFF for n in range(500)}, frozenset()
        ),
    )
    assert climb(None, ALL, [], closed, at("09:30")).next_at == at("11:30")


ASKED = Asked("辽72", "辽宁省", asker=7, state="open", answered_by=2)
POSTS = frozenset({"technician"})


@pytest.mark.parametrize(
    ("viewer", "answers", "adds"),
    [
        (Viewer("officer", 2, "辽02", "辽宁省", POSTS), True, True),
        (Viewer("officer", 1, "辽02", "辽宁省", POSTS), True, False),
        (Viewer("officer", 1, "浙02", "浙江省", POSTS), False, False),  # moved away
        (Viewer("officer", 1, "辽02", "辽宁省", frozenset()), False, False),  # no post today
        (Viewer("officer", 5, "辽72", "辽宁省", frozenset({"A", "leader"})), False, False),
        (Viewer("officer", 3, "辽", "辽宁省", frozenset({"coordinator"})), True, True),
        (Viewer("officer", 4, "浙", "浙江省", frozenset({"coordinator"})), False, False),
        (Viewer("officer", 9, "最高法", "北京市", frozenset({"coordinator"})), True, True),
        (Viewer("officer", 7, "辽", "辽宁省", frozenset({"coordinator"})), False, True),  # the asker
        (Viewer(), False, False),
    ],
)  # fmt: skip
def test_who_answers(viewer, answers, adds):
    assert may_answer(viewer, ASKED, {1, 2}) is answers
    assert may_add(viewer, ASKED) is adds


def test_nobody_floods():
    now = at("09:30")
    asked = [now - timedelta(hours=n) for n in range(MOST_ASKED)]
    assert too_many(MOST_OPEN, [], now) == TooMany(waiting=MOST_OPEN)
    assert too_many(MOST_OPEN - 1, asked[1:], now) is None
    assert too_many(0, asked, now) == TooMany(again_at=asked[-1] + timedelta(hours=24))
    # What was asked more than a day ago counts no more.
    assert too_many(0, [at - timedelta(hours=16) for at in asked], now) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("怎么办", "short"),
        ("材料怎么补正？", None),
        ("问" * 801, "long"),
        ("😀" * 401, "long"),  # as Telegram counts
        ("当事人 110101199003070038 的材料", "personal"),
        ("请打 138 0000 1234", "personal"),
        ("请打值班手机 139-0000-1234", None),  # a desk phone of the directory
        ("KY-2019-000123 一直待签收", None),
    ],
)
def test_what_may_be_written(text, why):
    assert unfit(text, {"13900001234"}) == why


@pytest.mark.parametrize(
    ("text", "thanks"),
    [
        ("谢谢！", True),
        ("好的，谢谢老师", True),
        ("明白了，非常感谢您 🙏", True),
        ("已解决", True),
        ("OK, thanks a lot!", True),
        ("没解决", False),
        ("不清楚", False),
        ("可以了吗", False),
        ("好的？", False),
        ("谢谢，那收据在哪里开？", False),
        ("🙏", False),
        ("。。。", False),
    ],
)
def test_whoever_says_thanks_asks_nothing_more(text, thanks):
    assert is_thanks(text) is thanks
