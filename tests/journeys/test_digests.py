"""The morning line, a court's day, a province's, a leader's week: once each, when their readers want them."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.desk import filer, running


@pytest.fixture
def jump(clock):
    """`await jump("17:00", day=23)`: to that time of August 2019 at once, as if nothing had run in between."""

    async def to(time, day=19):
        hour, minute = map(int, time.split(":"))
        clock.jump(datetime(2019, 8, day, hour, minute, tzinfo=UTC) - timedelta(hours=8))
        await clock.settle()

    return to


@pytest.mark.parametrize("engine_name", ["sqlite"])  # words and taps; the rows are on both
async def test_an_officer_looks_at_the_day_and_has_the_morning_line_come_at_nine(
    liaoning, phones, groups, clock, jump, app, file_a_filing
):
    a, b = phones["A岗"], phones["B岗"]
    filing = await file_a_filing()
    await a.says("/today")
    shown = a.expects("【今日情况】8月19日（周一） 今日值班：大连海事法院 A岗 待您处理 1 件：")
    assert f"· {filing.reference}　应于 10:00 前签收" in shown.text
    assert (
        "【每日小结】大连海事法院　8月19日（周一）\n收到 1 件：待签收 1\n尚未办结 1 件，见上"
        in shown.text
    )
    assert shown.text.endswith("截至 09:30")
    await a.presses("⏰ 早间提醒")
    a.expects("早间提醒设置 逢工作日 上班时 无事的日子不发送")
    await a.presses("09:00")
    a.expects("早间提醒设置 逢工作日 09:00")
    await b.says("/today")
    b.expects("【今日情况】8月19日（周一） 今日值班：大连海事法院 B岗 没有待您处理的立案。")
    # Any other time is typed.
    assert "未能识别时间" in (await a.says("/today 早上")).text
    typed = await a.says("/today 8:50")
    assert "✓ 08:50" in typed.labels
    await a.presses("09:00", typed)
    await phones["带班领导"].says("/today 17：20", groups["辽72"])
    phones["带班领导"].expects("本院每日小结设置 逢工作日 17:20", groups["辽72"])
    assert "只有本院带班领导" in (await b.says("/today 17:40", groups["辽72"])).text
    await a.presses("签收", a.expects(f"到达时间 {filing.reference}"))
    await jump("08:59", day=20)
    a.expects_nothing("【早间提醒】8月20日")
    await clock.advance(minutes=1)
    a.expects(f"【早间提醒】8月20日（周二） 待您处理 1 件，其中 1 件已超时： · {filing.reference}")
    # Who took nothing and stands there as yesterday has nothing to hear.
    b.expects_nothing("【早间提醒】8月20日")


async def test_a_court_s_day_that_ended_during_an_outage_is_told_once(
    liaoning, phones, groups, clock, settings
):
    a, group = phones["A岗"], groups["辽72"]
    async with running(settings, clock, first_start=True) as app:
        filing = await filer(app, clock, liaoning)()
        await clock.advance(minutes=4)
        await a.presses("签收", a.expects(filing.reference))
        await clock.advance(minutes=1)
        await a.presses("登记立案", a.expects(filing.reference))
    clock.jump(clock.now() + timedelta(hours=21))
    for _ in range(2):
        async with running(settings, clock):
            await clock.advance(minutes=1)
    told = a.expects("【每日小结】大连海事法院　8月19日（周一）", group)
    assert told.text.splitlines()[1:] == [
        "收到 1 件：按期签收 1，签收平均用时 4 分钟",
        "没有未办结的立案。",
        "8月20日（周二）值班：王建国（A岗）、李敏（B岗）、赵强（带班领导）",
    ]
    assert a.count("【每日小结】", group) == 1
    # Two days on nobody is told of a day that is long over.
    clock.jump(clock.now() + timedelta(days=2, hours=4))
    async with running(settings, clock):
        assert a.count("【每日小结】", group) == 1


@pytest.mark.parametrize("engine_name", ["sqlite"])  # words and taps; the rows are on both
async def test_an_empty_day_is_silent_unless_the_leader_wants_it_otherwise(
    liaoning, phones, groups, clock, jump, app
):
    leader, a, group = phones["带班领导"], phones["A岗"], groups["辽72"]
    await jump("17:00")
    a.expects_nothing("【每日小结】", group)
    a.expects_nothing("【")
    phones["省级协调员"].expects_nothing("【每日综述】")
    await leader.says("/today", group)
    leader.expects("没有收到立案 没有未办结的立案。", group)
    assert (
        await a.presses("⏰ 本院每日小结", chat=group) == "只有本院带班领导和省级协调员可以更改。"
    )
    await leader.presses("⏰ 本院每日小结", chat=group)
    await leader.presses("无事也发", chat=group)
    leader.expects("本院每日小结设置 逢工作日 下班时 无事的日子也发送", group)
    await jump("16:59", day=20)
    await clock.advance(minutes=1)
    leader.expects("【每日小结】大连海事法院　8月20日（周二） 没有收到立案", group)
    await leader.presses("⏰ 设置", chat=group)
    await leader.presses("停发", chat=group)
    await jump("17:01", day=21)
    leader.expects_nothing("8月22日（周四）值班", group)


async def test_the_week_s_last_day_tells_leader_and_coordinator_where_they_stand(
    liaoning, builders, phones, groups, clock, jump, app, file_a_filing
):
    coordinator, leader = phones["省级协调员"], phones["带班领导"]
    await builders.officer(await builders.court("辽0211"), "孙丽", "A")
    filing = await file_a_filing()
    await phones["A岗"].presses("签收", phones["A岗"].expects(filing.reference))
    await coordinator.says("/language en")
    await jump("16:50", day=23)
    new = await file_a_filing()
    await jump("17:00", day=23)
    week = leader.expects("【每周小结】大连海事法院　8月19日（周一）至8月23日（周五）")
    assert "收到 2 件：按期签收 1，待签收 1，签收平均用时 0 分钟\n按期率 100%" in week.text
    # Of what is open the late one alone is a leader's matter.
    assert f"尚未办结 2 件，其中 1 件已超时：\n· {filing.reference}" in week.text
    assert new.reference not in week.text
    assert "下周值班：\n8月26日（周一）至8月30日（周五）　王建国" in week.text
    said = coordinator.expects("[DAILY OVERVIEW] 辽宁省 Fri 23 Aug")
    assert said.text.splitlines()[1:] == [
        "Received: 1 (waiting 1)",
        "Waiting now: 1, none overdue",
        "⚠️ Courts where nobody can be paged today: 1 (辽宁省大连市甘井子区人民法院)",
    ]


@pytest.mark.parametrize("engine_name", ["sqlite"])  # words and taps; the rows are on both
async def test_courts_that_share_a_group_are_told_and_settled_in_one_message(
    liaoning, builders, phones, groups, jump, app, database, file_a_filing
):
    coordinator, leader, group = phones["省级协调员"], phones["带班领导"], groups["辽72"]
    group.joined_by(coordinator.phone)
    for code in ("辽0211", "辽0212"):
        await builders.court(code, group_chat_id=group.id)
    filing = await file_a_filing()
    await coordinator.says("/today", group)
    shown = coordinator.expects("【每日小结】3 家法院　8月19日（周一）", group)
    assert "大连海事法院\n收到 1 件：待签收 1\n尚未办结 1 件，均未超时\n" in shown.text
    assert "没有收到立案，也没有未办结的 2 家：" in shown.text
    assert shown.text.endswith("截至 09:30")
    assert coordinator.count("【每日小结】", group) == 1
    # A leader settles the own court's alone, whichever button it is.
    await leader.presses("⏰ 本院每日小结", shown, group)
    leader.expects_nothing("一并更改", group)
    await coordinator.presses("⏰ 本院每日小结", shown, group)
    coordinator.expects("本院每日小结设置 本群 3 家法院一并更改", group)
    await coordinator.presses("无事也发", chat=group)
    await coordinator.presses("17:30", chat=group)
    await jump("17:29")
    assert coordinator.count("【每日小结】", group) == 1
    await jump("17:31")
    told = coordinator.expects(f"【每日小结】3 家法院 {filing.reference}", group)
    assert told.labels == ["⏰ 设置"]
    assert coordinator.count("【每日小结】", group) == 2
