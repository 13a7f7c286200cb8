"""The local Telegram is strict: what real Telegram refuses is refused here, in the same words."""

import aiohttp
import pytest


async def test_a_wrong_token_is_unauthorized(call):
    assert await call("getMe", token="123456:WRONG") == (
        401,
        {"ok": False, "error_code": 401, "description": "Unauthorized"},
    )


async def test_an_unknown_method_is_not_found(call):
    status, body = await call("sendMoney")
    assert (status, body["error_code"]) == (404, 404)


async def test_every_way_of_sending_parameters_is_understood(server, call, person):
    url = f"{server.api_url}/bot123456:TEST/sendMessage"
    fields = {"chat_id": str(person.id), "text": "好", "reply_markup": '{"force_reply": true}'}
    form = aiohttp.FormData()
    for name, value in fields.items():
        form.add_field(name, value, content_type="text/plain")
    form.add_field("disable_notification", "true")
    multipart = aiohttp.MultipartWriter("form-data")
    for name, value in fields.items():
        part = multipart.append(value)
        part.set_content_disposition("form-data", name=name)
    octets = {"Content-Type": "application/octet-stream"}
    answers = [
        await call.session.get(url, params=fields),
        await call.session.post(url, data=fields),
        await call.session.post(url, data=form),
        await call.session.post(url, data=multipart),
        await call.session.post(url, json={"chat_id": person.id, "text": "好"}),
        await call.session.post(url.replace("sendMessage", "getMe"), data=b"", headers=octets),
    ]
    assert [answer.status for answer in answers] == [200] * 6


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"'])
async def test_a_body_that_is_no_object_is_refused(server, call, body):
    url = f"{server.api_url}/bot123456:TEST/sendMessage"
    headers = {"Content-Type": "application/json"}
    async with call.session.post(url, data=body, headers=headers) as answer:
        assert answer.status == 400


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n"}, "message text is empty"),
        ({"text": "a" * 4097}, "message is too long"),
        ({"text": "3 < 4", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "a.b", "parse_mode": "MarkdownV2"}, "is reserved and must be escaped"),
        ({"text": "a", "chat_id": 99}, "chat not found"),
        ({"text": "a", "chat_id": "@nobody"}, "chat not found"),
        ({"text": "a", "chat_id": "--5"}, "chat not found"),
        ({"text": "a", "chat_id": "²"}, "chat not found"),
        ({"text": "a\ud800"}, "strings must be encoded in UTF-8"),
        ({"text": "a", "chat_id": 123456}, "chat not found"),
        ({"text": "a", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"text": "a", "entities": [{"type": "bold", "offset": 5, "length": 1}]}, "outside"),
        ({"text": "a", "colour": "red"}, "unknown parameter"),
        (
            {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "x"}]]}},
            "Text buttons are unallowed",
        ),
        (
            {
                "text": "a",
                "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "一" * 22}]]},
            },
            "BUTTON_DATA_INVALID",
        ),
    ],
)
async def test_a_wrong_message_is_refused(call, person, params, words):
    assert words in await call.no("sendMessage", **({"chat_id": person.id} | params))
    assert person.last() is None


async def test_a_reply_to_a_lost_message_may_go_out_as_a_plain_one(call, person):
    reply = {"message_id": 99, "allow_sending_without_reply": True}
    await call.ok("sendMessage", chat_id=person.id, text="好", reply_parameters=reply)
    assert person.last().text == "好"


async def test_a_bot_cannot_write_first(server, call):
    stranger = server.add_phone("李娜")
    words = await call.no("sendMessage", chat_id=stranger.id, text="好")
    assert words == "Forbidden: bot can't initiate conversation with a user"


async def test_a_blocked_bot_is_forbidden_until_it_is_unblocked(call, person):
    person.blocks_bot()
    words = await call.no("sendMessage", chat_id=person.id, text="好")
    assert words == "Forbidden: bot was blocked by the user"
    person.unblocks_bot()
    await call.ok("sendMessage", chat_id=person.id, text="好")


@pytest.mark.parametrize(("supergroup", "kind"), [(False, "group"), (True, "supergroup")])
async def test_a_kicked_bot_is_forbidden_until_it_is_brought_back(
    server, call, person, supergroup, kind
):
    group = server.add_group("组", [person], supergroup=supergroup)
    group.kick_bot()
    words = await call.no("sendMessage", chat_id=group.id, text="好")
    assert words == f"Forbidden: bot was kicked from the {kind} chat"
    group.add_bot(by=person)
    await call.ok("sendMessage", chat_id=group.id, text="好")


async def test_a_bot_that_left_is_not_a_member(call, group):
    await call.ok("leaveChat", chat_id=group.id)
    words = await call.no("sendMessage", chat_id=group.id, text="好")
    assert words == "Forbidden: bot is not a member of the group chat"


async def test_a_migrated_group_says_its_new_id(call, group):
    new = group.migrate()
    status, body = await call("sendMessage", chat_id=group.id, text="好")
    assert (status, body["parameters"]) == (400, {"migrate_to_chat_id": new.id})
    assert "upgraded to a supergroup" in body["description"]
    assert str(new.id).startswith("-100")
    await call.ok("sendMessage", chat_id=new.id, text="好")


