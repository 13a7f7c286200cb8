"""Which messages are no longer sent, in whose language, within which limits, and what 查看 answers."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest

from directory.database import Database
from notifications.channels.port import Never
from notifications.channels.telegram_buttons import decode
from notifications.messages import LONGEST, Button
from notifications.rendering import no_longer_makes_sense
from tests.builders import Builders
from tests.filing_desk import Desk, at, filing_desk, renderer


@pytest.fixture
async def desk(database: Database, builders: Builders) -> AsyncIterator[Desk]:
    async with filing_desk(database, builders) as opened:
        yield opened


ALL = {"waiting", "acknowledged", "correcting", "completed", "withdrawn"}

DROPPED_CARDS = [
    # heading, view, ladder step, in which states an unsent one is no longer sent
    ("page", "group", "answer:0:group", {"completed", "withdrawn"}),
    ("page", "officer", "answer:0:A", {"completed", "withdrawn"}),
    ("page", "officer", None, {"completed", "withdrawn"}),
    ("reminder", "officer", "answer:1:A", ALL - {"waiting"}),
    ("reminder", "officer", "snooze:7:1566178200", ALL - {"waiting"}),
    ("escalation", "officer", "answer:2:B>leader", ALL - {"waiting"}),
    ("reminder", "officer", "result:0:acknowledger", ALL - {"acknowledged"}),
    ("escalation", "officer", "result+1:1:leader", ALL - {"acknowledged"}),
    ("filed", "collaborating", None, set()),
]


@pytest.mark.parametrize(("heading", "view", "step", "dropped"), DROPPED_CARDS)
async def test_a_card_whose_occasion_is_over_is_not_sent(
    desk: Desk, heading: str, view: str, step: str | None, dropped: set[str]
) -> None:
    row = await desk.row(view=view, heading=heading, step=step)
    over = set()
    for state in ALL:
        desk.filing.state = state
        if no_longer_makes_sense(desk.filing, row):
            over.add(state)
        row.shown = 1
        assert not no_longer_makes_sense(desk.filing, row), "a card once sent lives on"
        row.shown = None
    assert over == dropped


DROPPED_NEWS: list[tuple[str, dict[str, Any], dict[str, Any], bool]] = [
    # kind, payload, the filing now, whether the news (of 09:34) is dropped
    ("acknowledged", {}, {"state": "acknowledged", "acknowledged_at": at("09:34")}, False),
    ("acknowledged", {}, {"state": "completed", "acknowledged_at": at("09:34")}, False),
    ("acknowledged", {}, {"state": "waiting"}, True),
    ("acknowledged", {}, {"state": "acknowledged", "acknowledged_at": at("09:35")}, True),
    ("acknowledged", {}, {"state": "withdrawn", "acknowledged_at": at("09:34")}, True),
    ("result", {}, {"state": "completed", "result_at": at("09:34")}, False),
    ("result", {}, {"state": "completed", "result_at": at("09:36")}, True),
    ("result", {}, {"state": "acknowledged"}, True),
    ("corrected", {}, {"state": "correcting", "result_at": at("09:34")}, False),
    ("corrected", {}, {"state": "acknowledged"}, True),
    ("supplemented", {}, {"state": "acknowledged", "result_clock_from": at("09:34")}, False),
    ("supplemented", {}, {"state": "correcting", "result_clock_from": at("09:34")}, True),
    ("undone", {"undone": "acknowledged"}, {"state": "waiting"}, False),
    ("undone", {"undone": "acknowledged"}, {"acknowledged_at": at("09:35")}, True),
    ("undone", {"undone": "result"}, {"acknowledged_at": at("09:30")}, False),
    ("undone", {"undone": "result"}, {"result_at": at("09:35")}, True),
    ("withdrawn", {}, {"state": "withdrawn"}, False),
    ("nudged", {}, {"state": "waiting"}, False),
    ("nudged", {}, {"state": "correcting"}, True),
    ("nudged", {}, {"state": "withdrawn"}, True),
]


@pytest.mark.parametrize(("kind", "payload", "filing", "dropped"), DROPPED_NEWS)
async def test_news_that_no_longer_holds_is_not_sent(
    desk: Desk, kind: str, payload: dict[str, Any], filing: dict[str, Any], dropped: bool
) -> None:
    await desk.update(**filing)
    row = await desk.row(kind, "collaborating", payload=payload, created_at=at("09:34"))
    assert no_longer_makes_sense(desk.filing, row) is dropped


async def test_a_dropped_message_is_rendered_as_nothing(desk: Desk) -> None:
    await desk.acknowledge()
    row = await desk.page("a", "answer:1:A", heading="reminder")
    assert await renderer().render(desk.session, row, now=at("09:36")) is None


LANGUAGES = [
    # the officer's, the desk's, what is read
    (None, "zh-CN", "待签收"),
    (None, "en", "Awaiting acknowledgment"),
    ("en", "zh-CN", "Awaiting acknowledgment"),
    ("zh_CN", "en", "待签收"),
    ("zh", "en", "待签收"),
]


@pytest.mark.parametrize(("own", "of_desk", "read"), LANGUAGES)
async def test_a_person_reads_their_own_language_and_else_that_of_the_desk(
    desk: Desk, own: str | None, of_desk: str, read: str
) -> None:
    desk.people.a.language = own
    row = await desk.page("a", "answer:0:A")
    message = await renderer(of_desk).render(desk.session, row, now=at("09:30"))
    assert message is not None
    assert read in message.text.split("\n")[0]


async def test_buttons_carry_their_own_message_and_its_nonce(desk: Desk) -> None:
    row = await desk.row()
    message = await renderer().render(desk.session, row, now=at("09:30"))
    assert message is not None
    pressed = [decode(button.data or "") for line in message.buttons for button in line]
    assert [p and (p.action, p.row, p.nonce) for p in pressed] == [
        ("ack", row.id, "n0nce"),
        ("b", row.id, "n0nce"),
        ("look", row.id, "n0nce"),
    ]


async def test_undoing_is_offered_for_two_minutes(desk: Desk) -> None:
    row = await desk.row(shown=1)
    await desk.acknowledge()
    await desk.undo_until("09:36")
    offered = []
    for seconds in (119, 120):
        now = at("09:34") + timedelta(seconds=seconds)
        message = await renderer().render(desk.session, row, now=now)
        assert message is not None
        offered.append("撤销" in [button.text for line in message.buttons for button in line])
    assert offered == [True, False]


async def test_a_ready_text_passes_as_it_is(desk: Desk) -> None:
    buttons = [[{"text": "打开", "url": "https://example.test"}, {"text": "复制", "copy": "辽72"}]]
    payload = {"text": "<b>今日</b>", "buttons": buttons}
    row = await desk.row("reply", filing_id=None, payload=payload)
    message = await renderer().render(desk.session, row, now=at("09:30"))
    assert message is not None
    assert message.text == "<b>今日</b>"
    assert message.buttons == (
        (Button("打开", url="https://example.test"), Button("复制", copy="辽72")),
    )


class Html(HTMLParser):
    """Telegram's view of a text: only its tags, all closed; length counts after entities are parsed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.plain = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        assert tag in {"b", "code"}
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.plain += data


