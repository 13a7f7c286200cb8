"""What digests say, in both languages, and on which days they have nothing to say."""

from dataclasses import replace
from datetime import date

import pytest

from bot.texts import load_texts
from notifications import digest_group_words
from notifications.digest_words import (
    CourtFacts,
    OfficerFacts,
    OpenFiling,
    ProvinceFacts,
    WeekFacts,
    said,
)
from notifications.messages import LONGEST, LocalTime, OnDutyLine
from notifications.performance import Tally
from notifications.told import html

TEXTS = load_texts()
MONDAY, TUESDAY, FRIDAY = date(2019, 8, 19), date(2019, 8, 20), date(2019, 8, 23)

NONE = Tally().figures()
#: Five answered (one late, because the desk stood still), two that wait.
SOME = replace(
    NONE, filings=7, acknowledged=5, answered_in_time=4, answered_late=1, outage_late=1,
    waiting_in_time=1, waiting_overdue=1,
    mean_answer_wall_seconds=4000.0, mean_answer_working_seconds=599.9,
)  # fmt: skip

DUE = LocalTime(2019, 8, 19, "09:30", today=True, this_year=True)
WAITS = OpenFiling("KY-1", "answer", DUE, overdue=False)
LATE = OpenFiling("KY-2", "result", replace(DUE, day=16, today=False), overdue=True)
CORRECTS = OpenFiling("KY<3>", "correction", None, overdue=False)

MORNING = OfficerFacts(MONDAY, "大连海事法院", "A", begins=False, open=())
COURT = CourtFacts(MONDAY, "大连海事法院", NONE, NONE, NONE, (), TUESDAY, ())
PROVINCE = ProvinceFacts(MONDAY, "辽宁省", NONE, NONE, 0, 0, (), ())
WEEK = WeekFacts(MONDAY, FRIDAY, "大连海事法院", NONE, NONE, NONE, (), ())


def lines(facts, locale="zh-CN"):
    return said(facts, html(TEXTS, locale)).splitlines()


@pytest.mark.parametrize(
    ("facts", "matters"),
    [
        (MORNING, False),
        (replace(MORNING, begins=True), True),
        (replace(MORNING, post=None, open=[LATE]), True),
        (replace(MORNING, open=[replace(WAITS, fresh=True)]), False),
        (replace(MORNING, open=[replace(WAITS, fresh=True), LATE]), True),
        (replace(MORNING, begins=True, open=[LATE], handed_over=True), False),
        (COURT, False),
        (replace(COURT, next_duty=[OnDutyLine("王建国", "A")]), False),
        (replace(COURT, received=SOME), True),
        (replace(COURT, handed_in=SOME), True),
        (replace(COURT, drills=SOME), True),
        (replace(COURT, open=[WAITS]), True),
        (PROVINCE, False),
        (replace(PROVINCE, waiting=1), True),
        (replace(PROVINCE, without_duty=["大连海事法院"]), True),
        (replace(PROVINCE, drills=SOME), True),
        (WEEK, False),
        (replace(WEEK, before=SOME), False),
        (replace(WEEK, received=SOME), True),
    ],
)
def test_a_day_on_which_nothing_happened_and_nothing_waits_does_not_matter(facts, matters):
    assert facts.matters is matters


def test_the_morning_line_says_the_duty_and_what_waits_and_for_how_long_still():
    facts = replace(MORNING, begins=True, open=[LATE, WAITS, CORRECTS])
    assert lines(facts) == [
        "<b>【早间提醒】8月19日（周一）</b>",
        "今日起值班：大连海事法院 A岗",
        "待您处理 3 件，其中 1 件已超时：",
        "· KY-2　应于 8月16日 09:30 前反馈结果，已超时",
        "· KY-1　应于 09:30 前签收",
        "· KY&lt;3&gt;　待补正",
    ]
    assert lines(replace(MORNING, post=None), "en") == [
        "<b>[MORNING] Mon 19 Aug</b>",
        "Not on duty today (大连海事法院)",
        "Nothing waits for you.",
    ]


