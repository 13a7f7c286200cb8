"""Who may press the buttons of answering: a return's reason, sending on, several at once, invitations; own, others', expired."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from directory.models import Invitation
from notifications.models import Filing


@pytest.fixture
async def cast(builders, phones, groups, liaoning):
    """Everybody has a phone and sits in both groups, whoever they are."""
    await builders.court("辽02")
    court = await builders.court("辽0211")
    phones.give_officer("他院A岗", await builders.officer(court, "张伟", "A", 301))
    dalian = liaoning.jurisdiction
    phones.give_officer("技术人员", await builders.officer(dalian, "何工", "technician", 302))
    phones.give_officer("协作省协调员", await builders.officer("浙", "沈涛", "coordinator", 303))
    phones.give("陌生人", "路人", 304)
    for group in groups.values():
        for name in phones:
            if phones[name].phone.user.id not in {101, 102, 103, 104, 105}:
                group.joined_by(phones[name].phone)
    groups["浙72"].joined_by(phones["A岗"].phone)
    return phones


async def stored(database, filing_id) -> Filing:
    async with database.reading() as session:
        return await session.get_one(Filing, filing_id)


async def test_the_reason_of_a_return_is_its_authors_alone(cast, groups, database, file_a_filing):
    filing = await file_a_filing()
    group = groups["辽72"]
    await cast["A岗"].presses("签收", chat=group)
    await cast["A岗"].presses("退回", chat=group)
    for name in ("B岗", "带班领导", "省级协调员", "技术人员", "他院A岗", "陌生人"):
        said = await cast[name].presses("不属本院管辖", chat=group)
        assert said == "只有发起人可以点此按钮。", name
        assert (await stored(database, filing.id)).return_reason is None, name


async def test_the_reason_is_asked_for_ten_minutes_and_not_of_who_lost_the_post(
    cast, clock, groups, database, file_a_filing, liaoning
):
    filing = await file_a_filing()
    await cast["A岗"].presses("签收")
    await cast["A岗"].presses("退回")
    await clock.advance(minutes=10)
    assert "已过期" in await cast["A岗"].presses("不属本院管辖")
    other = await file_a_filing()
    await cast["A岗"].presses("签收", cast["A岗"].expects(f"编号 {other.reference}"))
    await cast["A岗"].presses("退回", cast["A岗"].expects(f"编号 {other.reference}"))
    async with database.transaction() as session:
        (await session.merge(liaoning.a)).left_at = clock.now()
    said = await cast["A岗"].presses("不属本院管辖", cast["A岗"].expects(f"{other.reference} 原因"))
    assert said.startswith("您的聊天账号未关联任何人员")
    for one in (filing, other):
        assert (await stored(database, one.id)).return_reason is None


@pytest.mark.parametrize("who_may", ["协作法院A岗", "协作省协调员"])
async def test_only_the_court_that_filed_sends_on(cast, groups, database, file_a_filing, who_may):
    filing = await file_a_filing()
    await cast["A岗"].presses("签收")
    await cast["A岗"].presses("退回")
    await cast["A岗"].presses("不属本院管辖")
    await cast["A岗"].says("辽0211")
    home, there = groups["浙72"], "转送 辽宁省大连市甘井子区人民法院"
    for name in ("A岗", "他院A岗", "技术人员", "陌生人"):
        for label in (there, "其他法院…"):
            said = await cast[name].presses(label, chat=home)
            assert not said.startswith("已转送"), name
        assert (await stored(database, filing.id)).next_id is None, name
    assert (await cast[who_may].presses(there, chat=home)).startswith("已转送")
    assert (await stored(database, filing.id)).next_id is not None


async def test_somebody_elses_question_for_a_court_is_not_answered_for_them(
    cast, groups, database, file_a_filing
):
    filing = await file_a_filing()
    await cast["A岗"].presses("签收")
    await cast["A岗"].presses("退回")
    home = groups["浙72"]
    await cast["协作法院A岗"].presses("转送其他法院…", chat=home)
    question = cast["协作法院A岗"].expects("写明要转送的法院", home)
    await cast["他院A岗"].says("辽0211", home, question)
    cast["协作法院A岗"].expects_nothing("请点选法院", home)
    await cast["协作法院A岗"].says("辽0211", home, question)
    said = await cast["协作省协调员"].presses(
        "转送 辽宁省大连市甘井子区人民法院（辽0211）", chat=home
    )
    assert said == "只有发起人可以点此按钮。"
    assert (await stored(database, filing.id)).next_id is None


async def test_several_at_once_are_answered_by_nobody_else(cast, groups, database, file_a_filing):
    filing = await file_a_filing()
    group = groups["辽72"]
    group.joined_by(cast["协作法院A岗"].phone)
    for name in ("陌生人", "技术人员", "他院A岗", "协作法院A岗"):
        await cast["A岗"].says("/pending", group)
        await cast["A岗"].presses("☐ 1", chat=group)
        for label in ("☑ 1", "全选", "签收所选（1）"):
            await cast[name].presses(label, chat=group)
        assert (await stored(database, filing.id)).state == "waiting", name
        shown = cast["A岗"].expects("未办结 1 件", group)
        assert "☑ 1" in shown.labels or name != "陌生人"


async def test_a_list_of_yesterday_answers_nothing(cast, clock, database, file_a_filing):
    filing = await file_a_filing()
    await cast["A岗"].says("/pending")
    await cast["A岗"].presses("☐ 1")
    await clock.advance(days=1)
    assert "已过期" in await cast["A岗"].presses("签收所选（1）")
    assert (await stored(database, filing.id)).state == "waiting"


async def test_an_invitation_is_made_for_the_own_province_within_a_day(
    cast, builders, clock, database, liaoning, app
):
    await builders.officer(liaoning.jurisdiction, "孙丽", "B")
    await clock.to(datetime(2019, 8, 20, 1, tzinfo=UTC))
    report = cast["省级协调员"].expects("每日送达情况")
    button = report.buttons[0][0]
    for name in ("A岗", "协作省协调员", "陌生人"):
        await cast[name].says("/help")
        press = cast[name].phone.presses_data(button.data, cast[name].phone.last())
        await clock.settle()
        assert press.answered.show_alert
    await clock.advance(days=1)
    # The next morning's report takes the place of this one.
    assert "此前已处理" in await cast["省级协调员"].presses("邀请 1", report)
    async with database.reading() as session:
        assert (await session.scalars(select(Invitation))).all() == []
