"""The Telegram channel against the local Telegram: what arrives, and what each failure means."""

import asyncio
import logging
from collections import Counter
from datetime import timedelta

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest

from bot.sandbox import Fault, FaultPlan, Limits, LocalTelegram
from directory.clock import SystemClock
from notifications import outbox
from notifications.channels.port import Later, Moved, Never, Sent
from notifications.channels.telegram import TelegramChannel, make_bot, outcome_of
from notifications.dispatch import Dispatcher
from notifications.messages import Button, Message
from notifications.notice_text import Attachment
from notifications.outbox_rules import Rates
from tests.outbox_desk import until, written

TOKEN = "123456:TEST-SECRET"


@pytest.fixture
async def telegram():
    async with LocalTelegram(TOKEN, limits=Limits.lifted()) as server:
        yield server


@pytest.fixture
async def channel(telegram):
    bot = make_bot(TOKEN, telegram.api_url)
    await bot.initialize()
    yield TelegramChannel(bot)
    await bot.shutdown()


@pytest.fixture
def phone(telegram):
    person = telegram.add_phone("王建国", 101)
    person.start()
    return person


async def send(channel, chat_id, text="一", **how):
    message = text if isinstance(text, Message) else Message(text)
    return await channel.send(chat_id, message, **{"silent": False, "reply_to": None} | how)


async def test_a_question_opens_the_field_for_the_reply(channel, phone):
    await send(channel, 101, Message("为什么？", asks="写明原因"))
    assert phone.last().keyboard == {
        "force_reply": True,
        "selective": False,
        "input_field_placeholder": "写明原因",
    }


async def test_a_message_arrives_with_markup_and_every_kind_of_button(channel, phone):
    message = Message(
        "<b>【跨域立案】</b> KY-1 &lt;急&gt; https://example.org",
        (
            (
                Button("签收", data="ack:1:abc", style="success"),
                Button("查看", url="https://a.cn/1"),
            ),
            (Button("复制", copy="KY-1"), Button("查找", inline="大连")),
        ),
    )
    outcome = await send(channel, phone.id, message, silent=True)
    shown = phone.last()
    assert outcome == Sent(shown.id)
    assert shown.text == "【跨域立案】 KY-1 <急> https://example.org"
    assert shown.labels == ["签收", "查看", "复制", "查找"]
    assert shown.silent
    assert "bold" in {entity["type"] for entity in shown.entities}


async def test_link_previews_are_off_for_sends_and_edits(channel, telegram, phone):
    sent = await send(channel, phone.id, "https://example.org")
    await channel.edit(phone.id, sent.message_id, Message("https://example.net"))
    for call in telegram.calls_of("sendMessage", "editMessageText"):
        assert "is_disabled" in str(call.params["link_preview_options"])


@pytest.mark.parametrize("kind", ["document", "photo", "video"])
async def test_a_file_that_telegram_has_is_sent_on_and_taken_away(channel, phone, telegram, kind):
    file_id = telegram.world.keep_file(kind, "值班表", b"content")["file_id"]
    message = Message("", attachment=Attachment(kind, file_id))
    sent = await send(channel, 101, message, silent=True)
    assert phone.last().file == b"content"
    assert phone.last().silent
    gone = Message("", taken_away=True)
    assert await channel.edit(101, sent.message_id, gone) == Sent(sent.message_id)
    assert phone.last() is None or phone.last().file is None
    assert await channel.edit(101, sent.message_id, gone) == Sent(sent.message_id)


async def test_what_is_two_days_old_cannot_be_taken_away(channel, phone, telegram):
    sent = await send(channel, 101)
    at = telegram.world.clock() + timedelta(days=3)
    telegram.world.clock = lambda: at
    outcome = await channel.edit(101, sent.message_id, Message("", taken_away=True))
    assert (type(outcome), outcome.reason) == (Never, "gone")


async def test_an_answer_arrives_although_its_question_is_gone(channel, phone):
    question = phone.says("/help")
    await send(channel, phone.id, "答", reply_to=question.id)
    assert phone.last().reply_to == question.id
    assert isinstance(await send(channel, phone.id, "答", reply_to=99_999), Sent)


async def test_an_edit_replaces_text_and_buttons(channel, phone):
    sent = await send(channel, phone.id, Message("待签收", ((Button("签收", data="ack:1:x"),),)))
    assert await channel.edit(phone.id, sent.message_id, Message("已签收")) == sent
    assert (phone.last().text, phone.last().labels) == ("已签收", [])


async def test_an_edit_that_changes_nothing_is_a_success(channel, phone):
    sent = await send(channel, phone.id)
    assert await channel.edit(phone.id, sent.message_id, Message("一")) == sent


