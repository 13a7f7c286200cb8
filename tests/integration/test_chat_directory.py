"""Looking things up: courts for everybody, people and duty for linked officers, mobiles nearly never."""

import pytest

from bot.settings import Settings


@pytest.fixture
async def ready(app, groups):
    return app


async def test_a_court_is_found_by_code_name_and_part(ready, phones, builders):
    await builders.court("辽0211", phone="0411-1234", address="大连市<甘井子>路1号")
    for words in ("辽0211", "甘井子", "辽宁省大连市甘井子区人民法院"):
        await phones["A岗"].says(f"/find {words}")
        shown = phones["A岗"].phone.last().text
        assert "辽宁省大连市甘井子区人民法院（辽0211）" in shown
        assert "大连市<甘井子>路1号" in shown


async def test_several_courts_are_listed_and_the_own_province_comes_first(ready, phones, builders):
    await builders.court("京0102", "北京鼓楼区人民法院")
    await builders.court("辽0102", "沈阳鼓楼区人民法院")
    await phones["A岗"].says("/find 鼓楼区")
    shown = phones["A岗"].phone.last().text
    assert shown.split("\n") == [
        "“鼓楼区”可能是以下各项，请点选：",
        "1. 沈阳鼓楼区人民法院（辽0102）　辽宁省",
        "2. 北京鼓楼区人民法院（京0102）　北京市",
    ]


async def test_a_court_says_whether_it_is_open_and_who_is_on_duty(ready, clock, phones):
    await phones["协作法院A岗"].says("/court 辽72")
    text = phones["协作法院A岗"].expects("大连海事法院（辽72）").text
    assert "今日办公：08:30–11:30、13:30–17:00" in text
    assert "现为办公时间，至 11:30" in text
    assert "A岗　王建国　☎ 0411-8000101" in text
    await clock.advance(hours=2, minutes=30)
    await phones["协作法院A岗"].says("/duty 辽72")
    phones["协作法院A岗"].expects("现为非办公时间，13:30 开始")


async def test_a_court_without_anybody_says_so(ready, phones, builders):
    await builders.court("辽0211")
    await phones["A岗"].says("/duty 辽0211")
    phones["A岗"].expects("目前无人值班 省级协调员 周琳")


async def test_people_are_found_by_name_with_desk_phones_only(ready, phones, builders):
    await builders.officer("浙72", "王建国", "B", mobile="13800138000", desk_phone="0574-1")
    await phones["A岗"].says("/find 王建国")
    text = phones["A岗"].phone.last().text
    assert "王建国　大连海事法院（辽72）　A岗　☎ 0411-8000101" in text
    assert "王建国　宁波海事法院（浙72）　B岗　☎ 0574-1" in text
    assert text.index("辽72") < text.index("浙72")
    assert "138" not in text


async def test_words_are_no_wildcards(ready, phones):
    await phones["A岗"].says("/find %%")
    phones["A岗"].expects("没有找到“%%”")


async def test_duty_in_a_group_is_that_of_its_courts(ready, phones, groups):
    await phones["A岗"].says("/duty", groups["辽72"])
    phones["A岗"].expects("大连海事法院（辽72） 王建国 李敏 赵强", groups["辽72"])


async def test_inline_answers_are_personal_uncached_and_empty_for_strangers(ready, phones, clock):
    search = phones["A岗"].phone.inline("大连海事")
    await clock.settle()
    assert [line.title for line in search.listed] == ["大连海事法院（辽72）"]
    assert (search.answer["is_personal"], search.answer["cache_time"]) == (True, 0)
    stranger = phones.give("路人", "路人")
    assert await stranger.asks_inline("大连海事") == []


async def test_me_is_for_the_private_chat(ready, phones, groups):
    await phones["A岗"].says("/me", groups["辽72"])
    phones["A岗"].expects("请私聊机器人发送 /me", groups["辽72"])
    await phones["A岗"].says("/me")
    phones["A岗"].expects("王建国 大连海事法院（辽72） 岗位：A岗 0411-8000101")


async def test_language_is_per_person_and_the_group_keeps_its_own(ready, phones, groups):
    await phones["A岗"].says("/language en")
    phones["A岗"].expects("I will write to you in English")
    await phones["A岗"].says("/help")
    phones["A岗"].expects("When paged: press Acknowledge")
    await phones["A岗"].says("/help", groups["辽72"])
    phones["A岗"].expects("收到呼叫：点“签收”", groups["辽72"])
    await phones["A岗"].says("/language fr")
    phones["A岗"].expects("Say which language")


async def test_help_tells_strangers_only_what_they_can_do(ready, phones):
    stranger = phones.give("路人", "路人")
    await stranger.says("/help")
    assert "/file" not in stranger.phone.last().text
    await stranger.says("随便说说")
    stranger.expects("未能识别 /help")


class TestMobilesByRole:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"chat_phones": "role"})

    async def test_are_masked_in_lists_and_never_in_groups(self, ready, phones, groups, builders):
        await builders.officer("辽72", "钱八一", "B", mobile="13800138000")
        await phones["省级协调员"].says("/find 钱八一")
        phones["省级协调员"].expects("钱八一 138****8000")
        await phones["协作法院A岗"].says("/find 钱八一")
        phones["协作法院A岗"].expects("钱八一 138****8000")
        await phones["省级协调员"].says("/find 钱八一", groups["辽72"])
        assert "138" not in phones["省级协调员"].expects("钱八一", groups["辽72"]).text


async def test_words_as_long_as_a_message_are_answered(ready, phones):
    for command in ("/court", "/find", "/duty", "/leave", "/shift", "/pending"):
        said = await phones["A岗"].says(f"{command} " + "长" * 4080)
        assert "长长长" in said.text, command
