"""`/freshness`: everybody's own court, the leader's with names, a province by court, the nation by province; the table at a tap."""

import pytest

from directory import verification
from directory.models import Officer

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


async def test_each_sees_what_they_answer_for(liaoning, phones, app, builders, clock):
    highest = await builders.court("最高法", level="supreme", province="最高人民法院")
    nation = await builders.officer(highest, "魏国", "coordinator", 900)
    phones.give_officer("最高法协调员", nation)
    async with app.database.transaction() as session:
        officer = await session.get_one(Officer, liaoning.b.id)
        await verification.confirm(session, officer, by="辽72:李敏", now=clock.now())

    await phones["B岗"].says("/freshness")
    mine = phones["B岗"].expects(
        "通讯录准确度 大连海事法院（辽72） 在册 3 人，期内已核对 1 人（33%）"
    )
    assert "王建国" not in mine.text
    await phones["A岗"].says("/freshness")
    other = phones["A岗"].expects("大连海事法院（辽72） 期内未核对：王建国、赵强")

    boss = phones["省级协调员"]
    await boss.says("/freshness")
    boss.expects(
        "通讯录准确度 辽宁省 由低到高： 1. 辽宁省高级人民法院（辽） 核对 0/1 无B岗 2. 大连海事法院"
    )
    assert "表格" in await boss.presses("下载表格")
    assert boss.phone.last().document == "通讯录准确度 辽宁省 2019-08-19.xlsx"

    top = phones["最高法协调员"]
    await top.says("/language en")
    await top.says("/freshness")
    top.expects("Directory freshness: nation The worst first: 1. 最高人民法院")
    # A button that somebody else made up.
    phones["A岗"].phone.presses_data("freshness:file", other)
    await clock.settle()
    assert phones["A岗"].phone.last().document is None
