"""What a card shows of a filing: headline, clock, times and free text, worked out without a table."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from directory.calendars import calendar_for
from notifications.answer_clock import reading
from notifications.free_text import FREE_TEXT, fit_to_show
from notifications.messages import (
    Answer,
    FilingFacts,
    Occasion,
    OnDutyLine,
    PagedInVain,
    Signature,
    StandingIn,
    Withdrawal,
    card_view,
    local_time,
)

BEIJING = ZoneInfo("Asia/Shanghai")
URUMQI = ZoneInfo("Asia/Urumqi")
CALENDAR = calendar_for(None, None, "Asia/Shanghai")


def at(clock, day=19, month=8, year=2019, zone=BEIJING):
    hour, minute, *second = (int(part) for part in clock.split(":"))
    return datetime(year, month, day, hour, minute, *second, tzinfo=zone).astimezone(UTC)


ACKNOWLEDGED = Answer(Signature("李娜", "B"), at("09:34:32"), 272, 272, True)
RESULT = Answer(Signature("李娜", "B"), at("10:02"), 1700, 1700, True, "registered", None)
FILING = FilingFacts(
    reference="KY-2019-000123",
    state="waiting",
    drill=False,
    collaborating_court="宁波海事法院",
    jurisdiction_court="大连海事法院",
    case_type="民事一审",
    clock="working",
    received_at=at("09:30"),
)
PAGE = Occasion("group", "page")
REMINDER = Occasion("group", "reminder")
RESULT_REMINDER = Occasion("officer", "reminder", phase="result", post="B")


def in_state(state, result=None):
    done = replace(RESULT, result=result) if result else None
    answered = None if state == "waiting" else ACKNOWLEDGED
    return replace(FILING, state=state, acknowledged=answered, result=done)


def seen(facts=FILING, occasion=PAGE, now="09:30", clock=None, duty=(), **day):
    moment = at(now, **day)
    return card_view(facts, occasion, duty, clock, zone=BEIJING, now=moment)


HEADLINES = [
    ("waiting", None, PAGE, "waiting"),
    ("waiting", None, REMINDER, "not_acknowledged"),
    ("waiting", None, RESULT_REMINDER, "waiting"),
    ("acknowledged", None, PAGE, "acknowledged"),
    ("acknowledged", None, REMINDER, "acknowledged"),
    ("acknowledged", None, RESULT_REMINDER, "no_result"),
    ("correcting", "correction", PAGE, "correction"),
    ("correcting", "correction", RESULT_REMINDER, "correction"),
    ("completed", "registered", PAGE, "registered"),
    ("completed", "not_accepted", REMINDER, "not_accepted"),
    ("completed", "returned", RESULT_REMINDER, "returned"),
    ("completed", "mediation", PAGE, "mediation"),
    ("withdrawn", None, REMINDER, "withdrawn"),
]


@pytest.mark.parametrize(("state", "result", "occasion", "headline"), HEADLINES)
def test_the_headline_says_where_the_filing_stands_now(state, result, occasion, headline):
    assert seen(in_state(state, result), occasion).headline == headline


TIMES = [
    # instant, now, zone, time, today, this year
    (at("09:05:59"), at("17:00"), BEIJING, "09:05", True, True),
    (at("23:59:59"), at("00:00", day=20), BEIJING, "23:59", False, True),
    (at("00:00"), at("23:59"), BEIJING, "00:00", True, True),
    (at("09:00", 31, 12), at("09:00", 1, 1, 2020), BEIJING, "09:00", False, False),
    (at("01:30", day=20), at("23:30"), URUMQI, "23:30", True, True),
]


@pytest.mark.parametrize(("instant", "now", "zone", "time", "today", "this_year"), TIMES)
def test_times_are_the_courts_own_with_seconds_cut_off(instant, now, zone, time, today, this_year):
    shown = local_time(instant, zone, now)
    assert (shown.time, shown.today, shown.this_year) == (time, today, this_year)


def clock_of(started, now, target=1800, kind="working", **more):
    facts = replace(FILING, clock=kind, received_at=started, **more)
    return card_view(
        facts, PAGE, (), reading(CALENDAR, kind, started, target, now), zone=BEIJING, now=now
    ).clock


def test_used_minutes_are_whole_and_rounded_down():
    shown = clock_of(at("09:30"), at("09:52:59"))
    assert (shown.used, shown.target, shown.overdue) == (22, 30, False)


def test_a_clock_is_overdue_only_after_its_last_second():
    assert not clock_of(at("09:30"), at("10:00")).overdue
    late = clock_of(at("09:30"), at("10:00:01"))
    assert (late.overdue, late.over) == (True, 0)
    assert clock_of(at("09:30"), at("10:12:40")).over == 12


def test_a_filing_in_office_hours_says_when_the_clock_stands_still_and_not_when_it_starts():
    shown = clock_of(at("11:18"), at("11:25"))
    assert shown.starts is None
    assert [(a.time, b.time) for a, b in shown.pauses] == [("11:30", "13:30")]
    assert shown.due.time == "13:48"


def test_a_filing_after_closing_says_when_its_clock_starts_and_not_that_it_pauses_until_then():
    shown = clock_of(at("20:00", day=17), at("20:00", day=17))
    assert (shown.starts.day, shown.starts.time, shown.starts.today) == (19, "08:30", False)
    assert shown.pauses == ()
    assert (shown.used, shown.due.day, shown.due.time) == (0, 19, "09:00")


def test_a_wall_clock_never_pauses_and_starts_at_once():
    shown = clock_of(at("20:00", day=17), at("20:10", day=17), kind="wall")
    assert (shown.working, shown.starts, shown.pauses, shown.used) == (False, None, (), 10)


def test_of_many_pauses_the_next_three_are_shown():
    shown = clock_of(at("09:00"), at("14:00", day=20), target=40 * 3600)
    assert len(shown.pauses) == 3
    assert (shown.pauses[0][0].day, shown.pauses[0][0].time) == (20, "17:00")


def test_a_year_nobody_announced_is_marked_as_estimated():
    assert not clock_of(at("09:30"), at("09:30")).estimated
    assert clock_of(at("09:30", 4, 3, 2090), at("09:30", 4, 3, 2090)).estimated


def test_the_result_clock_counts_from_the_acknowledgment_or_the_supplement():
    started = at("17:20")
    facts = replace(in_state("acknowledged"), result_clock_from=started)
    clock = reading(CALENDAR, "working", started, 3600, at("17:20"))
    shown = seen(facts, clock=clock, now="17:20").clock
    assert (shown.phase, shown.starts.day, shown.starts.time) == ("result", 20, "08:30")


DUTY = (OnDutyLine("张伟", "A"), OnDutyLine("李娜", "B"))


def test_who_is_on_duty_stands_on_the_card_until_somebody_took_the_filing():
    assert seen(duty=DUTY).on_duty == DUTY
    assert seen(in_state("acknowledged"), duty=DUTY).on_duty == ()


def test_who_was_paged_in_vain_is_said_while_the_silence_lasts():
    silent = replace(REMINDER, in_vain=(PagedInVain("张伟", "A", (at("09:30"), at("09:35"))),))
    (paged,) = seen(occasion=silent, now="09:40").in_vain
    assert (paged.name, [time.time for time in paged.at]) == ("张伟", ["09:30", "09:35"])
    assert seen(in_state("acknowledged"), silent, now="09:40").in_vain == ()


def test_why_another_was_not_paged_is_said_while_the_silence_lasts():
    why = StandingIn("unlinked", "A", ("张伟",), "B")
    page = replace(PAGE, standing_in=why)
    assert seen(occasion=page).standing_in == why
    assert seen(in_state("acknowledged"), page).standing_in is None


ASKS = [
    # heading, view, post, state, who is asked
    ("page", "group", None, "waiting", None),
    ("page", "officer", "A", "waiting", None),
    ("page", "officer", "leader", "waiting", "leader"),
    ("reminder", "group", None, "waiting", "group"),
    ("reminder", "officer", "A", "waiting", "A"),
    ("escalation", "officer", "coordinator", "waiting", "coordinator"),
    ("escalation", "officer", "coordinator", "acknowledged", None),
    ("filed", "collaborating", "leader", "waiting", None),
]


@pytest.mark.parametrize(("heading", "view", "post", "state", "ask"), ASKS)
def test_people_above_are_told_in_plain_words_what_is_wanted(heading, view, post, state, ask):
    assert seen(in_state(state), Occasion(view, heading, post=post)).ask == ask


def test_an_answer_shows_whole_minutes_by_both_clocks_and_whether_it_was_late():
    late = replace(ACKNOWLEDGED, wall_seconds=7439, working_seconds=1919, in_time=False)
    shown = seen(replace(in_state("acknowledged"), acknowledged=late)).acknowledged
    assert (shown.at.time, shown.wall, shown.working, shown.late) == ("09:34", 123, 31, True)


def test_a_withdrawal_shows_its_reason_masked():
    withdrawn = Withdrawal("陈洁（A岗）", at("10:03"), "电话 13800138000 说不立了")
    shown = seen(replace(FILING, state="withdrawn", withdrawn=withdrawn)).withdrawn
    assert (shown.who, shown.at.time, shown.reason) == (
        "陈洁（A岗）",
        "10:03",
        "电话 138****8000 说不立了",
    )


FREE_TEXTS = [
    ("缺委托书", "缺委托书"),
    ("第一行\n  第二行\t完", "第一行 第二行 完"),
    ("证件 11010519491231002X 复印件", "证件 110*************2X 复印件"),
    ("证件11010519491231002x。", "证件110*************2X。"),
    ("证件 110105 19491231 002X", "证件 110*************2X"),
    ("证件 １１０１０５１９４９１２３１００２Ｘ", "证件 110*************2X"),
    ("210102199001011237与11010519491231002X", "210*************37与110*************2X"),
    ("流水号 110105194912310021", "流水号 110105194912310021"),
    ("1101051949123100212 是十九位", "1101051949123100212 是十九位"),
    ("电话13800138000", "电话138****8000"),
    ("电话 138 0013 8000", "电话 138****8000"),
    ("电话 138-0013-8000 或 +8613912345678", "电话 138****8000 或 139****5678"),
    ("+86 139 1234 5678", "139****5678"),
    ("8613912345678", "139****5678"),
    ("电话１３８００１３８０００", "电话138****8000"),
    ("账号 10012345678", "账号 10012345678"),
    ("办公电话 0411-83775001", "办公电话 0411-83775001"),
    ("（2019）辽72民初1234号", "（2019）辽72民初1234号"),
    ("补" * 200, "补" * 200),
    ("补" * 201, "补" * 199 + "…"),
    ("补" * 195 + "13800138000", "补" * 195 + "138*…"),
]


@pytest.mark.parametrize(("written", "shown"), FREE_TEXTS)
def test_free_text_is_masked_before_it_is_cut(written, shown):
    assert fit_to_show(written) == shown
    assert len(fit_to_show(written)) <= FREE_TEXT


def test_a_page_carries_both_courts_the_case_type_and_the_arrival():
    shown = seen(now="10:00", day=20)
    assert (shown.collaborating_court, shown.jurisdiction_court) == (
        "宁波海事法院",
        "大连海事法院",
    )
    assert (shown.case_type, shown.arrived.time, shown.arrived.today) == (
        "民事一审",
        "09:30",
        False,
    )
    assert shown.as_of.time == "10:00"
