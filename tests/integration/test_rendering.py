"""What people read, whole: every message is compared with `messages/<language>.txt`, which is for reading.

A story puts rows into the tables and says which message is read and when. In the files a section
starts with `=== story`; buttons stand below the text in brackets, a row a line.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from pathlib import Path

import pytest

from directory.database import Database
from notifications.models import OutgoingMessage
from tests.builders import Builders
from tests.filing_desk import Desk, at, drawn, filing_desk, renderer

MESSAGES = Path(__file__).parent / "messages"


@pytest.fixture
async def desk(database: Database, builders: Builders) -> AsyncIterator[Desk]:
    async with filing_desk(database, builders) as opened:
        yield opened


Read = tuple[OutgoingMessage, datetime]
STORIES: dict[str, Callable[[Desk], Awaitable[Read]]] = {}


def story(tell: Callable[[Desk], Awaitable[Read]]) -> Callable[[Desk], Awaitable[Read]]:
    STORIES[tell.__name__.replace("_", " ")] = tell
    return tell


@story
async def the_page_in_the_group(desk: Desk) -> Read:
    return await desk.row(court_code="辽72"), at("09:30")


@story
async def the_direct_page_to_post_a(desk: Desk) -> Read:
    return await desk.page("a", "answer:0:A"), at("09:30")


@story
async def a_drill_pages_b_because_a_is_not_linked(desk: Desk) -> Read:
    desk.people.a.telegram_id = None
    await desk.update(drill=True)
    row = await desk.page("b", "answer:0:A", standing_in_for="A", reason="unlinked")
    return row, at("09:30")


@story
async def a_filing_on_saturday_evening_starts_its_clock_on_monday(desk: Desk) -> Read:
    await desk.update(received_at=at("20:00", day=17))
    return await desk.row(), at("20:00", day=17)


@story
async def the_clock_stands_still_over_lunch(desk: Desk) -> Read:
    await desk.update(received_at=at("11:08"), drill=False)
    return await desk.row(heading="reminder", step="answer:2:group"), at("11:30")


@story
async def on_a_wall_clock_minutes_are_called_so(desk: Desk) -> Read:
    await desk.update(clock="wall")
    return await desk.row(), at("09:37")


@story
async def next_year_is_an_estimate_where_nobody_is_on_duty(desk: Desk) -> Read:
    for officer in (desk.people.a, desk.people.b, desk.people.leader):
        officer.posts.clear()
    await desk.update(received_at=at("16:45", 31, 12, 2089))
    return await desk.row(), at("16:50", 31, 12, 2089)


@story
async def post_a_is_reminded_while_nobody_answers(desk: Desk) -> Read:
    await desk.page("a", "answer:0:A", "09:30")
    return await desk.page("a", "answer:1:A", heading="reminder"), at("09:35")


@story
async def the_leader_is_told_whom_nobody_reached_and_what_to_do(desk: Desk) -> Read:
    await desk.page("a", "answer:0:A", "09:30")
    await desk.page("a", "answer:1:A", "09:35", heading="reminder")
    await desk.page("b", "answer:2:B", "09:40", heading="escalation")
    return await desk.page("leader", "answer:3:leader", heading="escalation"), at("09:45")


@story
async def the_coordinator_is_told_when_the_answer_is_overdue(desk: Desk) -> Read:
    await desk.page("a", "answer:0:A", "09:30")
    await desk.page("leader", "answer:3:leader", "09:45", heading="escalation")
    return await desk.page("coordinator", "answer:4:coordinator", heading="escalation"), at("10:07")


@story
async def the_page_that_post_a_handed_over_to_b(desk: Desk) -> Read:
    await desk.page("a", "answer:0:A", "09:30")
    await desk.happened("handed_over", "王建国（A岗）", "09:32")
    await desk.update(steps_taken=["answer:0:A", "handover:B"])
    facts = {"standing_in_for": "A", "reason": "handed_over"}
    return await desk.page("b", "handover:B", heading="escalation", **facts), at("09:32")


@story
async def the_reminder_after_a_snooze(desk: Desk) -> Read:
    snooze = {"officer_id": desk.people.a.id, "until": at("09:52").isoformat()}
    await desk.update(snoozes=[snooze])
    row = await desk.page("a", "snooze:1:1566179520", heading="reminder", reason="snoozed")
    return row, at("09:52")


@story
async def the_leader_stands_in_where_there_is_neither_group_nor_b(desk: Desk) -> Read:
    desk.people.b.posts.clear()
    row = await desk.page("leader", "answer:2:B", standing_in_for="B", reason="empty")
    return row, at("09:40")


@story
async def the_live_card_of_the_court_that_filed(desk: Desk) -> Read:
    return await desk.row(view="collaborating", heading="filed"), at("09:30")


@story
async def the_card_after_the_acknowledgment(desk: Desk) -> Read:
    row = await desk.row(shown=1)
    await desk.acknowledge()
    await desk.undo_until("09:36")
    return row, at("09:34")


@story
async def a_coordinator_acknowledged_late_for_the_court(desk: Desk) -> Read:
    by = {"name": "周琳", "court": "辽", "post": "coordinator", "officer_id": 9}
    took = {"answer_wall_seconds": 4500, "answer_working_seconds": 4500, "answered_in_time": False}
    await desk.acknowledge("10:45", acknowledged_by=by, **took)
    return await desk.row(view="collaborating", heading="filed", shown=1), at("10:45")


@story
async def news_of_the_acknowledgment(desk: Desk) -> Read:
    await desk.acknowledge()
    return await desk.row("acknowledged", "collaborating", created_at=at("09:34")), at("09:34")


@story
async def the_result_is_overdue_and_the_leader_is_told(desk: Desk) -> Read:
    await desk.acknowledge()
    return await desk.page("leader", "result:1:leader", heading="escalation"), at("10:40")


@story
async def a_correction_on_the_card_of_the_court_that_asked(desk: Desk) -> Read:
    await desk.decide("correction", "缺委托书；<原告> 11010519491231002X、13800138000")
    return await desk.row(shown=2), at("10:02")


@story
async def a_correction_on_the_card_of_the_court_that_filed(desk: Desk) -> Read:
    await desk.decide("correction", "缺委托书")
    return await desk.row(view="collaborating", heading="filed", shown=2), at("10:02")


@story
async def news_of_a_correction(desk: Desk) -> Read:
    await desk.decide("correction", "缺委托书")
    return await desk.row("corrected", "collaborating", created_at=at("10:02")), at("10:02")


@story
async def news_of_a_supplement(desk: Desk) -> Read:
    await desk.acknowledge(result_clock_from=at("14:00"))
    return await desk.row("supplemented", created_at=at("14:00")), at("14:00")


@story
async def the_card_of_a_registered_filing_the_day_after(desk: Desk) -> Read:
    await desk.decide("registered", "（2019）辽72民初1234号")
    return await desk.row(shown=3), at("09:00", day=20)


@story
async def news_of_a_late_refusal(desk: Desk) -> Read:
    late = {"result_wall_seconds": 7800, "result_working_seconds": 7800}
    await desk.decide("not_accepted", "不属于本院管辖", **late)
    return await desk.row("result", "collaborating", created_at=at("10:02")), at("10:02")


@story
async def news_that_an_acknowledgment_was_undone(desk: Desk) -> Read:
    payload = {"undone": "acknowledged"}
    return await desk.row("undone", "collaborating", payload=payload), at("09:35")


@story
async def news_of_a_withdrawal(desk: Desk) -> Read:
    await desk.happened("withdrawn", "陈洁（A岗）", "10:03", "当事人改到本院立案")
    await desk.update(state="withdrawn")
    return await desk.row("withdrawn", "officer"), at("10:03")


@story
async def the_card_of_a_withdrawn_filing(desk: Desk) -> Read:
    await desk.happened("withdrawn", "陈洁（A岗）", "10:03", "当事人改到本院立案")
    await desk.update(state="withdrawn")
    return await desk.row(shown=1), at("10:03")


@story
async def a_nudge_before_the_answer(desk: Desk) -> Read:
    return await desk.row("nudged", "officer"), at("09:50")


ALERTS: dict[str, dict[str, str]] = {
    "an alert about a court without a group": {"what": "no_group"},
    "an alert that nobody can be paged": {"what": "nobody_reachable", "reference": "KY-1"},
    "an alert about a blocked account": {
        "what": "unreachable", "officer": "王建国", "post": "A", "reason": "blocked",
    },
    "an alert about a lost group": {"what": "group_left"},
    "an alert about a group that a page did not reach": {"what": "unreachable", "reason": "kicked"},
    "an alert about a group nobody vouches for": {"what": "group_unvouched", "group": "<立案>"},
}  # fmt: skip


def expected(locale: str) -> dict[str, str]:
    sections = (MESSAGES / f"{locale}.txt").read_text(encoding="utf-8").split("=== ")[1:]
    return {title: text.strip() for title, _newline, text in (s.partition("\n") for s in sections)}


@pytest.mark.parametrize("title", STORIES)
async def test_the_message_reads_as_written_down(desk: Desk, title: str) -> None:
    row, now = await STORIES[title](desk)
    for locale in ("zh-CN", "en"):
        message = await renderer(locale).render(desk.session, row, now=now)
        assert drawn(message) == expected(locale)[title]


@pytest.mark.parametrize("title", ALERTS)
async def test_the_alert_reads_as_written_down(desk: Desk, title: str) -> None:
    payload = {"court": "大连海事法院", "code": "辽72", **ALERTS[title]}
    row = await desk.row("alert", filing_id=None, payload=payload)
    for locale in ("zh-CN", "en"):
        message = await renderer(locale).render(desk.session, row, now=at("09:30"))
        assert drawn(message) == expected(locale)[title]


def test_every_message_written_down_has_its_story() -> None:
    assert set(expected("zh-CN")) == set(expected("en")) == {*STORIES, *ALERTS}
