"""Filing from the chat: one line, a pasted table, step by step; by whom, and never twice."""

import pytest
from sqlalchemy import func, select

from notifications.models import Filing


@pytest.fixture
def filed(database):
    async def read():
        async with database.reading() as session:
            found = await session.scalars(select(Filing).order_by(Filing.reference))
            return [(f.reference, f.jurisdiction_court, f.case_type) for f in found]

    return read


@pytest.fixture
async def clerk(app, clock, phones, groups):
    return phones["协作法院A岗"]


async def test_one_line_files_at_once_and_pages_the_other_court(clerk, phones, groups, filed):
    await clerk.says("/file KY-7 浙72 辽72 民事一审")
    clerk.expects("已立案 KY-7 宁波海事法院 → 大连海事法院 民事一审 应于 10:00 前签收")
    assert await filed() == [("KY-7", "辽72", "civil_first_instance")]
    phones["A岗"].expects("待签收 KY-7")
    phones["A岗"].expects("待签收 KY-7", groups["辽72"])
    clerk.expects("待签收 KY-7 催办", groups["浙72"])


async def test_names_and_english_types_do_as_well_as_codes(clerk, filed):
    await clerk.says("/file KY-7，宁波海事法院，大连海事法院，enforcement")
    assert await filed() == [("KY-7", "辽72", "enforcement")]


async def test_the_same_line_again_is_told_and_files_nothing(clerk, filed):
    await clerk.says("/file KY-7 浙72 辽72 民事一审")
    await clerk.says("/file KY-7 浙72 辽72 民事一审")
    clerk.expects("未立案 KY-7 内容相同，无需重复立案")
    await clerk.says("/file KY-7 浙72 辽72 执行")
    clerk.expects("未立案 KY-7 已被另一件立案使用")
    assert len(await filed()) == 1


FAULTS = {
    "KY-7 辽72 浙72 执行": "您不能以大连海事法院的名义立案",
    "KY-7 浙72 浙72 执行": "不能是同一法院",
    "KY-7 浙72 辽9999 执行": "管辖法院“辽9999”查不到 /find",
    "KY-7 浙72 辽72 民事二审": "案件类型“民事二审”不在范围内 民事一审",
    "KY*7 浙72 辽72 执行": "编号“KY*7”不合规",
    "KY-7 浙72 辽72": "有 3 栏，应为 4 栏",
    "<b>KY 浙72 辽72 执行": "编号“<b>KY”不合规",
}


async def test_a_fault_names_the_field_and_the_remedy(clerk, filed):
    for line, said in FAULTS.items():
        clerk.expects_nothing(said)
        await clerk.says(f"/file {line}")
        clerk.expects(said)
    assert await filed() == []


async def test_an_ambiguous_court_is_offered_as_buttons_and_never_guessed(clerk, builders, filed):
    await builders.court("辽0106", "沈阳市铁西区人民法院")
    await builders.court("辽0303", "鞍山市铁西区人民法院")
    await clerk.says("/file KY-7 浙72 铁西区人民法院 执行")
    question = clerk.expects("铁西区人民法院 可能是 2 个法院")
    assert await filed() == []
    await clerk.presses("鞍山市铁西区人民法院（辽0303）", question)
    confirm = clerk.expects("请核对 鞍山市铁西区人民法院（辽0303）")
    await clerk.presses("立案（1 件）", confirm)
    assert await filed() == [("KY-7", "辽0303", "enforcement")]


PASTE = """案件类型\t编号\t管辖法院\t协作法院
民事一审\tKY-1\t辽72\t浙72
执行\tKY-2\t大连海事法院\t宁波海事法院
执行\tKY-3\t辽9999\t浙72
执行\tKY-1\t辽72\t浙72
"""


async def test_a_pasted_table_is_previewed_and_filed_by_one_tap(clerk, filed):
    await clerk.says(PASTE)
    preview = clerk.expects("可以立案 2 件，有问题 2 行")
    assert "第 4 行　KY-3：管辖法院“辽9999”查不到" in preview.text
    assert "第 5 行　KY-1：编号与第 2 行重复" in preview.text
    assert await filed() == []
    await clerk.presses("立案（2 件）", preview)
    clerk.expects("已立案 2 件，共 2 件 KY-1 KY-2")
    assert [reference for reference, *_ in await filed()] == ["KY-1", "KY-2"]