def test_a_court_s_day_says_what_came_and_became_of_it_what_is_open_and_who_is_next():
    facts = replace(
        COURT, received=SOME, handed_in=SOME, drills=SOME, open=[WAITS] * 7,
        next_duty=[OnDutyLine("王建国", "A"), OnDutyLine("李敏", "B", None, "unlinked")],
    )  # fmt: skip
    how = "按期签收 4，超时签收 1，待签收 1，超时未签收 1，其中因系统中断超时 1，"
    how += "签收平均用时 1 小时 6 分钟（工作时间 9 分钟）"
    chinese = lines(facts)
    assert chinese[1:5] == [
        "收到 7 件：" + how,
        "提交外院 7 件：已获签收 5 件",
        "演练 7 件，已签收 5 件",
        "尚未办结 7 件：",
    ]
    assert chinese[-2:] == [
        "另有 2 件，/pending 查看",
        "8月20日（周二）值班：王建国（A岗）、李敏（B岗，未关联聊天账号）",
    ]
    assert lines(COURT)[1:] == [
        "没有收到立案", "没有未办结的立案。", "8月20日（周二）值班：⚠️ 无人值班",
    ]  # fmt: skip


def test_a_province_s_day_names_where_something_must_be_done_and_counts_the_rest():
    facts = replace(
        PROVINCE, received=SOME, waiting=9, overdue=8,
        late=[(f"{n}号法院", 9 - n) for n in range(1, 7)], without_duty=["甲法院", "乙法院"],
    )  # fmt: skip
    assert lines(facts)[2:] == [
        "按期率 80%",
        "现待签收 9 件，其中 8 件已超时",
        "⚠️ 超时未签收：1号法院 8 件、2号法院 7 件、3号法院 6 件、4号法院 5 件、5号法院 4 件等",
        "⚠️ 今日无人可呼叫的法院 2 家：甲法院、乙法院",
    ]
    assert lines(replace(PROVINCE, province=None))[0] == "<b>【每日综述】全国　8月19日（周一）</b>"


def test_a_leader_s_week_stands_beside_the_week_before_and_says_who_comes_next():
    facts = replace(
        WEEK, received=SOME, before=replace(SOME, answered_in_time=9, answered_late=0),
        coming=[(date(2019, 8, 26), date(2019, 8, 28), ["王建国", "李敏"]),
                (date(2019, 8, 29), date(2019, 8, 29), [])],
    )  # fmt: skip
    assert lines(facts, "en")[-5:] == [
        "In time: 80% (the week before: 100%)",
        "No open filings.",
        "On duty next week:",
        "Mon 26 Aug – Wed 28 Aug　王建国, 李敏",
        "Thu 29 Aug　⚠️ nobody on duty",
    ]


def test_a_group_s_courts_stand_in_one_message_those_with_nothing_are_counted():
    there = [OnDutyLine("王建国", "A")]
    days = [
        replace(COURT, court="甲法院", received=SOME, open=[WAITS, LATE], next_duty=there),
        replace(COURT, court="乙<法院>", next_duty=there),
        replace(COURT, court="丙法院", drills=SOME, open=[WAITS]),
        replace(COURT, court="丁法院"),
    ]
    [text] = digest_group_words.said(days, html(TEXTS, "zh-CN"))
    head, first, second, deserted, quiet = text.split("\n\n")
    assert head == "<b>【每日小结】4 家法院　8月19日（周一）</b>"
    assert first.splitlines()[0] == "<b>甲法院</b>"
    assert first.splitlines()[2:] == [
        "尚未办结 2 件，其中 1 件已超时：",
        "· KY-2　应于 8月16日 09:30 前反馈结果，已超时",
        "8月20日（周二）值班：王建国（A岗）",
    ]
    assert second.splitlines() == [
        "<b>丙法院</b>", "没有收到立案", "演练 7 件，已签收 5 件", "尚未办结 1 件，均未超时",
        "8月20日（周二）值班：⚠️ 无人值班",
    ]  # fmt: skip
    assert quiet == "没有收到立案，也没有未办结的 2 家：乙&lt;法院&gt;、丁法院"
    assert deserted == "⚠️ 8月20日（周二）无人值班：丁法院"


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_what_is_too_long_for_one_message_is_cut_between_courts_and_nothing_is_lost(locale):
    busy = [replace(COURT, court=f"{n}号法院", received=SOME, open=[LATE] * 6) for n in range(40)]
    idle = [replace(COURT, court=f"辽宁省{n:03}号人民法院" + "长" * 40) for n in range(130)]
    texts = digest_group_words.said([*busy, *idle], html(TEXTS, locale))
    assert len(texts) > 2
    assert all(len(text) <= LONGEST for text in texts)
    assert all(f"{n}/{len(texts)}" in text for n, text in enumerate(texts, 1))
    whole = "\n\n".join(texts)
    for one in [*busy, *idle]:
        assert one.court in whole
    assert all(f"<b>{n}号法院</b>" in whole for n in range(40))