async def test_an_edit_of_what_is_not_there_is_final(channel, phone):
    outcome = await channel.edit(phone.id, 4711, Message("一"))
    assert (type(outcome), outcome.reason) == (Never, "gone")


async def test_a_person_who_blocked_the_bot_is_final(channel, phone):
    phone.blocks_bot()
    outcome = await send(channel, phone.id)
    assert (type(outcome), outcome.reason) == (Never, "blocked")


async def test_a_person_who_never_began_is_final(channel, telegram):
    telegram.add_phone("陌生人", 500)
    outcome = await send(channel, 500)
    assert (type(outcome), outcome.reason) == (Never, "blocked")


async def test_an_unknown_chat_is_final(channel):
    outcome = await send(channel, 424242)
    assert (type(outcome), outcome.reason) == (Never, "unknown_chat")


async def test_a_group_that_put_the_bot_out_is_final(channel, telegram, phone):
    group = telegram.add_group("大连海事法院", [phone])
    assert isinstance(await send(channel, group.id), Sent)
    group.kick_bot()
    outcome = await send(channel, group.id)
    assert (type(outcome), outcome.reason) == (Never, "kicked")


async def test_a_group_turned_supergroup_says_its_new_number(channel, telegram, phone):
    group = telegram.add_group("大连海事法院", [phone], supergroup=False)
    bigger = group.migrate()
    assert await send(channel, group.id) == Moved(bigger.id)
    assert isinstance(await send(channel, bigger.id), Sent)


@pytest.mark.parametrize("text", ["<b>未结束", "", "长" * 4097])
async def test_a_message_that_telegram_does_not_take_is_refused(channel, phone, text):
    outcome = await send(channel, phone.id, text)
    assert (type(outcome), outcome.reason) == (Never, "refused")


async def test_too_many_in_a_chat_is_told_with_the_time_to_wait(channel, telegram, phone):
    telegram.limits = Limits.real()
    outcomes = [await send(channel, phone.id) for _ in range(2)]
    assert outcomes[1] == Later("rate_limited", retry_after=1.0)


@pytest.mark.parametrize(
    ("fault", "reason", "arrived"),
    [
        (Fault.INTERNAL_ERROR, "network", False),
        (Fault.BAD_GATEWAY, "network", False),
        (Fault.CUT, "network", True),
        (Fault.JUNK, "telegram:TelegramError", True),
        (Fault.JUNK_JSON, None, True),
    ],
)
async def test_a_broken_answer_is_a_failure_for_now_and_ambiguous(
    channel, telegram, phone, fault, reason, arrived
):
    telegram.faults = FaultPlan.always(fault)
    outcome = await send(channel, phone.id)
    assert isinstance(outcome, Later)
    assert outcome.ambiguous
    if reason is not None:
        assert outcome.reason == reason
    assert (phone.finds("一") is not None) is arrived


async def test_an_outage_is_a_failure_for_now_in_which_nothing_arrived(channel, telegram, phone):
    await telegram.stop()
    assert await send(channel, phone.id) == Later("network")
    await telegram.start()
    assert isinstance(await send(channel, phone.id), Sent)