async def test_an_edit_that_changes_nothing_is_refused_in_telegrams_words(call, group):
    keys = {"inline_keyboard": [[{"text": "签收", "callback_data": "ack:1"}]]}
    sent = await call.ok(
        "sendMessage", chat_id=group.id, text="<b>待</b>签收", parse_mode="HTML", reply_markup=keys
    )
    edit = {
        "chat_id": group.id,
        "message_id": sent["message_id"],
        "text": "<b>待</b>签收 ",
        "parse_mode": "HTML",
    }
    assert (await call.no("editMessageText", **edit, reply_markup=keys)).startswith(
        "message is not modified: specified new message content"
    )
    await call.ok("editMessageText", **(edit | {"parse_mode": None}), reply_markup=keys)
    await call.ok("editMessageText", **edit)
    assert group.last().buttons == [], "buttons left out of an edit are gone"
    assert group.last().edited_at is not None
    markup = {"chat_id": group.id, "message_id": sent["message_id"]}
    assert "not modified" in await call.no("editMessageReplyMarkup", **markup)
    await call.ok("editMessageReplyMarkup", **markup, reply_markup=keys)
    assert group.last().labels == ["签收"]


async def test_only_messages_that_are_there_and_ones_own_are_edited(call, group, person):
    words = await call.no("editMessageText", chat_id=group.id, message_id=999, text="x")
    assert words == "message to edit not found"
    theirs = person.says("/help", chat=group)
    words = await call.no("editMessageText", chat_id=group.id, message_id=theirs.id, text="x")
    assert words == "message can't be edited"
    contact = await call.ok("sendContact", chat_id=group.id, phone_number="1", first_name="a")
    words = await call.no(
        "editMessageText", chat_id=group.id, message_id=contact["message_id"], text="x"
    )
    assert words == "there is no text in the message to edit"


async def test_deleting_follows_telegrams_rules(call, group, person, moved):
    theirs = person.says("/help", chat=group)
    assert "can't be deleted" in await call.no(
        "deleteMessage", chat_id=group.id, message_id=theirs.id
    )
    sent = await call.ok("sendMessage", chat_id=group.id, text="好")
    await moved.advance(hours=49)
    old = {"chat_id": group.id, "message_id": sent["message_id"]}
    assert await call.no("deleteMessage", **old) == "message can't be deleted for everyone"
    fresh = await call.ok("sendMessage", chat_id=group.id, text="好")
    new = {"chat_id": group.id, "message_id": fresh["message_id"]}
    await call.ok("deleteMessage", **new)
    assert await call.no("deleteMessage", **new) == "message to delete not found"
    assert await call.no("editMessageText", **new, text="x") == "message to edit not found"


async def test_pinning_in_a_group_needs_an_administrator(call, group, person):
    sent = await call.ok("sendMessage", chat_id=group.id, text="好")
    pin = {"chat_id": group.id, "message_id": sent["message_id"]}
    assert await call.no("pinChatMessage", **pin) == (
        "not enough rights to manage pinned messages in the chat"
    )
    group.add_bot(admin=True)
    await call.ok("pinChatMessage", **pin)
    assert group.finds("好").pinned
    chat = await call.ok("getChat", chat_id=group.id)
    assert chat["pinned_message"]["text"] == "好"
    await call.ok("unpinChatMessage", chat_id=group.id)
    assert "not found" in await call.no("unpinChatMessage", chat_id=group.id)


async def test_ids_are_as_long_as_those_of_today(server, call, group):
    supergroup = server.add_group("组", supergroup=True)
    assert group.owner.id > 2**32
    assert -(2**52) < group.id < -(2**31)
    first = await call.ok("sendMessage", chat_id=supergroup.id, text="a")
    other = server.add_group("二组", supergroup=True)
    second = await call.ok("sendMessage", chat_id=other.id, text="b")
    assert first["message_id"] == second["message_id"], "each supergroup counts for itself"


async def test_members_are_known_by_their_status(server, call, group, person):
    stranger = server.add_phone("李娜")
    of = {"chat_id": group.id}
    assert (await call.ok("getChatMember", **of, user_id=person.id))["status"] == "creator"
    assert (await call.ok("getChatMember", **of, user_id=stranger.id))["status"] == "left"
    group.joined_by(stranger)
    assert (await call.ok("getChatMember", **of, user_id=stranger.id))["status"] == "member"
    assert await call.ok("getChatMemberCount", **of) == 3
    group.left_by(stranger)
    assert await call.ok("getChatMemberCount", **of) == 2
    admins = await call.ok("getChatAdministrators", **of)
    assert [member["user"]["id"] for member in admins] == [person.id]


async def test_a_copy_and_a_forward_carry_the_content(call, person, group):
    said = person.says("三号窗口")
    source = {"chat_id": group.id, "from_chat_id": person.id, "message_id": said.id}
    await call.ok("copyMessage", **source)
    assert not group.last().forwarded
    await call.ok("forwardMessage", **source)
    assert group.last().forwarded
    assert group.last().text == "三号窗口"
    guarded = await call.ok("sendMessage", chat_id=person.id, text="密", protect_content=True)
    source["message_id"] = guarded["message_id"]
    assert "can't be forwarded" in await call.no("forwardMessage", **source)
    assert await call.no("copyMessage", **(source | {"message_id": 999})) == (
        "message to copy not found"
    )


async def test_unfetched_updates_are_forgotten_after_a_day(call, person, moved):
    await moved.advance(hours=25)
    assert await call.ok("getUpdates") == []
    person.says("/help")
    await moved.advance(hours=23)
    assert len(await call.ok("getUpdates")) == 1
