"""The phones: what a person can do, what the bot is told of it, and the same over HTTP."""

import asyncio
import base64

import pytest

from bot.sandbox import Limits, LocalTelegram, PhoneError


@pytest.fixture
async def server():
    async with LocalTelegram(limits=Limits.lifted()) as telegram:
        yield telegram


@pytest.fixture
def group(server, person):
    return server.add_group("大连海事法院立案组", [person], announced=False)


KEYS = {
    "inline_keyboard": [
        [
            {"text": "✅ 签收", "callback_data": "ack:1"},
            {"text": "稍后", "callback_data": "later:1"},
        ],
        [{"text": "网页", "url": "https://t.me/x"}],
    ]
}


async def told(call):
    """What the bot was told, each as (kind, payload); confirms it."""
    updates = await call.ok("getUpdates")
    if updates:
        await call.ok("getUpdates", offset=updates[-1]["update_id"] + 1)
    return [(kind, body) for u in updates for kind, body in u.items() if kind != "update_id"]


async def hears(call, kind):
    """The next update of one kind; what comes before it is confirmed and passed by."""
    offset = 0
    while True:
        for update in await call.ok("getUpdates", offset=offset, timeout=2):
            offset = update["update_id"] + 1
            if kind in update:
                return update[kind]


async def test_in_a_group_the_bot_hears_only_what_is_meant_for_it(call, person, group):
    await told(call)
    sent = await call.ok("sendMessage", chat_id=group.id, text="待签收")
    question = next(m for m in group.messages() if m.id == sent["message_id"])
    person.says("大家好", chat=group)
    person.says("/help", chat=group)
    person.says("/help@other_bot", chat=group)
    person.says("/help@Liaison_Bot", chat=group)
    person.says("收到", chat=group, reply_to=question)
    heard = [body["text"] for _, body in await told(call)]
    assert heard == ["/help", "/help@Liaison_Bot", "收到"]


@pytest.mark.parametrize("how", ["administrator", "privacy off"])
async def test_an_administrator_or_a_bot_without_privacy_hears_everything(
    server, call, person, group, how
):
    server.world.privacy_mode = how == "administrator"
    if how == "administrator":
        group.add_bot(admin=True)
    await told(call)
    person.says("大家好", chat=group)
    assert [body["text"] for _, body in await told(call)] == ["大家好"]


async def test_those_without_a_name_are_marked_as_on_telegram(call, group):
    await told(call)
    group.says_anonymously("/ack KY-1")
    group.says_as_channel("/ack KY-1", channel="频道")
    (_, hidden), (_, channel) = await told(call)
    assert hidden["from"]["username"] == "GroupAnonymousBot"
    assert hidden["sender_chat"]["id"] == group.id
    assert channel["from"]["username"] == "Channel_Bot"
    assert channel["sender_chat"]["type"] == "channel"


@pytest.mark.parametrize(
    ("supergroup", "status"), [(False, "left"), (True, "kicked")], ids=["group", "supergroup"]
)
async def test_the_bot_is_told_of_its_own_coming_and_going(
    server, call, person, supergroup, status
):
    await told(call)
    group = server.add_group("组", [person], supergroup=supergroup)
    group.kick_bot(by=person)
    kinds = [
        body["new_chat_member"]["status"] if kind == "my_chat_member" else next(iter(body))
        for kind, body in await told(call)
    ]
    assert kinds == ["member", "message_id", status, *([] if supergroup else ["message_id"])]


async def test_blocking_is_told(call, person):
    await told(call)
    person.blocks_bot()
    with pytest.raises(PhoneError, match="blocked"):
        person.says("你好")
    person.unblocks_bot()
    statuses = [body["new_chat_member"]["status"] for _, body in await told(call)]
    assert statuses == ["kicked", "member"]


async def test_a_migration_is_told_in_both_chats(call, person, group):
    await told(call)
    new = group.migrate()
    (_, farewell), (_, hail) = await told(call)
    assert (farewell["chat"]["id"], farewell["migrate_to_chat_id"]) == (group.id, new.id)
    assert (hail["chat"]["id"], hail["migrate_from_chat_id"]) == (new.id, group.id)
    assert (new.chat.type, new.title) == ("supergroup", group.title)
    with pytest.raises(PhoneError, match="supergroup"):
        person.says("/help", chat=group)
    with pytest.raises(PhoneError, match="no basic group"):
        group.migrate()
    person.says("/help", chat=new)
    assert [body["text"] for _, body in await told(call)] == ["/help"]