async def test_a_wrong_token_is_a_failure_for_now_and_stays_secret(telegram, phone, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    wrong = "123456:ANOTHER-SECRET"
    bot = make_bot(wrong, telegram.api_url)
    await asyncio.gather(*(request.initialize() for request in bot._request))
    assert await send(TelegramChannel(bot), phone.id) == Later("token")
    await asyncio.gather(*(request.shutdown() for request in bot._request))
    printed = capsys.readouterr()
    assert "ANOTHER-SECRET" not in printed.out + printed.err
    # The library's own debug lines are not for production; what is printed by default is.
    shown = [record.getMessage() for record in caplog.records if record.levelno >= logging.INFO]
    assert "ANOTHER-SECRET" not in "\n".join(shown)


async def test_the_environments_proxy_is_not_obeyed(monkeypatch, telegram, phone):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    async with make_bot(TOKEN, telegram.api_url) as bot:
        assert isinstance(await send(TelegramChannel(bot), phone.id), Sent)


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "chat_id", "outcome"),
    [
        (RetryAfter(17), 1, Later("rate_limited", retry_after=17)),
        (ChatMigrated(-100500), -5, Moved(-100500)),
        (Forbidden("Forbidden: user is deactivated"), 1, "blocked"),
        (Forbidden("Forbidden: bot is not a member of the supergroup chat"), -5, "kicked"),
        (BadRequest("Chat not found"), 1, "unknown_chat"),
        (BadRequest("PEER_ID_INVALID"), 1, "unknown_chat"),
        (BadRequest("Not enough rights to send text messages to the chat"), -5, "kicked"),
        (BadRequest("CHAT_WRITE_FORBIDDEN"), -5, "kicked"),
        (BadRequest("Message can't be edited"), 1, "gone"),
        (BadRequest("Message to edit not found"), 1, "gone"),
        (BadRequest("Button_data_invalid"), 1, "refused"),
        (TimedOut(), 1, Later("timeout", ambiguous=True)),
        (caused(TimedOut(), httpx.ReadTimeout("")), 1, Later("timeout", ambiguous=True)),
        (caused(TimedOut(), httpx.ConnectTimeout("")), 1, Later("timeout")),
        (caused(TimedOut("Pool timeout"), httpx.PoolTimeout("")), 1, Later("timeout")),
        (caused(NetworkError(""), httpx.ConnectError("")), 1, Later("network")),
        (caused(NetworkError(""), httpx.ReadError("")), 1, Later("network", ambiguous=True)),
        (NetworkError("Too Many Requests"), 1, Later("rate_limited", retry_after=1)),
        (InvalidToken("Not Found"), 1, Later("token")),
        (Conflict("x"), 1, Later("telegram:Conflict", ambiguous=True)),
        (TypeError("junk"), 1, Later("junk:TypeError", ambiguous=True)),
        (RuntimeError("not initialized"), 1, Later("junk:RuntimeError", ambiguous=True)),
    ],
)
def test_what_each_exception_means(error, chat_id, outcome):
    found = outcome_of(error, chat_id)
    if isinstance(outcome, str):
        assert isinstance(found, Never)
        assert found.reason == outcome
    else:
        assert found == outcome


async def test_a_burst_meets_no_refusal_at_telegrams_real_limits(database, telegram, channel):
    """Two seconds of real time: the pace over all chats, one a second in a chat, sends and edits."""
    telegram.limits = Limits.real()
    people = [telegram.add_phone(f"人{number}", 1000 + number) for number in range(40)]
    for person in people:
        person.start()
    clock = SystemClock()

    async def failed(session, outgoing, reason, *, now):
        raise AssertionError(reason)

    dispatcher = Dispatcher(database, {"telegram": channel}, written, Rates(), clock, failed)
    chats = [person.id for person in people] + [people[0].id] * 2
    rows = [
        outbox.row("reply", chat, {"text": str(place)}, priority=outbox.REPLY, now=clock.now())
        for place, chat in enumerate(chats)
    ]
    task = asyncio.create_task(dispatcher.run())
    async with database.transaction() as session:
        await outbox.write(session, rows)
    await until(lambda: dispatcher.sent == len(rows), patience=10)
    await dispatcher.stop(5)
    await task
    calls = telegram.calls_of("sendMessage")
    assert Counter(call.outcome for call in calls) == {"ok": len(rows)}
    assert calls[39].arrived - calls[0].arrived < 39 / 29 * 1.1
    assert (dispatcher.rate_limited, dispatcher.failed_for_now) == (0, 0)


async def test_pages_survive_a_lossy_telegram(database, telegram, channel):
    people = [telegram.add_phone(f"人{number}", 1000 + number) for number in range(60)]
    for person in people:
        person.start()
    faults = dict.fromkeys(
        [Fault.INTERNAL_ERROR, Fault.BAD_GATEWAY, Fault.CUT, Fault.JUNK, Fault.JUNK_JSON], 0.08
    )
    telegram.faults = FaultPlan(seed=3, calls=faults).only("sendMessage")
    clock = SystemClock()

    async def failed(session, outgoing, reason, *, now):
        raise AssertionError(reason)

    # Pauses are cut to nothing, so that the test need not wait for a clock.
    dispatcher = Dispatcher(
        database, {"telegram": channel}, written, Rates(0, 0, 0), clock, failed, spread=lambda: 4.0
    )
    rows = [
        outbox.row("reply", person.id, {"text": "页"}, priority=outbox.PAGE, now=clock.now())
        for person in people
    ]
    task = asyncio.create_task(dispatcher.run())
    async with database.transaction() as session:
        await outbox.write(session, rows)
    await until(lambda: dispatcher.sent == len(rows), patience=20)
    await dispatcher.stop(5)
    await task
    assert all(person.finds("页") for person in people)
    assert dispatcher.failed_for_now > 5


def test_an_answer_that_cannot_be_read_is_not_written_into_the_log(caplog):
    make_bot("123456:" + "A" * 35, "http://127.0.0.1:1")
    cut = '{"ok":true,"result":[{"update_id":7,"message":{"text":"当事人甲"'.encode()
    with pytest.raises(TelegramError):
        BaseRequest.parse_json_payload(cut)
    assert "当事人" not in caplog.text
