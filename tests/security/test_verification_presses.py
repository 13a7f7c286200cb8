"""Who may say of whom that a card is right, or that somebody has left: made-up buttons, other courts, people cut off."""

import pytest
from sqlalchemy import select

from directory.change_models import Verification
from directory.models import Officer

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


@pytest.fixture
async def asked(app, liaoning, clock):
    """Askings of A and of the leader, both open; their numbers."""
    async with app.database.transaction() as session:
        rows = [
            Verification(officer_id=one.id, asked_at=clock.now(), state="asked", next_at=None)
            for one in (liaoning.a, liaoning.leader)
        ]
        session.add_all(rows)
    return [row.id for row in rows]


async def _state(app, number):
    async with app.database.reading() as session:
        return await session.scalar(select(Verification.state).where(Verification.id == number))


async def test_only_the_person_and_who_answers_for_the_card_may_answer(
    asked, liaoning, phones, app, clock, groups
):
    of_a, of_leader = asked
    phones.give("路人", "路人甲", 999)
    for name in ("B岗", "协作法院A岗", "路人"):
        phone = phones[name]
        await phone.says("/help")
        for action in ("ok", "left", "seen", "back", "all"):
            press = phone.phone.presses_data(f"verify:{action}:{of_a}", phone.phone.last())
            await clock.settle()
            assert "您不能更改此条目" in press.answered.text, (name, action)
    phone = phones["A岗"]
    await phone.says("/help")
    for data in ("verify:ok:99999", f"verify:ok:{'9' * 18}"):
        press = phone.phone.presses_data(data, phone.phone.last())
        await clock.settle()
        assert "此按钮已失效" in press.answered.text
    # In a group nothing of it works, not even one's own.
    await phone.says("/help", groups["辽72"])
    press = phone.phone.presses_data(f"verify:ok:{of_a}", phone.phone.last(groups["辽72"]))
    await clock.settle()
    assert "此按钮已失效" in press.answered.text
    assert [await _state(app, number) for number in asked] == ["asked", "asked"]
    # A answers for the cards of the court, the coordinator for those of the province; each once.
    press = phone.phone.presses_data(f"verify:ok:{of_leader}", phone.phone.last())
    await clock.settle()
    assert press.answered.text == "已核对，谢谢。"
    boss = phones["省级协调员"]
    await boss.says("/help")
    for number, answer in ((of_leader, "该操作此前已处理。"), (of_a, "已核对，谢谢。")):
        press = boss.phone.presses_data(f"verify:ok:{number}", boss.phone.last())
        await clock.settle()
        assert press.answered.text == answer


async def test_nobody_leaves_where_nobody_would_notice(asked, liaoning, phones, app, clock):
    async with app.database.transaction() as session:
        for one in (liaoning.leader, liaoning.coordinator):
            (await session.get_one(Officer, one.id)).telegram_id = None
    a = phones["A岗"]
    await a.says("/help")
    a.phone.presses_data(f"verify:left:{asked[0]}", a.phone.last())
    await clock.settle()
    await a.presses("确认已调离")
    a.expects("目前都联系不到，暂不能办理离任。请先电话告知省级协调员。")
    assert await _state(app, asked[0]) == "asked"
    async with app.database.reading() as session:
        assert (await session.get_one(Officer, liaoning.a.id)).left_at is None


async def test_the_nation_hears_of_it_where_the_province_has_nobody_else(
    asked, liaoning, phones, app, clock, builders
):
    """It sees to a successor, and gets no button: a province's people are the province's to decide on."""
    await builders.court("最高法", "最高人民法院", level="supreme", province="全国")
    phones.give_officer(
        "最高法协调员", await builders.officer("最高法", "郑平", "coordinator", 109)
    )
    async with app.database.transaction() as session:
        for one in (liaoning.leader, liaoning.coordinator):
            (await session.get_one(Officer, one.id)).telegram_id = None
    a = phones["A岗"]
    await a.says("/help")
    a.phone.presses_data(f"verify:left:{asked[0]}", a.phone.last())
    await clock.settle()
    await a.presses("确认已调离")
    told = phones["最高法协调员"].expects("【人员离任】")
    assert "请联系该省落实接任人员" in told.text
    assert told.buttons == []
    async with app.database.reading() as session:
        assert (await session.get_one(Officer, liaoning.a.id)).left_at is not None
