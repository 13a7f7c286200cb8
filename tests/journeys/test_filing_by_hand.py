"""`/file`: one line, or step by step with buttons, as good as an interface."""

import pytest
from sqlalchemy import select

from notifications.models import Filing


@pytest.fixture
async def more_courts(builders, liaoning):
    await builders.court("辽0106", "辽宁省沈阳市铁西区人民法院", city="沈阳市", county="铁西区")
    await builders.court("辽0303", "辽宁省鞍山市铁西区人民法院", city="鞍山市", county="铁西区")


@pytest.fixture
def clerk(app, phones, groups, more_courts):
    """The officer of the court that receives the papers."""
    return phones["协作法院A岗"]


async def stored(database):
    async with database.reading() as session:
        return list(await session.scalars(select(Filing).order_by(Filing.id)))


async def test_one_line_files_and_pages(clerk, phones, groups, seen_by_api):
    await clerk.says("/file （2019）浙72跨1号 浙72 辽72 民事一审")
    answer = clerk.expects("✅ 已立案 （2019）浙72跨1号")
    assert "应于 10:00 前签收" in answer.text
    phones["A岗"].expects("待签收 （2019）浙72跨1号")
    seen = await seen_by_api("（2019）浙72跨1号")
    assert seen["case_type"] == "civil_first_instance"
    assert seen["events"][0]["who"] == "陈洁（A岗）"


async def test_whoever_filed_is_told_directly_of_the_answer(clerk, phones, groups):
    await clerk.says("/file KY-1 浙72 辽72 执行")
    await phones["A岗"].presses("签收")
    clerk.expects("已签收 KY-1 王建国")
    clerk.expects("已签收 KY-1 王建国", groups["浙72"])


async def test_the_same_line_again_files_nothing_and_another_content_is_a_conflict(clerk, database):
    await clerk.says("/file KY-1 浙72 辽72 执行")
    again = await clerk.says("/file KY-1 浙72 辽72 执行")
    assert "此编号已立案，内容相同" in again.text
    other = await clerk.says("/file KY-1 浙72 辽0106 执行")
    assert "编号已被另一件立案使用" in other.text
    assert len(await stored(database)) == 1


async def test_step_by_step_an_ambiguous_name_is_offered_as_buttons(clerk, phones, database):
    asked = await clerk.says("/file")
    assert "请发送编号" in asked.text
    asked = await clerk.says("KY-2019-000777")
    await clerk.presses("宁波海事法院（浙72）", asked)
    asked = await clerk.says("铁西区人民法院")
    assert "可能是 2 个法院" in asked.text
    assert asked.labels[:2] == [
        "辽宁省沈阳市铁西区人民法院（辽0106）",
        "辽宁省鞍山市铁西区人民法院（辽0303）",
    ]
    await clerk.presses("辽宁省鞍山市铁西区人民法院（辽0303）", asked)
    await clerk.presses("执行", clerk.expects("案件类型：请点按钮"))
    check = clerk.expects("请核对 KY-2019-000777")
    assert "管辖法院：辽宁省鞍山市铁西区人民法院（辽0303）" in check.text
    assert await stored(database) == []
    await clerk.presses("立案（1 件）", check)
    clerk.expects("✅ 已立案 KY-2019-000777")
    [filing] = await stored(database)
    assert (filing.jurisdiction_court, filing.case_type) == ("辽0303", "enforcement")
    assert filing.filed_by == "陈洁（A岗）"


async def test_one_line_with_an_ambiguous_name_asks_only_for_what_is_unclear(clerk, database):
    asked = await clerk.says("/file KY-8 浙72 铁西区人民法院 执行")
    assert "可能是 2 个法院" in asked.text
    await clerk.presses("辽宁省沈阳市铁西区人民法院（辽0106）", asked)
    await clerk.presses("立案（1 件）", clerk.expects("请核对 KY-8"))
    [filing] = await stored(database)
    assert filing.jurisdiction_court == "辽0106"


async def test_a_filing_begun_is_given_up_with_cancel(clerk, database):
    await clerk.says("/file")
    await clerk.says("KY-2019-000777")
    answer = await clerk.says("/cancel")
    assert "已取消，没有立案。" in answer.text
    assert "未能识别" in (await clerk.says("宁波海事法院")).text
    assert await stored(database) == []


async def test_step_by_step_in_a_group_answers_are_replies(clerk, groups, database):
    home = groups["浙72"]
    asked = await clerk.says("/file", home)
    asked = await clerk.says("KY-5", home, reply_to=asked)
    await clerk.presses("宁波海事法院（浙72）", asked, home)
    asked = clerk.expects("请发送代字或名称", home)
    asked = await clerk.says("辽72", home, reply_to=asked)
    await clerk.presses("执行", asked, home)
    await clerk.presses("立案（1 件）", chat=home)
    clerk.expects("✅ 已立案 KY-5", home)
    assert len(await stored(database)) == 1


async def test_an_officer_files_for_no_other_court_but_the_coordinator_for_the_province(
    clerk, phones, database
):
    answer = await phones["A岗"].says("/file KY-1 浙72 辽72 执行")
    assert "您不能以宁波海事法院的名义立案" in answer.text
    await phones["省级协调员"].says("/file KY-2 辽72 浙72 执行")
    phones["省级协调员"].expects("✅ 已立案 KY-2")
    [filing] = await stored(database)
    assert filing.reference == "KY-2"


async def test_a_stranger_files_nothing_and_is_told_how_to_be_linked(clerk, phones, database):
    phones.give("路人", "路人")
    answer = await phones["路人"].says("/file KY-1 浙72 辽72 执行")
    assert "邀请链接" in answer.text
    assert await stored(database) == []