async def test_buttons_are_found_by_their_words_and_only_where_they_are(call, person, group):
    await call.ok("sendMessage", chat_id=group.id, text="待签收", reply_markup=KEYS)
    assert person.presses("签收", chat=group).button.data == "ack:1"
    assert person.presses("later:1", chat=group).button.text == "稍后"
    link = person.presses("网页", chat=group)
    assert (link.button.url, link.id) == ("https://t.me/x", "")
    with pytest.raises(PhoneError, match="asks the bot nothing"):
        await link.answer()
    with pytest.raises(PhoneError, match="sees no button '转B岗'"):
        person.presses("转B岗", chat=group)
    with pytest.raises(PhoneError, match="sees no button"):
        person.presses("签收")


async def test_an_old_button_is_gone_after_an_edit_but_can_be_forged(call, person, group):
    sent = await call.ok("sendMessage", chat_id=group.id, text="待签收", reply_markup=KEYS)
    await call.ok("editMessageText", chat_id=group.id, message_id=sent["message_id"], text="已签收")
    card = person.last(group)
    with pytest.raises(PhoneError):
        person.presses("签收", on=card)
    await told(call)
    forged = person.presses_data("ack:1", on=card)
    ((kind, query),) = await told(call)
    assert (kind, query["data"], query["id"]) == ("callback_query", "ack:1", forged.id)


async def test_a_press_nobody_answers_times_out(call, person):
    await call.ok("sendMessage", chat_id=person.id, text="待签收", reply_markup=KEYS)
    with pytest.raises(TimeoutError, match="签收"):
        await person.presses("签收").answer(timeout=0.01)


async def test_strangers_see_nothing_of_a_group(server, call, person, group):
    stranger = server.add_phone("李娜")
    await call.ok("sendMessage", chat_id=group.id, text="待签收", reply_markup=KEYS)
    card = person.last(group)
    for action in (
        lambda: stranger.messages(group),
        lambda: stranger.says("/help", chat=group),
        lambda: stranger.presses_data("ack:1", on=card),
    ):
        with pytest.raises(PhoneError, match="is not in"):
            action()


async def test_protected_messages_cannot_be_forwarded_and_callbacks_are_lost(call, person, group):
    plain = await call.ok("sendMessage", chat_id=person.id, text="待签收", reply_markup=KEYS)
    forwarded = person.forwards(person.last(), to=group)
    assert (forwarded.forwarded, forwarded.buttons) == (True, [])
    await call.ok("sendMessage", chat_id=person.id, text="密", protect_content=True)
    with pytest.raises(PhoneError, match="protected"):
        person.forwards(person.last(), to=group)
    await call.ok("deleteMessage", chat_id=person.id, message_id=plain["message_id"])
    assert person.finds("待签收") is None
    assert [m.deleted for m in person.messages() if m.id == plain["message_id"]] == [True]


async def test_what_is_shown_is_the_present_state(call, person):
    sent = await call.ok(
        "sendMessage", chat_id=person.id, text="待 签收 甲", disable_notification=True
    )
    shown = person.finds("签收 甲")
    assert (shown.silent, shown.edited_at, shown.id) == (True, None, sent["message_id"])
    await call.ok("editMessageText", chat_id=person.id, message_id=shown.id, text="已签收")
    assert person.finds("签收 甲") is None
    assert person.last().edited_at is not None
    person.says("已签收 了吗")
    assert person.finds("已签收").id == shown.id, "one's own words are not what one waits for"


async def test_waiting_tells_what_was_there_instead(server, call, person):
    await call.ok("sendMessage", chat_id=person.id, text="别的")
    with pytest.raises(AssertionError, match="别的"):
        await server.until(lambda: person.finds("尚未签收"), timeout=0.01)
    with pytest.raises(AssertionError, match="别的"):
        await person.expects("尚未签收", timeout=0.01)
    soon = asyncio.create_task(call.ok("sendMessage", chat_id=person.id, text="尚未签收"))
    assert (await server.until(lambda: person.finds("尚未签收"))).text == "尚未签收"
    await soon


# --- over HTTP


class Web:
    def __init__(self, server, session):
        self.base = f"{server.page_url}phones/api"
        self.session = session

    async def get(self, path, **query):
        async with self.session.get(self.base + path, params=query) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def post(self, path, status=200, **body):
        async with self.session.post(self.base + path, json=body) as answer:
            assert answer.status == status, await answer.text()
            return await answer.json()


@pytest.fixture
async def http(server, call):
    return Web(server, call.session)


