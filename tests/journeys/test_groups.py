"""Groups: an officer links one from inside, a group that nobody vouches for is left, hidden senders are nobody."""

import pytest

from directory.models import Court


@pytest.fixture
def new_group(app, telegram, phones, liaoning):
    """A group of Dalian's officers in which the bot is, linked to nothing."""
    people = [phones[name].phone for name in ("A岗", "B岗", "协作法院A岗")]
    return telegram.add_group("大连海事立案", people, announced=False)


async def linked_to(database, code="辽72"):
    async with database.reading() as session:
        court = await session.get(Court, code)
        return court.group_chat_id


async def test_an_officer_links_the_group_from_inside_and_pages_come_there(
    phones, new_group, groups, file_a_filing, database
):
    answer = await phones["A岗"].says("/link 辽72", new_group)
    assert "本群已关联到大连海事法院（辽72）" in answer.text
    assert "此前关联的群不再收到呼叫" in answer.text
    filing = await file_a_filing()
    phones["B岗"].expects(f"待签收 {filing.reference}", new_group)
    phones["B岗"].expects_nothing(filing.reference, groups["辽72"])


async def test_an_officer_of_another_court_cannot_link_it(phones, new_group, database):
    answer = await phones["协作法院A岗"].says("/link 辽72", new_group)
    assert "只有 大连海事法院 的人员或其省级协调员" in answer.text
    assert await linked_to(database) == -1001


async def test_a_group_serves_several_courts(phones, new_group, database):
    await phones["A岗"].says("/link 辽72", new_group)
    await phones["协作法院A岗"].says("/link 浙72", new_group)
    assert await linked_to(database) == await linked_to(database, "浙72") == new_group.id


async def test_an_officer_who_brings_the_bot_in_is_offered_the_link_as_a_button(
    app, telegram, clock, phones, liaoning, database
):
    group = telegram.add_group("新群", [phones["A岗"].phone], bot=False)
    group.add_bot(phones["A岗"].phone)
    await clock.settle()
    await phones["A岗"].presses("关联本群到大连海事法院", chat=group)
    phones["A岗"].expects("本群已关联到大连海事法院（辽72）", group)
    assert await linked_to(database) == group.id


async def test_a_group_that_nobody_vouches_for_is_left_and_the_coordinator_told(
    app, telegram, clock, phones, liaoning
):
    stranger = phones.give("路人", "路人")
    group = telegram.add_group("打听消息", [stranger.phone], bot=False)
    group.add_bot(stranger.phone)
    await clock.settle()
    assert not group.chat.has(telegram.world.bot.id)
    stranger.expects("尚无已关联账号的法院人员确认本群", group)
    phones["省级协调员"].expects("有未经核实的群：打听消息")


async def test_an_anonymous_administrator_and_a_channel_are_refused(
    clock, phones, new_group, database, telegram
):
    for speak in (new_group.says_anonymously, new_group.says_as_channel):
        speak("/link 辽72")
        await clock.settle()
        assert "匿名管理员和频道身份不被接受" in new_group.last().text
    assert await linked_to(database) == -1001


async def test_hidden_senders_neither_acknowledge_nor_file_nor_read_who_is_on_duty(
    clock, groups, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    group = groups["辽72"]
    for speak in (group.says_anonymously, group.says_as_channel):
        for words in (f"/ack {filing.reference}", "/file KY-9 浙72 辽72 执行", "/duty", "/pending"):
            speak(words)
            await clock.settle()
            assert "匿名管理员和频道身份不被接受" in group.last().text
    assert (await seen_by_api(filing.reference))["state"] == "waiting"