async def test_the_longest_names_and_notes_still_fit_and_break_no_markup(desk: Desk) -> None:
    nasty = "<i>&'\"</b>"
    desk.people.jurisdiction.name = desk.people.collaborating.name = (nasty * 20)[:128]
    for officer in (desk.people.a, desk.people.b, desk.people.leader):
        officer.name, officer.desk_phone = (nasty * 10)[:64], "0" * 64
    await desk.update(reference="长" * 64)
    sent = [await desk.page("a", "answer:0:A", "09:30") for _ in range(20)]
    rows = [
        await desk.row(),
        await desk.page("coordinator", "answer:4:coordinator", heading="escalation"),
    ]
    pages = [
        await renderer(x).render(desk.session, r, now=at("10:05"))
        for r in rows
        for x in ("zh-CN", "en")
    ]
    await desk.decide("correction", nasty * 100)
    cards = [await renderer().render(desk.session, sent[0], now=at("10:05"))]
    for message in pages + cards:
        assert message is not None
        html = Html(message.text)
        assert len(html.plain) <= LONGEST
        assert desk.people.jurisdiction.name in html.plain


async def test_the_path_tells_who_was_paged_when_and_whether_it_arrived(desk: Desk) -> None:
    await desk.happened("received", "陈洁（A岗）", "09:30")
    await desk.row(court_code="辽72", sent_at=at("09:30"))
    await desk.row(view="collaborating", heading="filed", sent_at=at("09:30"))
    await desk.page("a", "answer:0:A", "09:30")
    await desk.row(
        view="officer", heading="reminder", step="answer:1:A", outcome="failed",
        officer_id=desk.people.a.id, payload={"post": "A"}, created_at=at("09:35"),
    )  # fmt: skip
    await desk.page("b", "answer:2:B", "09:40", heading="escalation")
    await desk.happened("paged", "system", "09:30", "王建国（A岗）")
    await desk.happened("refused", "陈洁（A岗）", "09:41", "acknowledge: not_jurisdiction")
    await desk.happened("handed_over", "王建国（A岗）", "09:42", "13800138000")
    full = await renderer().path_text(desk.session, desk.filing, now=at("09:45"), locale="zh-CN")
    assert full == (
        "<b>【跨域立案】待签收　KY-2019-000123　大连海事法院</b>\n"
        "09:30　收到立案　陈洁（A岗）\n"
        "09:30　呼叫 大连海事法院（法院群）　已送达\n"
        "09:30　呼叫 王建国（A岗）　已送达\n"
        "09:35　提醒 王建国（A岗）　未送达\n"
        "09:40　升级 李敏（B岗）　已送达\n"
        "09:41　操作被拒绝　陈洁（A岗）　签收：不是管辖法院人员\n"
        "09:42　已转B岗　王建国（A岗）　→ 138****8000\n"
        "\n"
        "宁波海事法院提交时指定由大连海事法院管辖。"
        "按通讯录，该院今日值班：王建国（A岗）、李敏（B岗）。"
    )


