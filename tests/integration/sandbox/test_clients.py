"""Two independent clients, python-telegram-bot and aiogram, live with the local Telegram over HTTP."""

import asyncio

import pytest
import telegram as ptb
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, RetryAfter

from bot.sandbox import Limits, LocalTelegram

TOKEN = "123456:TEST"


@pytest.fixture
async def server():
    async with LocalTelegram(limits=Limits.lifted()) as running:
        yield running


@pytest.fixture
def person(server):
    phone = server.add_phone("张伟")
    phone.start("CODE")
    return phone


@pytest.fixture
async def bot(server):
    base = f"{server.api_url}/bot"
    async with ptb.Bot(TOKEN, base_url=base, base_file_url=f"{server.api_url}/file/bot") as client:
        yield client


@pytest.fixture
async def other(server, aiogram):
    api = aiogram.client.telegram.TelegramAPIServer.from_base(server.api_url)
    session = aiogram.client.session.aiohttp.AiohttpSession(api=api)
    client = aiogram.Bot(TOKEN, session=session)
    yield client
    await session.close()


def keys(*labels):
    return ptb.InlineKeyboardMarkup(
        [[ptb.InlineKeyboardButton(x, callback_data=f"do:{i}") for i, x in enumerate(labels)]]
    )


async def test_ptb_sends_edits_and_is_pressed(bot, person, group):
    sent = await bot.send_message(
        group.id,
        "<b>待签收</b>",
        parse_mode="HTML",
        reply_markup=keys("签收"),
        protect_content=True,
    )
    assert sent.entities[0].type == "bold"
    pressed = person.presses("签收", chat=group)
    updates = await bot.get_updates(timeout=2)
    assert [type(u.effective_user) for u in updates] == [ptb.User] * len(updates)
    query = updates[-1].callback_query
    assert (query.data, query.message.text, query.from_user.id) == ("do:0", "待签收", person.id)
    await query.answer("已签收")
    await query.edit_message_text("已签收 张伟")
    assert (await pressed.answer()).text == "已签收"
    assert person.last(group).text == "已签收 张伟"
    assert person.last(group).protected


async def test_ptb_meets_the_exceptions_of_real_telegram(server, bot, person, group, monkeypatch):
    # RetryAfter warns of a coming change of type unless the new type is chosen.
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    with pytest.raises(Forbidden):
        await bot.send_message(server.add_phone("李娜").id, "好")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(5, "好")
    new = group.migrate()
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(group.id, "好")
    assert moved.value.new_chat_id == new.id
    server.limits = Limits.real()
    await bot.send_message(person.id, "一")
    with pytest.raises(RetryAfter):
        await bot.send_message(person.id, "二")


