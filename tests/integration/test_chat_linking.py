"""Accounts by invitation, groups by their officers; groups nobody vouches for; being blocked and put out."""

import pytest

from directory import officers
from directory.models import Court, Officer


@pytest.fixture
async def ready(app, groups):
    return app


@pytest.fixture
def stored(database):
    async def read(kind, key):
        async with database.reading() as session:
            return await session.get_one(kind, key)

    return read


async def invited(database, clock, officer):
    async with database.transaction() as session:
        held = await session.get_one(Officer, officer.id)
        return await officers.invite(session, held, now=clock.now())


async def test_an_invitation_links_and_says_what_happens_next(
    ready, builders, database, clock, phones, stored
):
    officer = await builders.officer("辽72", "新人", "B")
    code = await invited(database, clock, officer)
    device = phones.give("新人", "新人", started=False)
    device.phone.start(code)
    await clock.settle()
    shown = device.expects("✅ 已关联：新人")
    assert shown.text.split("\n")[1] == "大连海事法院　B岗"
    assert len(shown.text.split("\n")) == 4
    assert (await stored(Officer, officer.id)).telegram_id == device.id


async def test_a_wrong_code_and_no_code_say_how_to_get_one(ready, phones):
    stranger = phones.give("路人", "路人")
    await stranger.says("/start")
    stranger.expects("请向本院管理员索取邀请链接")
    for _ in range(5):
        await stranger.says("/start wrong")
        stranger.expects("邀请码无效、已用过或已过期")
    await stranger.says("/start wrong")
    stranger.expects("邀请码错误次数过多，请于 09:45 后再试")


async def test_a_code_in_a_group_is_not_taken(ready, builders, database, clock, phones, groups):
    code = await invited(database, clock, await builders.officer("辽72", "新人", "B"))
    await phones["A岗"].says(f"/start {code}", groups["辽72"])
    phones["A岗"].expects("不要在群内发送邀请码", groups["辽72"])


async def test_an_officer_s_group_is_greeted_and_linked_by_its_button(
    ready, telegram, clock, phones, stored
):
    group = telegram.add_group("新群", [phones["A岗"].phone], supergroup=True)
    await clock.settle()
    greeting = group.last()
    assert greeting.labels == ["关联本群到大连海事法院"]
    assert await phones["A岗"].presses("关联本群", greeting, group) == "已关联。"
    assert "本群已关联到大连海事法院（辽72）" in group.last().text
    assert (await stored(Court, "辽72")).group_chat_id == group.id


async def test_a_button_pressed_by_another_court_s_officer_links_nothing(
    ready, telegram, clock, phones, stored
):
    people = [phones["A岗"].phone, phones["协作法院A岗"].phone]
    group = telegram.add_group("新群", people, supergroup=True)
    await clock.settle()
    said = await phones["协作法院A岗"].presses("关联本群", chat=group)
    assert said == "只有 大连海事法院 的人员或其省级协调员可以把本群关联到该院。"
    assert (await stored(Court, "辽72")).group_chat_id == -1001


async def test_link_by_command_checks_who_vouches(ready, telegram, clock, phones, stored):
    people = [phones["省级协调员"].phone, phones["协作法院A岗"].phone]
    group = telegram.add_group("新群", people, supergroup=True)
    await clock.settle()
    await phones["协作法院A岗"].says("/link 辽72", group)
    assert "只有 大连海事法院 的人员" in group.last().text
    await phones["省级协调员"].says("/link 大连海事法院", group)
    assert "本群已关联到大连海事法院" in group.last().text
    assert "此前关联的群不再收到呼叫" in group.last().text
    assert (await stored(Court, "辽72")).group_chat_id == group.id


async def test_a_group_nobody_vouches_for_is_left_and_the_coordinators_hear_of_it_once(
    ready, telegram, clock, phones
):
    stranger = phones.give("路人", "路人")
    group = telegram.add_group("可疑群", [stranger.phone], supergroup=True)
    await clock.settle()
    assert "尚无已关联账号的法院人员确认本群" in group.last().text
    assert group.chat.status_of(telegram.world.bot.id) == "left"
    phones["省级协调员"].expects("有未经核实的群：可疑群")
    telegram.add_group("又一个", [stranger.phone], supergroup=True)
    await clock.settle()
    assert phones["省级协调员"].count("未经核实") == 1


async def test_being_put_out_of_a_linked_group_is_told_and_mended_by_coming_back(
    ready, clock, phones, groups, stored
):
    groups["辽72"].kick_bot(phones["A岗"].phone)
    await clock.settle()
    assert (await stored(Court, "辽72")).group_unreachable_at == clock.now()
    phones["省级协调员"].expects("大连海事法院的群无法送达")
    groups["辽72"].add_bot(phones["A岗"].phone)
    await clock.settle()
    assert (await stored(Court, "辽72")).group_unreachable_at is None
    assert "机器人已重新入群" in groups["辽72"].last().text


async def test_blocking_and_unblocking_is_noted(ready, clock, phones, liaoning, stored):
    phones["A岗"].phone.blocks_bot()
    await clock.settle()
    assert (await stored(Officer, liaoning.a.id)).blocked_at == clock.now()
    phones["A岗"].phone.unblocks_bot()
    await clock.settle()
    assert (await stored(Officer, liaoning.a.id)).blocked_at is None


@pytest.mark.parametrize("first_start", [True])
async def test_menus_are_set_in_two_languages_and_for_two_kinds_of_chats(ready, telegram):
    calls = telegram.calls_of("setMyCommands")
    assert len(calls) == 6
    private = telegram.world.commands
    assert len(private) == 6
    names = {command["command"] for menu in private.values() for command in menu}
    promised = (
        "start help find court link duty file pending ack nudge swap handover notice drill ask today "
        "report web me language"
    )
    assert set(promised.split()) <= names