async def test_a_second_tap_files_nothing_more(clerk, database, telegram):
    await clerk.says(PASTE)
    preview = clerk.expects("可以立案 2 件")
    first, second = (clerk.phone.presses("立案", preview) for _ in range(2))
    await clerk.clock.settle()
    assert "已处理" in first.answered.text
    assert "此前已处理" in second.answered.text
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Filing)) == 2


async def test_a_preview_expires_and_can_be_cancelled(clerk, clock, filed):
    await clerk.says(PASTE)
    preview = clerk.expects("可以立案 2 件")
    await clock.advance(minutes=31)
    assert "已过期" in await clerk.presses("立案（2 件）", preview)
    await clerk.says(PASTE)
    await clerk.presses("取消", clerk.expects("可以立案 2 件"))
    clerk.expects("已取消，没有立案")
    assert await filed() == []


async def test_a_long_table_is_cut_politely_and_filed_whole(clerk, filed):
    rows = "\n".join(f"K{number} 浙72 辽72 执行" for number in range(100))
    bad = "\n".join(f"坏{number}" for number in range(100))
    await clerk.says(f"/file {rows}\n{bad}")
    preview = clerk.expects("可以立案 100 件，有问题 100 行 行未列出")
    assert len(preview.text) <= 4096
    await clerk.presses("立案（100 件）", preview)
    assert len(await filed()) == 100


async def test_step_by_step_asks_four_things_and_files_after_a_confirmation(clerk, filed):
    await clerk.says("/file")
    clerk.expects("请发送编号（1/4）")
    await clerk.says("KY*")
    clerk.expects("编号“KY*”不合规 请发送编号")
    await clerk.says("KY-9")
    await clerk.presses("宁波海事法院（浙72）")
    await clerk.says("大连海事")
    await clerk.presses("民事一审")
    confirm = clerk.expects("请核对 KY-9 宁波海事法院（浙72） 大连海事法院（辽72） 民事一审")
    assert await filed() == []
    await clerk.presses("立案（1 件）", confirm)
    assert await filed() == [("KY-9", "辽72", "civil_first_instance")]
    clerk.expects("已立案 KY-9")


async def test_step_by_step_works_in_a_group_by_replying(clerk, groups, filed):
    home = groups["浙72"]
    await clerk.says("/file", home)
    question = clerk.expects("请发送编号 回复", home)
    await clerk.says("KY-9", home, reply_to=question)
    await clerk.presses("宁波海事法院（浙72）", chat=home)
    await clerk.says("辽72", home, reply_to=clerk.expects("管辖法院（有管辖权的法院）", home))
    await clerk.presses("执行", chat=home)
    await clerk.presses("立案（1 件）", chat=home)
    assert await filed() == [("KY-9", "辽72", "enforcement")]


async def test_an_old_question_s_button_is_dead(clerk):
    await clerk.says("/file KY-9 浙72 辽72 执行")
    await clerk.says("/file")
    await clerk.says("KY-10")
    old = clerk.expects("协作法院（接收材料的法院）")
    await clerk.presses("宁波海事法院（浙72）", old)
    assert "已失效" in await clerk.presses("宁波海事法院（浙72）", old)
    await clerk.says("/cancel")
    clerk.expects("已取消，没有立案")


async def test_a_coordinator_files_for_any_court_of_the_province(phones, clerk, filed):
    await phones["省级协调员"].says("/file KY-8 辽72 浙72 执行")
    assert await filed() == [("KY-8", "浙72", "enforcement")]
    await phones["省级协调员"].says("/file KY-9 浙72 辽72 执行")
    phones["省级协调员"].expects("您不能以宁波海事法院的名义立案")


async def test_strangers_and_technicians_file_nothing(clerk, phones, builders, filed):
    stranger = phones.give("路人", "路人")
    await stranger.says("/file KY-1 浙72 辽72 执行")
    stranger.expects("未关联任何人员")
    await stranger.says(PASTE)
    phones.give_officer(
        "技术", await builders.officer("浙72", "周技", "technician", telegram_id=777)
    )
    await phones["技术"].says("/file KY-1 浙72 辽72 执行")
    phones["技术"].expects("您今日没有可办理立案的岗位")
    assert await filed() == []