async def test_ptb_does_everything_else_the_product_needs(bot, person, group):
    group.add_bot(admin=True)
    menu = [ptb.BotCommand("find", "查法院")]
    await bot.set_my_commands(menu, scope=ptb.BotCommandScopeAllPrivateChats(), language_code="zh")
    assert await bot.get_my_commands(
        scope=ptb.BotCommandScopeAllPrivateChats(), language_code="zh"
    ) == tuple(menu)
    await bot.set_my_description("值班台", language_code="zh")
    assert (await bot.get_my_description("zh")).description == "值班台"
    await bot.set_my_short_description("值班")
    document = await bot.send_document(person.id, b"a,b", filename="报表.csv", caption="日报")
    assert document.document.file_name == "报表.csv"
    file = await bot.get_file(document.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"a,b"
    await bot.send_document(person.id, document.document.file_id)
    await bot.send_photo(
        person.id, b"\x89PNG\r\n\x1a\n" + bytes(8) + bytes([0, 0, 0, 9, 0, 0, 0, 7])
    )
    await bot.send_contact(person.id, "0411-1", "立案庭")
    await bot.send_chat_action(person.id, "typing")
    sent = await bot.send_message(
        group.id,
        "置顶",
        reply_parameters=ptb.ReplyParameters(group.messages()[0].id),
        link_preview_options=ptb.LinkPreviewOptions(is_disabled=True),
        disable_notification=True,
    )
    assert group.last().silent
    await bot.pin_chat_message(group.id, sent.message_id)
    await bot.unpin_chat_message(group.id, sent.message_id)
    await bot.copy_message(person.id, group.id, sent.message_id)
    await bot.forward_message(person.id, group.id, sent.message_id)
    await bot.edit_message_reply_markup(group.id, sent.message_id, reply_markup=keys("看"))
    await bot.delete_message(group.id, sent.message_id)
    assert (await bot.get_chat(group.id)).title == "大连海事法院立案组"
    assert (await bot.get_chat_member(group.id, person.id)).status == "creator"
    assert len(await bot.get_chat_administrators(group.id)) == 2
    assert await bot.get_chat_member_count(group.id) == 2
    await bot.leave_chat(group.id)


async def test_ptb_answers_inline(bot, person):
    search = person.inline("甘井子")
    query = (await bot.get_updates(timeout=2))[-1].inline_query
    content = ptb.InputTextMessageContent("辽0211", parse_mode="HTML")
    found = [
        ptb.InlineQueryResultArticle("1", "甘井子区人民法院", content, description="辽0211"),
        ptb.InlineQueryResultContact("2", "0411-1", "立案庭"),
    ]
    await query.answer(found, is_personal=True, cache_time=0)
    listed = await search.results()
    assert [r.title for r in listed] == ["甘井子区人民法院", "立案庭"]
    assert (search.answer["is_personal"], search.answer["cache_time"]) == (True, 0)
    assert person.picks(listed[0]).text == "辽0211"


async def test_the_earlier_of_two_polls_gets_conflict(bot, other):
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(other.get_updates(timeout=1))
    with pytest.raises(Conflict, match="terminated by other getUpdates"):
        await first
    assert await second == []


@pytest.mark.xdist_group("aiogram")
async def test_aiogram_sends_edits_and_is_pressed(aiogram, other, person, group):
    button = aiogram.types.InlineKeyboardButton(text="签收", callback_data="do:0")
    markup = aiogram.types.InlineKeyboardMarkup(inline_keyboard=[[button]])
    sent = await other.send_message(
        group.id, "<b>待签收</b>", parse_mode="HTML", reply_markup=markup, protect_content=True
    )
    assert sent.html_text == "<b>待签收</b>"
    pressed = person.presses("签收", chat=group)
    updates = await other.get_updates(timeout=2, allowed_updates=["callback_query", "message"])
    query = updates[-1].callback_query
    await other.answer_callback_query(query.id, text="已签收", show_alert=True)
    await other.edit_message_text("已签收", chat_id=group.id, message_id=query.message.message_id)
    assert (await pressed.answer()).show_alert
    assert person.last(group).text == "已签收"


@pytest.mark.xdist_group("aiogram")
async def test_aiogram_uploads_and_meets_the_exceptions(aiogram, server, other, person, group):
    file = aiogram.types.BufferedInputFile(b"a,b", "报表.csv")
    sent = await other.send_document(person.id, file, caption="日报")
    assert sent.document.file_size == 3
    assert person.last().file == b"a,b"
    person.blocks_bot()
    with pytest.raises(aiogram.exceptions.TelegramForbiddenError):
        await other.send_message(person.id, "好")
    with pytest.raises(aiogram.exceptions.TelegramBadRequest, match="message text is empty"):
        await other.send_message(group.id, " ")
    new = group.migrate()
    with pytest.raises(aiogram.exceptions.TelegramMigrateToChat) as moved:
        await other.send_message(group.id, "好")
    assert moved.value.migrate_to_chat_id == new.id
    server.limits = Limits.real()
    await other.send_message(new.id, "一")
    with pytest.raises(aiogram.exceptions.TelegramRetryAfter):
        await other.send_message(new.id, "二")
