"""Answers to presses and inline queries, and command menus, in the local Telegram: as strict as the real one."""

import pytest


async def press(call, person):
    keys = {"inline_keyboard": [[{"text": "签收", "callback_data": "ack:1"}]]}
    await call.ok("sendMessage", chat_id=person.id, text="待签收", reply_markup=keys)
    return person.presses("签收")


TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


async def test_a_press_is_answered_once_and_within_fifteen_minutes(call, person, moved):
    pressed = await press(call, person)
    assert await call.no("answerCallbackQuery", callback_query_id="1") == TOO_OLD
    words = await call.no("answerCallbackQuery", callback_query_id=pressed.id, text="好" * 201)
    assert words == "MESSAGE_TOO_LONG"
    await call.ok("answerCallbackQuery", callback_query_id=pressed.id, text="好", show_alert=True)
    assert await pressed.answer() == pressed.answered
    assert (pressed.answered.text, pressed.answered.show_alert) == ("好", True)
    assert await call.no("answerCallbackQuery", callback_query_id=pressed.id) == TOO_OLD
    late = person.presses("签收")
    await moved.advance(minutes=15, seconds=1)
    assert await call.no("answerCallbackQuery", callback_query_id=late.id) == TOO_OLD


def article(number, text="甘井子"):
    content = {"message_text": text}
    return {"type": "article", "id": number, "title": text, "input_message_content": content}


async def test_an_inline_answer_is_checked_before_it_is_shown(call, person, moved):
    search = person.inline("甘井子")
    query = {"inline_query_id": search.id}
    double = [article("1"), article("1")]
    assert await call.no("answerInlineQuery", **query, results=double) == "RESULT_ID_DUPLICATE"
    many = [article(str(n)) for n in range(51)]
    assert await call.no("answerInlineQuery", **query, results=many) == "RESULTS_TOO_MUCH"
    long = [article("x" * 65)]
    assert await call.no("answerInlineQuery", **query, results=long) == "RESULT_ID_INVALID"
    await moved.advance(seconds=31)
    assert await call.no("answerInlineQuery", **query, results=[article("1")]) == TOO_OLD


async def test_an_answer_that_is_not_personal_is_shown_to_everybody(server, call, person):
    other = server.add_phone("李娜")
    first = person.inline("甘井子")
    await call.ok("answerInlineQuery", inline_query_id=first.id, results=[article("1")])
    kept = other.inline("甘井子")
    assert [result.title for result in await kept.results()] == ["甘井子"]
    assert kept.ask.from_cache, "Telegram asks the bot no second time"


async def test_a_personal_answer_without_cache_is_asked_for_again(server, call, person):
    other = server.add_phone("李娜")
    options = {"is_personal": True, "cache_time": 0}
    first = person.inline("甘井子")
    await call.ok("answerInlineQuery", inline_query_id=first.id, results=[article("1")], **options)
    assert person.inline("甘井子").answer is None
    assert other.inline("甘井子").answer is None


@pytest.mark.parametrize(
    ("commands", "words"),
    [
        ([{"command": "Find", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "查", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "find", "description": " "}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": f"c{n}", "description": "x"} for n in range(101)], "BOT_COMMANDS_TOO_MUCH"),
    ],
)
async def test_a_wrong_command_menu_is_refused(call, commands, words):
    assert await call.no("setMyCommands", commands=commands) == words


async def test_the_menu_is_kept_for_each_scope_and_language(call):
    private, groups = {"type": "all_private_chats"}, {"type": "all_group_chats"}
    for scope, language, word in ((private, "zh", "查"), (private, "", "find"), (groups, "", "g")):
        commands = [{"command": "find", "description": word}]
        await call.ok("setMyCommands", commands=commands, scope=scope, language_code=language)
    found = await call.ok("getMyCommands", scope=private, language_code="zh")
    assert found == [{"command": "find", "description": "查"}]
    await call.ok("deleteMyCommands", scope=private, language_code="zh")
    assert await call.ok("getMyCommands", scope=private, language_code="zh") == []
    assert await call.ok("getMyCommands") == []
