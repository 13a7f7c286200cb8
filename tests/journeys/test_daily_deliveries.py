"""Every morning the coordinator hears what did not arrive and who was never linked, and invites them with a tap."""

import re

import pytest


@pytest.fixture
async def unlinked(builders, liaoning):
    """An officer of post B who never linked an account."""
    return await builders.officer(liaoning.jurisdiction, "孙丽", "B")


async def test_the_coordinator_gets_a_fresh_link_to_pass_on_and_it_works(
    unlinked, clock, beijing, phones, file_a_filing
):
    phones["A岗"].phone.blocks_bot()
    await file_a_filing()
    await beijing("09:00", day=20)
    report = phones["省级协调员"].expects("每日送达情况 过去一天未送达 1 次 孙丽（B岗） 未关联")
    assert "王建国（A岗） 未送达：聊天账号无法送达 1 次" in report.text.replace("　", " ")
    number = re.search(r"(\d)\. \S+　孙丽", report.text)[1]
    said = await phones["省级协调员"].presses(f"邀请 {number}", report)
    assert said == "已生成 1 个邀请链接，请转发给本人。"
    invitation = phones["省级协调员"].expects("邀请 孙丽（大连海事法院）")
    code = invitation.text.rpartition("start=")[2]
    phones.give("孙丽", "孙丽", 401)
    await phones["孙丽"].says(f"/start {code}")
    phones["孙丽"].expects("已关联：孙丽")
    phones.give("别人", "别人", 402)
    await phones["别人"].says(f"/start {code}")
    phones["别人"].expects_nothing("已关联")
    assert "无需邀请" in await phones["省级协调员"].presses(f"邀请 {number}", report)


async def test_all_that_are_listed_are_invited_with_one_tap(
    unlinked, builders, liaoning, beijing, phones, app
):
    await builders.officer(liaoning.jurisdiction, "马超", "leader")
    await beijing("09:00", day=20)
    await phones["省级协调员"].presses("邀请以上全部")
    phones["省级协调员"].expects("邀请 孙丽（大连海事法院）")
    phones["省级协调员"].expects("邀请 马超（大连海事法院）")


async def test_a_coordinator_is_told_of_their_own_province_alone_and_of_nothing_when_all_is_well(
    builders, liaoning, beijing, phones, app
):
    await builders.court("沪")
    await builders.court("沪72")
    await builders.officer("沪72", "顾明", "A")
    phones.give_officer("沪协调员", await builders.officer("沪", "徐静", "coordinator", 501))
    await beijing("09:00", day=20)
    phones["省级协调员"].expects_nothing("每日送达情况")
    phones["沪协调员"].expects("每日送达情况 顾明（A岗）")


async def test_who_coordinates_no_more_invites_nobody(
    unlinked, database, clock, beijing, phones, liaoning, app
):
    await beijing("09:00", day=20)
    async with database.transaction() as session:
        coordinator = await session.merge(liaoning.coordinator)
        coordinator.left_at = clock.now()
    said = await phones["省级协调员"].presses("邀请 1")
    assert said.startswith("您的聊天账号未关联任何人员")
    phones["省级协调员"].expects_nothing("邀请 孙丽（大连海事法院）")