@pytest.mark.parametrize(
    ("locale", "lines"),
    [
        (
            "zh-CN",
            [
                "09:30　呼叫 王建国（A岗）　未送达：聊天账号无法送达",
                "09:31　升级 李敏（B岗）　A岗聊天账号无法送达　已送达",
                "09:34　升级 赵强（带班领导）　A岗转交　已送达",
                "09:41　反馈结果　李敏（B岗）　登记立案",
                "09:42　已撤销上一步　李敏（B岗）　反馈结果",
            ],
        ),
        (
            "en",
            [
                "not delivered: cannot be reached in chat",
                "post A cannot be reached in chat",
                "handed over by post A",
                "Registered",
                "Result given",
            ],
        ),
    ],
)
async def test_the_path_says_reasons_and_results_in_words(desk: Desk, locale, lines) -> None:
    await desk.row(
        view="officer", heading="page", step="answer:0:A", outcome="failed",
        outcome_detail="blocked: Forbidden: bot was blocked by the user",
        officer_id=desk.people.a.id, payload={"post": "A"}, created_at=at("09:30"),
    )  # fmt: skip
    for person, post, reason, time in (
        (desk.people.b, "B", "blocked", "09:31"),
        (desk.people.leader, "leader", "handed_over", "09:34"),
    ):
        await desk.row(
            view="officer", heading="escalation", step=f"answer:1:{post}", outcome="sent",
            officer_id=person.id, sent_at=at(time), created_at=at(time),
            payload={"post": post, "standing_in_for": "A", "reason": reason},
        )  # fmt: skip
    await desk.happened("result", "李敏（B岗）", "09:41", "登记立案")
    await desk.happened("undone", "李敏（B岗）", "09:42", "result")
    full = await renderer(locale).path_text(
        desk.session, desk.filing, now=at("09:45"), locale=locale
    )
    assert [line for line in lines if line.casefold() not in full.casefold()] == [], full
    assert not re.search(r"handed_over|blocked|telegram|：?A: ", full)


async def test_the_path_in_short_fits_a_callback_answer_and_keeps_the_latest(desk: Desk) -> None:
    for minute in range(30, 60, 3):
        await desk.page("a", "answer:0:A", f"09:{minute}")
    short = await renderer().path_text(
        desk.session, desk.filing, now=at("10:00"), locale="zh-CN", short=True
    )
    assert short == (
        "待签收　KY-2019-000123\n"
        "09:42　呼叫 王建国（A岗）　已送达\n"
        "09:45　呼叫 王建国（A岗）　已送达\n"
        "09:48　呼叫 王建国（A岗）　已送达\n"
        "09:51　呼叫 王建国（A岗）　已送达\n"
        "09:54　呼叫 王建国（A岗）　已送达\n"
        "09:57　呼叫 王建国（A岗）　已送达\n"
        "宁波海事法院提交时指定由大连海事法院管辖。"
        "按通讯录，该院今日值班：王建国（A岗）、李敏（B岗）。"
    )
    assert len(short) <= 200


async def test_a_very_long_path_keeps_its_latest_lines_and_fits_a_message(desk: Desk) -> None:
    for number in range(200):
        await desk.happened("nudged", f"{number}<b>{'长' * 100}", "09:40")
    full = await renderer("en").path_text(desk.session, desk.filing, now=at("10:00"), locale="en")
    html = Html(full)
    assert len(html.plain) <= LONGEST
    assert "199<b>" in html.plain


async def test_what_was_meant_for_an_account_that_was_unlinked_is_not_sent_there(
    desk: Desk,
) -> None:
    page = await desk.page("a", "answer:0:A")
    desk.people.a.telegram_id = 999
    await desk.session.flush()
    assert await renderer().render(desk.session, page, now=at("09:30")) == Never("unlinked")
    page.shown = 1
    assert await renderer().render(desk.session, page, now=at("09:30")) is None