async def test_a_whole_story_over_http(call, http):
    person = (await http.post("/phones", name="王建国", label="A岗"))["id"]
    group = (await http.post("/groups", title="组", members=[person]))["id"]
    said = await http.post(f"/phones/{person}/say", text="/start CODE")
    assert said["message"]["text"] == "/start CODE"
    sheet = base64.b64encode("姓名\n王建国\n".encode()).decode()
    said = await http.post(f"/phones/{person}/document", name="通讯录.csv", content=sheet)
    assert said["message"]["document"] == "通讯录.csv"
    await http.post(f"/phones/{person}/document", 400, name="x.csv", content="no base64!")
    picture = (await http.post(f"/phones/{person}/photo", content=sheet))["message"]
    assert picture["document"] == "photo"
    waiting = asyncio.create_task(
        http.get(f"/phones/{person}/messages", chat_id=group, contains="待签收", wait=5)
    )
    await call.ok("sendMessage", chat_id=group, text="待签收", reply_markup=KEYS)
    (message,) = (await waiting)["items"]
    assert message["buttons"][0][0]["text"] == "✅ 签收"
    pressing = asyncio.create_task(
        http.post(
            f"/phones/{person}/press", chat_id=group, message_id=message["id"], label="签收", wait=5
        )
    )
    found = await hears(call, "callback_query")
    await call.ok("answerCallbackQuery", callback_query_id=found["id"], text="已签收")
    pressed = await pressing
    assert pressed["answer"] == {"text": "已签收", "show_alert": False, "url": None}
    assert (await http.get(f"/presses/{pressed['press_id']}"))["answer"]["text"] == "已签收"
    forged = {"chat_id": group, "message_id": message["id"], "data": "forged:1"}
    assert (await http.post(f"/phones/{person}/press", **forged))["answer"] is None
    new = (await http.post(f"/groups/{group}/migrate"))["id"]
    state = await http.get("/state", phone=person)
    assert [chat["id"] for chat in state["phones"][0]["chats"]] == [new, person]
    assert state["phones"][0]["label"] == "A岗"
    sends = await http.get("/calls", method="sendMessage")
    assert [item["outcome"] for item in sends["items"]] == ["ok"]


async def test_inline_over_http(call, http):
    person = (await http.post("/phones", name="王建国"))["id"]
    asking = asyncio.create_task(http.post(f"/phones/{person}/inline", query="甘"))
    found = await hears(call, "inline_query")
    content = {"message_text": "辽0211"}
    article = {"type": "article", "id": "1", "title": "甘井子", "input_message_content": content}
    await call.ok("answerInlineQuery", inline_query_id=found["id"], results=[article])
    listed = await asking
    assert [line["title"] for line in listed["results"]] == ["甘井子"]
    picked = await http.post(f"/phones/{person}/pick", query_id=listed["query_id"], result_id="1")
    assert picked["message"]["text"] == "辽0211"


async def test_groups_and_blocks_over_http(server, call, http):
    person = (await http.post("/phones", name="王建国"))["id"]
    other = (await http.post("/phones", name="李娜"))["id"]
    group = (await http.post("/groups", title="组", members=[person]))["id"]
    said = await http.post(f"/phones/{person}/say", text="/help", chat_id=group)
    message = {"chat_id": group, "message_id": said["message"]["id"]}
    await http.post(f"/phones/{person}/edit", **message, text="/find x")
    await http.post(f"/phones/{person}/forward", **message)
    await http.post(f"/phones/{person}/block")
    await http.post(f"/phones/{person}/block", blocked=False)
    for deed, body in (
        ("join", {"phone": other}),
        ("leave", {"phone": other}),
        ("kick-bot", {}),
        ("add-bot", {"admin": True}),
        ("anonymous", {"text": "匿名"}),
        ("channel", {"text": "频道"}),
    ):
        await http.post(f"/groups/{group}/{deed}", **body)
    await http.post("/banner", note="演练")
    assert (await http.get("/state"))["banner"] == {"note": "演练"}
    texts = [m.text for m in server.group(group).messages() if not m.service]
    assert texts == ["/find x", "匿名", "频道"]


async def test_what_a_person_cannot_do_is_an_error_over_http(server, call, http, person):
    path = f"/phones/{person.id}"
    assert "sees no button" in (await http.post(f"{path}/press", 409, label="签收"))["error"]
    await http.post("/phones/5/say", 404, text="x")
    await http.post(f"{path}/say", 404)
    await http.post("/phones", 400, name="x", user_id=person.id)
    await http.post("/groups/-5/migrate", 404)
    for path, status in (
        ("/state?phone=x", 400),
        ("/state?newest=x", 400),
        ("/presses/5", 404),
        ("/phones/5/messages", 404),
        (f"/phones/{person.id}/messages?chat_id=-5", 404),
    ):
        async with call.session.get(f"{http.base}{path}") as answer:
            assert answer.status == status, path
    async with call.session.post(f"{http.base}/banner", data={"note": "x"}) as answer:
        assert answer.status == 415, "a form on another page must not act here"


async def test_changes_are_announced_to_the_page(server, call, http, person):
    async with call.session.get(f"{http.base}/events") as stream:
        first = await asyncio.wait_for(stream.content.readuntil(b"\r\n\r\n"), 2)
        person.says("一")
        second = await asyncio.wait_for(stream.content.readuntil(b"\r\n\r\n"), 2)
    assert b"version" in first
    assert first != second
